import type { Endpoint, Service } from '../endpoint.ts'
import type { Notice } from '../session/notices.ts'
import { ClientPort } from './client-port.ts'
import type { Clock } from './clock.ts'
import { listenError } from './listen-error.ts'
import { findPortHolder, type PortHolder } from './port-taken.ts'
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
    fromPort: Service,
    to: Endpoint,
    done: (error: Error | null) => void,
  ): void
  close(): Promise<void>
}

/** What is told of a datagram. */
export type OnDatagram = (bytes: Uint8Array, peer: Endpoint, service: Service | 68) => void

const BROADCAST = '255.255.255.255'
const CLIENT_PORT = 68

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

/** One interface to serve by sockets of our own. */
export interface PlainOptions {
  readonly interface: string
  readonly address: string
  readonly port: number
  readonly bootServerPort: number
  /** Binds just this address, without broadcasts: for tests on loopback and for relayed clients only. */
  readonly host?: string | undefined
  /** Leave unicast on port 67 to a DHCP server on this host. */
  readonly shared: boolean | 'auto'
  /** Hear other servers' broadcasts on port 68. */
  readonly hearReplies: boolean
}

/** What an interface needs from the server. */
export interface Hooks {
  readonly clock: Clock
  readonly transport: UdpTransport
  readonly onDatagram: OnDatagram
  readonly onError: (error: Error) => void
  readonly notice: (notice: Notice) => void
}

const hear = ({ onDatagram, onError }: Hooks, service: Service | 68) => ({
  onMessage: (bytes: Uint8Array, peer: Endpoint) => onDatagram(bytes, peer, service),
  onError,
})

const sharedNotice = ({ process = 'another process' }: PortHolder): Notice => ({
  code: 'port-shared',
  subject: '67',
  message: `${process} on this host has port 67: broadcasts reach both, unicast packets are left to it, so clients behind a relay are not served; shared: false says otherwise`,
})
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
    exclusive: true,
    ...hear(hooks, 4011),
  })
  return {
    interface: plain.interface,
    address: plain.address,
    port: dhcp.port,
    bootServerPort: pxe.port,
    send: (bytes, fromPort, to, done) => (fromPort === 67 ? dhcp : pxe).send(bytes, to, done),
    close: sockets.close,
  }
}

const holderOf = async (plain: PlainOptions): Promise<PortHolder | undefined> => {
  if (plain.shared === 'auto') return findPortHolder(plain)
  return plain.shared ? {} : undefined
}

/**
 * Serves one interface with plain sockets. A socket bound to an address hears no broadcast, and one bound to
 * none cannot choose the interface it sends from: so one hears broadcasts, one hears unicast, and one, connected to
 * the broadcast address so that nothing reaches it, sends. Port 4011 is ours alone: whoever could bind it beside us
 * would get the requests for boot files.
 */
export const openPlain = async (plain: PlainOptions, hooks: Hooks): Promise<Served> => {
  if (plain.host !== undefined) return openHost(plain, plain.host, hooks)
  const { address, port } = plain
  const sockets = new Sockets(hooks.transport)
  const holder = await holderOf(plain)
  if (holder) hooks.notice(sharedNotice(holder))
  // What comes by unicast comes to our address; broadcasts of other interfaces must be kept away.
  const isNamed = plain.interface !== address
  const device = isNamed && hooks.transport.bindsDevices ? plain.interface : undefined
  const heard = await sockets.open({ address: BROADCAST, port, device, ...hear(hooks, 67) })
  const bound = heard.port
  const peer = { address: BROADCAST, port: CLIENT_PORT }
  const sender = await sockets.open({
    address,
    port: bound,
    device,
    broadcast: true,
    peer,
    ...hear(hooks, 67),
  })
  const unicast = holder
    ? undefined
    : await sockets.open({ address, port: bound, ...hear(hooks, 67) })
  const pxe = await sockets.open({
    address,
    port: plain.bootServerPort,
    exclusive: true,
    ...hear(hooks, 4011),
  })
  const heardOnClientPort = { address: BROADCAST, port: CLIENT_PORT, device, ...hear(hooks, 68) }
  const clientPort = new ClientPort(hooks.transport, hooks.clock, address, heardOnClientPort)
  if (plain.hearReplies && !(await clientPort.open())) hooks.notice(DEAF)
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
      await Promise.all([sockets.close(), clientPort.close()])
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
