import type { UdpOptions, UdpSocket, UdpTransport } from '../../src/server/udp.ts'

export interface Sent {
  readonly bytes: Uint8Array
  readonly from: { readonly address: string; readonly port: number }
  readonly to: { readonly address: string; readonly port: number }
}

/** Sockets in memory: what the server sent, and a way to hand it datagrams. */
export class MemoryUdp implements UdpTransport {
  readonly opened: UdpOptions[] = []
  readonly sent: Sent[] = []
  readonly closed: UdpOptions[] = []
  /** Errors to fail with, by `address:port`. */
  readonly failures = new Map<string, NodeJS.ErrnoException>()
  sendError: Error | null = null

  async open(options: UdpOptions): Promise<UdpSocket> {
    const failure = this.failures.get(`${options.address}:${options.port}`)
    if (failure) throw failure
    this.opened.push(options)
    return {
      address: options.address,
      port: options.port,
      send: (bytes, to, done) => {
        this.sent.push({
          bytes,
          from: { address: options.address, port: options.port },
          to: options.peer ?? to,
        })
        done(this.sendError)
      },
      close: async () => {
        this.closed.push(options)
      },
    }
  }

  /** Delivers a datagram to the first socket on `address` and `port` that is not connected. */
  deliver(
    address: string,
    port: number,
    bytes: Uint8Array,
    source = { address: '0.0.0.0', port: 68 },
  ): void {
    const socket = this.opened.find(
      (one) => one.address === address && one.port === port && !one.peer,
    )
    if (!socket) throw new Error(`nothing listens on ${address}:${port}`)
    socket.onMessage(bytes, source)
  }

  broadcast(bytes: Uint8Array, source?: { address: string; port: number }): void {
    this.deliver('255.255.255.255', 67, bytes, source)
  }
}
