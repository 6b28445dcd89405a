import type { Clock } from './clock.ts'
import type { UdpOptions, UdpSocket, UdpTransport } from './udp.ts'

/** Own broadcasts within one rest after which it rests. */
const MAX_ECHOES = 100
const REST_MS = 2000

/**
 * Hears other servers' broadcasts on port 68. The kernel hands back our own ones as well: while those are many,
 * it rests, closed, rather than spend the time of replies on them.
 */
export class ClientPort {
  readonly #transport: UdpTransport
  readonly #clock: Clock
  readonly #options: UdpOptions
  #socket: UdpSocket | undefined
  #wake: (() => void) | undefined
  #closed = false

  /** @param own the address whose broadcasts are our own */
  constructor(transport: UdpTransport, clock: Clock, own: string, options: UdpOptions) {
    this.#transport = transport
    this.#clock = clock
    let echoes = 0
    let sinceMs = 0
    this.#options = {
      ...options,
      onMessage: (bytes, peer) => {
        if (peer.address !== own) {
          options.onMessage(bytes, peer)
          return
        }
        const nowMs = clock.now()
        if (nowMs - sinceMs > REST_MS) {
          echoes = 0
          sinceMs = nowMs
        }
        if (++echoes === MAX_ECHOES) void this.#rest()
      },
    }
  }

  /** False where port 68 is not to be had. */
  async open(): Promise<boolean> {
    try {
      const socket = await this.#transport.open(this.#options)
      if (this.#closed) await socket.close()
      else this.#socket = socket
      return true
    } catch {
      return false // the caller says what is missing
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#wake?.()
    await this.#socket?.close()
  }

  async #rest(): Promise<void> {
    const socket = this.#socket
    this.#socket = undefined
    await socket?.close()
    if (this.#closed) return
    this.#wake = this.#clock.after(REST_MS, () => void this.open())
  }
}
