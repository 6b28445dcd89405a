import { readFileSync } from 'node:fs'

import { DhcpError } from '../errors.ts'
import type { Notice } from '../session/notices.ts'
import type { Clock } from './clock.ts'
import { Ear } from './ear.ts'
import type { UdpOptions, UdpSocket, UdpTransport } from './udp.ts'

/** Sockets of one interface that somebody else bound to its device, such as systemd with `BindToDevice=`. */
export interface InterfaceSockets {
  readonly interface: string
  /** Address of that interface, which replies advertise. */
  readonly address: string
  /** File descriptor of UDP port 67. */
  readonly fd67: number
  /** File descriptor of UDP port 4011. */
  readonly fd4011: number
}

/** One interface being served. */
export interface Served {
  readonly interface: string
  readonly address: string
  readonly port: number
  readonly bootServerPort: number
  send(
    bytes: Uint8Array,
    fromPort: 67 | 4011,
    to: { readonly address: string; readonly port: number },
    done: (error: Error | null) => void,
  ): void
  close(): Promise<void>
}

export type OnDatagram = (
  bytes: Uint8Array,
  source: { readonly address: string; readonly port: number },
  service: 67 | 68 | 4011,
) => void

const BROADCAST = '255.255.255.255'
const CLIENT_PORT = 68

/** True where a row of `/proc/net/udp` has `port` as its local one; a client of that port has it as the remote one. */
export const holdsPort = (table: string, port: number): boolean => {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  return table.split('\n').some((row) => row.trim().split(/\s+/)[1]?.endsWith(`:${hex}`))
}

/** True where a socket of this host is bound to UDP `port`; unknown off Linux, and then false. */
const isPortTaken = (port: number): boolean => {
  try {
    return holdsPort(readFileSync('/proc/net/udp', 'utf8'), port)
  } catch {
    return false // no /proc: the bind will tell
  }
}

const WAYS_OUT =
  'run as root, give node the capability (setcap cap_net_bind_service=+ep), or pass sockets from systemd'

const listenError = (error: unknown, address: string, port: number): Error => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const where = `UDP ${address}:${port}`
  const why =
    code === 'EACCES' || code === 'EPERM'
      ? `ports below 1024 need a privilege: ${WAYS_OUT}`
      : code === 'EADDRINUSE'
        ? 'another process holds it and does not share it'
        : code === 'EADDRNOTAVAIL'
          ? 'no interface of this host has that address'
          : String(error)
  return new DhcpError('ERR_DHCP_LISTEN', `cannot listen on ${where}: ${why}`, { cause: error })
}

/** Opens sockets one after the other; closes all of them again when one cannot be opened. */
class Sockets {
  readonly #transport: UdpTransport
  readonly #opened: UdpSocket[] = []

  constructor(transport: UdpTransport) {
    this.#transport = transport
  }

  async open(options: UdpOptions): Promise<UdpSocket> {
    try {
      const socket = await this.#transport.open(options)
      this.#opened.push(socket)
      return socket
    } catch (error) {
      await this.close()
      throw listenError(error, options.address, options.port)
    }
  }

  readonly close = async (): Promise<void> => {
    await Promise.all(this.#opened.map((socket) => socket.close()))
  }
}

export interface PlainOptions {
  readonly interface: string
  readonly address: string
  readonly port: number
  readonly bootServerPort: number
  /** Binds just this address, without broadcasts: for tests on loopback and for relayed clients only. */
  readonly host?: string
  /** Leave unicast on port 67 to a DHCP server on this host. */
  readonly shared: boolean | 'auto'
  /** Hear other servers' broadcasts on port 68. */
  readonly hearReplies: boolean
}

interface Hooks {
  readonly clock: Clock
  readonly transport: UdpTransport
  readonly onDatagram: OnDatagram
  readonly onError: (error: Error) => void
  readonly notice: (notice: Notice) => void
}

const hear = ({ onDatagram, onError }: Hooks, service: 67 | 68 | 4011) => ({
  onMessage: (bytes: Uint8Array, source: { address: string; port: number }) =>
    onDatagram(bytes, source, service),
  onError,
})

const SHARED: Notice = {
  code: 'port-shared',
  subject: '67',
  message:
    'another process on this host has port 67: broadcasts reach both, unicast packets are left to it, so clients behind a relay are not served',
}
const DEAF: Notice = {
  code: 'replies-not-heard',
  subject: '68',
  message:
    'port 68 is taken: broadcast replies of other DHCP servers are not heard, so what stands in the way of a boot may go unnoticed',
}

const openHost = async (plain: PlainOptions, host: string, hooks: Hooks): Promise<Served> => {
  const sockets = new Sockets(hooks.transport)
  const dhcp = await sockets.open({
    address: host,
    port: plain.port,
    broadcast: true,
    ...hear(hooks, 67),
  })
  const pxe = await sockets.open({
    address: host,
    port: plain.bootServerPort,
    ...hear(hooks, 4011),
  })
  return {
    ...plain,
    port: dhcp.port,
    bootServerPort: pxe.port,
    send: (bytes, fromPort, to, done) => (fromPort === 67 ? dhcp : pxe).send(bytes, to, done),
    close: sockets.close,
  }
}

/**
 * Serves one interface with plain sockets. A socket bound to an address hears no broadcast, and one bound to
 * none cannot choose the interface it sends from: so one hears broadcasts, one hears unicast, and one, connected to
 * the broadcast address so that nothing reaches it, sends.
 */
export const openPlain = async (plain: PlainOptions, hooks: Hooks): Promise<Served> => {
  if (plain.host !== undefined) return openHost(plain, plain.host, hooks)
  const { address, port } = plain
  const sockets = new Sockets(hooks.transport)
  const shared = plain.shared === 'auto' ? isPortTaken(port) : plain.shared
  if (shared) hooks.notice({ ...SHARED })
  const heard = await sockets.open({ address: BROADCAST, port, ...hear(hooks, 67) })
  const bound = heard.port
  const peer = { address: BROADCAST, port: CLIENT_PORT }
  const sender = await sockets.open({
    address,
    port: bound,
    broadcast: true,
    peer,
    ...hear(hooks, 67),
  })
  const unicast = shared
    ? undefined
    : await sockets.open({ address, port: bound, ...hear(hooks, 67) })
  const pxe = await sockets.open({ address, port: plain.bootServerPort, ...hear(hooks, 4011) })
  const heardOnClientPort = { address: BROADCAST, port: CLIENT_PORT, ...hear(hooks, 68) }
  const ear = new Ear(hooks.transport, hooks.clock, address, heardOnClientPort)
  if (plain.hearReplies && !(await ear.open())) hooks.notice({ ...DEAF })
  return {
    interface: plain.interface,
    address,
    port: bound,
    bootServerPort: pxe.port,
    send: (bytes, fromPort, to, done) => {
      if (fromPort === 4011) pxe.send(bytes, to, done)
      else if (to.address === BROADCAST || !unicast) sender.send(bytes, peer, done)
      else unicast.send(bytes, to, done)
    },
    close: async () => {
      await Promise.all([sockets.close(), ear.close()])
    },
  }
}

/** Serves one interface with sockets that are bound to its device. */
export const openPassed = async (passed: InterfaceSockets, hooks: Hooks): Promise<Served> => {
  const sockets = new Sockets(hooks.transport)
  const { address } = passed
  const dhcp = await sockets.open({
    address,
    port: 67,
    fd: passed.fd67,
    broadcast: true,
    ...hear(hooks, 67),
  })
  const pxe = await sockets.open({ address, port: 4011, fd: passed.fd4011, ...hear(hooks, 4011) })
  return {
    interface: passed.interface,
    address,
    port: dhcp.port,
    bootServerPort: pxe.port,
    send: (bytes, fromPort, to, done) => (fromPort === 67 ? dhcp : pxe).send(bytes, to, done),
    close: sockets.close,
  }
}
