import { parseAddress } from './address.ts'
import { checked, inRange, invalid } from './errors.ts'
import { interfaceIndex, interfaceNameBytes, zoneIndex } from './interfaces.ts'
import * as linux from './native.ts'
import { type Native, OPTION, type OptionName } from './native.ts'
import { FIELD, Rows } from './rows.ts'

/**
 * What the kernel does about the path's MTU (ip(7) `IP_MTU_DISCOVER`): `off` fragments whatever is too large, `want` asks
 * the path and fragments what is known to be too large, `on` refuses it with `EMSGSIZE`, `probe` sends it regardless.
 */
export type PathMtuDiscovery = 'off' | 'want' | 'on' | 'probe'

/** A UDP socket to open. */
export interface UdpSocketOptions {
  /** Numeric address to bind to; a link-local one with its zone, `fe80::1%eth0`. */
  readonly address: string
  /** Port to bind to. 0: any that is free. */
  readonly port: number
  /** Name of the one interface to hear and to send on (`SO_BINDTODEVICE`). Default: all. */
  readonly device?: string
  /** Whether others may bind the same address and port. Default: false. See `setReuseAddress` for sockets given to node:dgram. */
  readonly reuseAddress?: boolean
  /** Whether an IPv6 socket leaves IPv4 alone. Default: true, as node:dgram's `ipv6Only`. */
  readonly ipv6Only?: boolean
  /** Whether it may send to broadcast addresses. Default: false. */
  readonly broadcast?: boolean
  /** Default: the host's own (`net.ipv4.ip_no_pmtu_disc`), normally `want`. */
  readonly pathMtuDiscovery?: PathMtuDiscovery
  /** Cut what is sent into datagrams of so many bytes (`UDP_SEGMENT`). Default: 0, whole. */
  readonly segmentBytes?: number
  /** Size of the receive buffer, beyond `net.core.rmem_max` where the process has CAP_NET_ADMIN. Default: the host's own. */
  readonly receiveBufferBytes?: number
  /** Whether readers learn each datagram's interface and destination. Default: false. */
  readonly packetInfo?: boolean
}

/** A raw ICMPv6 socket to open; needs CAP_NET_RAW. */
export interface Icmp6SocketOptions {
  /** Name of the interface. */
  readonly device: string
  /** ICMPv6 types to receive, 0 to 255; all others are dropped by the kernel. */
  readonly types: readonly number[]
  /** IPv6 hop limit of what is sent, 1 to 255. Neighbour discovery needs 255 (RFC 4861). Default: 255. */
  readonly hopLimit?: number
  /** Multicast groups to join on that interface, as `ff02::2`. */
  readonly groups?: readonly string[]
}

const PMTU: Readonly<Record<PathMtuDiscovery, number>> = { off: 0, want: 1, on: 2, probe: 3 }

const MAX_BUFFER_BYTES = 0x3fff_ffff
const MAX_SEGMENT_BYTES = 0xffff

/** Sets one option. @throws {SocketHelperError} with `setsockopt NAME` as `syscall`. */
export const setOption = (
  native: Native,
  fd: number,
  name: OptionName,
  value: number | Uint8Array,
): void => {
  const [level, number] = OPTION[name]
  checked(native.set_option(fd, level, number, value), `setsockopt ${name}`)
}

/** Asks for a receive buffer, by force where that is allowed; returns what it is now, which counts the kernel's overhead too. */
export const setReceiveBuffer = (native: Native, fd: number, bytes: number): number => {
  inRange('setsockopt SO_RCVBUF', 'receive buffer', bytes, MAX_BUFFER_BYTES)
  const [level, force] = OPTION.SO_RCVBUFFORCE
  if (native.set_option(fd, level, force, bytes) < 0) setOption(native, fd, 'SO_RCVBUF', bytes)
  return checked(native.get_option(fd, ...OPTION.SO_RCVBUF), 'getsockopt SO_RCVBUF')
}

type SetOption = (name: OptionName, value: number | Uint8Array) => void

/** Runs the steps on a new socket; a failed step closes it. */
const opening = (native: Native, fd: number, steps: (set: SetOption) => void): number => {
  try {
    steps((name, value) => setOption(native, fd, name, value))
    return fd
  } catch (error) {
    native.close(fd)
    throw error
  }
}

const bind = (native: Native, fd: number, address: string, port: number): void => {
  const parsed = parseAddress(address)
  if (!parsed) throw invalid('bind', `${JSON.stringify(address)} is no numeric address`)
  const row = new Rows(1)
  row.setU16(0, FIELD.family, parsed.family)
  row.setU16(0, FIELD.port, inRange('bind', 'port', port, 0xffff))
  row.setBytes(0, FIELD.address, parsed.bytes)
  if (parsed.zone !== undefined) row.setU32(0, FIELD.scope, zoneIndex(native, parsed.zone))
  checked(native.bind(fd, row.bytes), 'bind', `address ${address}, port ${port}`)
}

/** Opens and binds a UDP socket. */
export const openUdp = (native: Native, options: UdpSocketOptions): number => {
  const { address, port, device, receiveBufferBytes, pathMtuDiscovery, segmentBytes } = options
  const isIPv6 = parseAddress(address)?.family === 6
  const family = isIPv6 ? linux.AF_INET6 : linux.AF_INET
  const fd = checked(native.socket(family, linux.SOCK_DGRAM, linux.IPPROTO_UDP), 'socket')
  return opening(native, fd, (set) => {
    if (isIPv6) set('IPV6_V6ONLY', (options.ipv6Only ?? true) ? 1 : 0)
    if (options.reuseAddress) set('SO_REUSEADDR', 1)
    if (options.broadcast) set('SO_BROADCAST', 1)
    if (device !== undefined) set('SO_BINDTODEVICE', interfaceNameBytes(device))
    if (options.packetInfo) set(isIPv6 ? 'IPV6_RECVPKTINFO' : 'IP_PKTINFO', 1)
    if (pathMtuDiscovery !== undefined) {
      set('IP_MTU_DISCOVER', PMTU[pathMtuDiscovery] ?? -1)
      if (isIPv6) set('IPV6_MTU_DISCOVER', PMTU[pathMtuDiscovery])
    }
    if (receiveBufferBytes !== undefined) setReceiveBuffer(native, fd, receiveBufferBytes)
    if (segmentBytes !== undefined) setSegment(native, fd, segmentBytes)
    bind(native, fd, address, port)
  })
}

/** Sets or, with 0, takes back `UDP_SEGMENT`. */
export const setSegment = (native: Native, fd: number, bytes: number): void =>
  setOption(
    native,
    fd,
    'UDP_SEGMENT',
    inRange('setsockopt UDP_SEGMENT', 'segment', bytes, MAX_SEGMENT_BYTES),
  )

/** `struct icmp6_filter`: a bit for each type, set for those that are dropped (RFC 3542 section 3.2). */
const filterOf = (types: readonly number[]): Uint8Array => {
  const filter = new Uint8Array(32).fill(0xff)
  const view = new DataView(filter.buffer)
  for (const type of types) {
    inRange('setsockopt ICMPV6_FILTER', 'ICMPv6 type', type, 255)
    const at = (type >> 5) * 4
    view.setUint32(at, view.getUint32(at, true) & ~(1 << (type & 31)), true)
  }
  return filter
}

/** `struct ipv6_mreq`: a group's address, then the interface's index. */
const membership = (group: string, index: number): Uint8Array => {
  const parsed = parseAddress(group)
  if (parsed?.family !== 6) {
    throw invalid('setsockopt IPV6_ADD_MEMBERSHIP', `${JSON.stringify(group)} is no IPv6 address`)
  }
  const request = new Uint8Array(20)
  request.set(parsed.bytes)
  new DataView(request.buffer).setUint32(16, index, true)
  return request
}

/** Opens a raw ICMPv6 socket on one interface; its readers learn interface, destination and hop limit. */
export const openIcmp6 = (native: Native, options: Icmp6SocketOptions): number => {
  const index = interfaceIndex(native, options.device)
  const filter = filterOf(options.types)
  const hopLimit = inRange(
    'setsockopt IPV6_UNICAST_HOPS',
    'hop limit',
    options.hopLimit ?? 255,
    255,
  )
  const fd = checked(
    native.socket(linux.AF_INET6, linux.SOCK_RAW, linux.IPPROTO_ICMPV6),
    'socket',
    'raw ICMPv6',
  )
  return opening(native, fd, (set) => {
    // First of all: from here on nothing else is queued.
    set('ICMPV6_FILTER', filter)
    set('SO_BINDTODEVICE', interfaceNameBytes(options.device))
    set('IPV6_UNICAST_HOPS', hopLimit)
    set('IPV6_MULTICAST_HOPS', hopLimit)
    set('IPV6_MULTICAST_IF', index)
    set('IPV6_MULTICAST_LOOP', 0)
    set('IPV6_RECVPKTINFO', 1)
    set('IPV6_RECVHOPLIMIT', 1)
    for (const group of options.groups ?? []) set('IPV6_ADD_MEMBERSHIP', membership(group, index))
  })
}
