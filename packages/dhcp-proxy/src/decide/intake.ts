import type { Writable } from '@bootwire-internal/common'

import { parseAddress, readAddress } from '../codec/address.ts'
import { decodeArchitectures } from '../codec/options/architecture.ts'
import { decodeClientId } from '../codec/options/client-id.ts'
import { decodeIpxe } from '../codec/options/ipxe.ts'
import { decodeMachineId } from '../codec/options/machine-id.ts'
import { decodeMessageType, messageTypeName } from '../codec/options/message-type.ts'
import { decodeRelayAgent } from '../codec/options/relay-agent.ts'
import { decodeUserClasses } from '../codec/options/user-class.ts'
import { decodeVendorClass, parseVendorClass } from '../codec/options/vendor-class.ts'
import { decodeVendorOptions } from '../codec/options/vendor.ts'
import { MessageType, OptionCode, type DhcpPacket } from '../codec/packet.ts'
import { escapeText, readableBytes } from '../codec/text.ts'
import type { Drop, DropReason } from './drop.ts'
import { firmwareOf } from './firmware.ts'
import {
  hardwareOf,
  normalMac,
  type Arrival,
  type BootRequest,
  type RelayFacts,
} from './request.ts'

/** Which packets are a request for this server. */
export interface IntakeOptions {
  /** How option 60 of a client begins that is answered. Default: `PXEClient` and `HTTPClient`. */
  readonly vendorClasses?: readonly string[]
  /** MACs whose REQUEST on port 67 is answered too; one Intel card boots only so. Default: none. */
  readonly answerRequestsOf?: readonly string[]
}

const DEFAULT_VENDOR_CLASSES: readonly string[] = ['PXEClient', 'HTTPClient']

/** RFC 1542 §4.1.1: a packet that went through more relays than this is going round in circles. */
const MAX_HOPS = 16

const UNSET = '0.0.0.0'
/** SMBIOS §7.2.1: not present, and present but not set. Every such machine would look the same. */
const UNSET_UUIDS: ReadonlySet<string> = new Set([
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
])
const NO_BYTES = new Uint8Array()

const drop = (reason: DropReason, detail: string): { readonly drop: Drop } => ({
  drop: { reason, detail },
})

/** True for an address that a relay agent of another host can have. */
const isRelayAddress = (address: string, localAddress: string): boolean => {
  const first = (parseAddress(address) ?? 0) >>> 24
  return address !== localAddress && first !== 0 && first !== 127 && first < 224
}

const relayOf = (packet: DhcpPacket): RelayFacts | undefined => {
  const bytes = packet.options.get(OptionCode.RELAY_AGENT)
  const relayed = packet.giaddr !== UNSET
  if (!bytes && !relayed) return undefined
  const agent = decodeRelayAgent(bytes ?? NO_BYTES)
  return {
    ...(relayed && { address: packet.giaddr }),
    ...(agent.circuitId && { circuitId: readableBytes(agent.circuitId) }),
    ...(agent.remoteId && { remoteId: readableBytes(agent.remoteId) }),
    ...(agent.subscriberId && { subscriberId: readableBytes(agent.subscriberId) }),
    ...(agent.linkSelection && { linkSelection: agent.linkSelection }),
    ...(agent.serverIdOverride && { serverIdOverride: agent.serverIdOverride }),
    ...(agent.unicast !== undefined && { unicast: agent.unicast }),
  }
}

const architecturesOf = (packet: DhcpPacket, vendorClass: string): readonly number[] => {
  const codes = decodeArchitectures(packet.options.get(OptionCode.ARCHITECTURE) ?? NO_BYTES)
  if (codes) return codes
  const { architecture } = parseVendorClass(vendorClass)
  return architecture === undefined ? [] : [architecture]
}

const TYPES: Readonly<Record<number, BootRequest['type']>> = {
  [MessageType.DISCOVER]: 'discover',
  [MessageType.REQUEST]: 'request',
  [MessageType.INFORM]: 'inform',
}

/**
 * All facts of a packet whose type is known; says nothing of whether it should be answered. Written as assignments:
 * the same with spreads takes three times as long as all the rest of an answer.
 */
const factsOf = (packet: DhcpPacket, arrival: Arrival, type: BootRequest['type']): BootRequest => {
  const { options } = packet
  const { hardwareAddress, mac } = hardwareOf(packet)
  const vendorBytes = options.get(OptionCode.VENDOR_CLASS)
  const vendorClass = vendorBytes && decodeVendorClass(vendorBytes)
  const userBytes = options.get(OptionCode.USER_CLASS)
  const facts: Writable<BootRequest> = {
    port: arrival.port,
    source: arrival.source,
    interface: arrival.interface,
    localAddress: arrival.localAddress,
    type,
    xid: packet.xid,
    hardwareAddress,
    architectures: architecturesOf(packet, vendorClass ?? ''),
    firmware: 'other',
    userClasses: userBytes ? decodeUserClasses(userBytes) : [],
    packet,
  }
  if (mac !== undefined) facts.mac = mac
  if (vendorClass !== undefined) facts.vendorClass = vendorClass
  const uuidBytes = options.get(OptionCode.MACHINE_ID)
  const uuid = uuidBytes && decodeMachineId(uuidBytes)
  if (uuid !== undefined && !UNSET_UUIDS.has(uuid)) facts.uuid = uuid
  facts.firmware = firmwareOf(facts)
  const clientBytes = options.get(OptionCode.CLIENT_ID)
  if (clientBytes) facts.clientId = decodeClientId(clientBytes)
  const relay = relayOf(packet)
  if (relay) facts.relay = relay
  if (packet.ciaddr !== UNSET) facts.clientAddress = packet.ciaddr
  const vendorOptions = options.get(OptionCode.VENDOR)
  const bootItem = vendorOptions && decodeVendorOptions(vendorOptions)?.bootItem
  if (bootItem) facts.bootItem = bootItem
  const ipxeBytes = options.get(OptionCode.IPXE)
  const ipxe = ipxeBytes && decodeIpxe(ipxeBytes)
  if (ipxe) facts.ipxe = ipxe
  return facts
}

/** A request on 67 names the main DHCP server in option 54: only a boot item chosen from our menu is for us. */
const isForOthers = (request: BootRequest, quirks: readonly string[]): boolean => {
  if (request.port !== 67 || request.type === 'discover') return false
  if (quirks.some((mac) => normalMac(mac) === request.mac)) return false
  if (!request.bootItem) return true
  const server = request.packet.options.get(OptionCode.SERVER_ID)
  return server?.length === 4 && readAddress(server) !== request.localAddress
}

/** A PXE client by its option 60; on 4011 one without it is too (the Raspberry Pi 4 leaves it out there). */
const isOurKind = (
  { vendorClass, port, architectures }: BootRequest,
  prefixes: readonly string[],
): boolean =>
  vendorClass === undefined
    ? port === 4011 && architectures.length > 0
    : prefixes.some((prefix) => vendorClass.startsWith(prefix))

/** Turns a packet into the request it makes of a ProxyDHCP server, or says why it makes none. Pure. */
export function readRequest(
  packet: DhcpPacket,
  arrival: Arrival,
  options: IntakeOptions = {},
): { readonly request: BootRequest } | { readonly drop: Drop } {
  if (packet.op !== 1) return drop('not-a-request', `op ${packet.op} is a reply`)
  const typeCode = decodeMessageType(packet.options.get(OptionCode.MESSAGE_TYPE))
  if (typeCode === undefined) return drop('bootp', 'no message type (option 53)')
  const type = TYPES[typeCode]
  if (!type) return drop('message-type', messageTypeName(typeCode))
  if (type === 'discover' && arrival.port === 4011)
    return drop('message-type', 'DISCOVER on port 4011')

  // UDP has no port 0 to answer to.
  if (arrival.source.port === 0) return drop('source-port', 'source port 0')
  if (packet.hops > MAX_HOPS) return drop('hops', `${packet.hops} hops`)
  if (packet.giaddr !== UNSET && !isRelayAddress(packet.giaddr, arrival.localAddress)) {
    return drop('relay-address', `giaddr ${packet.giaddr} is no relay's`)
  }
  const request = factsOf(packet, arrival, type)
  if (!isOurKind(request, options.vendorClasses ?? DEFAULT_VENDOR_CLASSES)) {
    const { vendorClass } = request
    return drop(
      'not-pxe',
      vendorClass === undefined ? 'no vendor class (option 60)' : escapeText(vendorClass),
    )
  }
  if (isForOthers(request, options.answerRequestsOf ?? [])) {
    return drop('other-server', `${messageTypeName(typeCode)} is the main DHCP server's`)
  }
  return { request }
}
