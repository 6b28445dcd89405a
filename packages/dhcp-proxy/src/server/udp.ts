import type { RemoteInfo, Socket } from 'node:dgram'

import { DgramAsPromised } from 'dgram-as-promised'

import type { Endpoint } from '../endpoint.ts'
import { canBindDevices, closeOnDevice, openOnDevice } from './device-sockets.ts'
import { localAddresses, type LocalAddress } from './host.ts'

/** A socket to open. */
export interface UdpOptions {
  readonly address: string
  readonly port: number
  /** A socket that somebody else opened and bound; `address` and `port` are then its own. */
  readonly fd?: number
  /** Hears and sends on this interface alone, where the transport can bind to devices. */
  readonly device?: string | undefined
  /** Lets it send to 255.255.255.255. */
  readonly broadcast?: boolean
  /** Nobody else may bind the same address and port. Default: false. */
  readonly exclusive?: boolean
  /** The one peer it exchanges datagrams with. */
  readonly peer?: Endpoint
  readonly onMessage: (bytes: Uint8Array, peer: Endpoint) => void
  readonly onError: (error: Error) => void
}

/** A socket that is open. */
export interface UdpSocket {
  readonly address: string
  readonly port: number
  send(bytes: Uint8Array, to: Endpoint, done: (error: Error | null) => void): void
  close(): Promise<void>
}

/** Where datagrams come from and go to; `nodeUdp` is the real one. */
export interface UdpTransport {
  open(options: UdpOptions): Promise<UdpSocket>
  /** True where sockets can be bound to devices: only then may there be several interfaces, by sockets of our own. */
  readonly bindsDevices?: boolean
  /** The host's addresses now. Without it, the address of an interface is neither looked up nor followed. */
  addresses?(): readonly LocalAddress[]
}

/** So much of a burst waits in the kernel; `net.core.rmem_max` caps it (docs/limits.md). */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024

/** Addresses only: no name is ever resolved, so no turn of the event loop is spent on it. */
const asItIs = (
  address: string,
  _options: unknown,
  callback: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
): void => callback(null, address, 4)

const connect = (socket: Socket, peer: Endpoint): Promise<void> =>
  new Promise((resolve, reject) => {
    // Given to the callback, not to 'error'.
    socket.connect(peer.port, peer.address, (error?: Error | null) =>
      error ? reject(error) : resolve(),
    )
  })

const open = async (options: UdpOptions): Promise<UdpSocket> => {
  const wrapper = DgramAsPromised.createSocket({
    type: 'udp4',
    reuseAddr: !options.exclusive,
    lookup: asItIs,
  })
  const { socket } = wrapper
  // Listening before `bind`: what arrives in between would be lost otherwise.
  socket.on('message', (bytes: Buffer, peer: RemoteInfo) => options.onMessage(bytes, peer))
  const { address, port, peer } = options
  const fd = options.fd ?? openOnDevice(options, RECEIVE_BUFFER_BYTES)
  const isOurs = options.fd === undefined && fd !== undefined
  await wrapper
    .bind(fd === undefined ? { address, port, exclusive: true } : { fd, exclusive: true })
    .catch((error: unknown) => {
      socket.close()
      // What it did not take is still ours.
      if (isOurs) closeOnDevice(fd)
      throw error
    })
  try {
    socket.on('error', options.onError)
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES)
    if (options.broadcast) socket.setBroadcast(true)
    if (peer) await connect(socket, peer)
  } catch (error) {
    socket.close()
    throw error
  }
  const bound = socket.address()
  let closed = false
  return {
    address: bound.address,
    port: bound.port,
    send: (bytes, to, done) => {
      if (closed) done(new Error('the socket is closed'))
      else if (peer) socket.send(bytes, done)
      else socket.send(bytes, to.port, to.address, done)
    },
    close: async () => {
      if (closed) return
      closed = true
      await wrapper.close()
    },
  }
}

export const nodeUdp: UdpTransport = {
  open,
  addresses: localAddresses,
  get bindsDevices() {
    return canBindDevices()
  },
}
