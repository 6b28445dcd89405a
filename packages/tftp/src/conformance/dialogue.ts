import { createSocket, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'

import { ErrorCode, Opcode } from '../codec/opcodes.ts'
import { encode, safeDecode, type Packet } from '../codec/packet.ts'
import type { RequestFields } from '../codec/request.ts'
import { numericLookup } from '../udp.ts'

/** One datagram that came. */
export interface Received {
  readonly bytes: Buffer
  /** Undefined: no TFTP packet at all. */
  readonly packet: Packet | undefined
  readonly port: number
}

/** What a check may do: a UDP socket under its full control, right or wrong. */
export class Dialogue {
  readonly #socket: Socket
  readonly #address: string
  readonly #port: number
  readonly #queue: Received[] = []
  #wake: (() => void) | undefined
  /** The server's port for this transfer, once it has answered. */
  transferPort: number | undefined

  private constructor(socket: Socket, address: string, port: number) {
    this.#socket = socket
    this.#address = address
    this.#port = port
    socket.on('message', (bytes, { port: from }) => {
      this.#queue.push({ bytes, packet: safeDecode(bytes), port: from })
      this.#wake?.()
    })
    // ICMP from a port that is closed: for a check that is silence like any other.
    socket.on('error', () => {})
  }

  static async open(address: string, port: number): Promise<Dialogue> {
    const socket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4', lookup: numericLookup })
    const dialogue = new Dialogue(socket, address, port)
    await new Promise<void>((resolve) => socket.bind({ port: 0 }, resolve))
    return dialogue
  }

  /** Sends to the transfer's port, or to the listening port before there is one. */
  send(packet: Packet | Uint8Array, port: number = this.transferPort ?? this.#port): void {
    const bytes = packet instanceof Uint8Array ? packet : encode(packet)
    this.#socket.send(bytes, port, this.#address)
  }

  /** Asks to read a file. */
  read(filename: string, options: Readonly<Record<string, string>> = {}, mode = 'octet'): void {
    const request: RequestFields = { opcode: Opcode.RRQ, filename, mode, options }
    this.send({ ...request, rawName: Buffer.from(filename) }, this.#port)
  }

  ack(block: number): void {
    this.send({ opcode: Opcode.ACK, block: block & 0xffff })
  }

  /** Ends the transfer, so that the server does not go on. */
  abort(): void {
    if (this.transferPort === undefined) return
    this.send({ opcode: Opcode.ERROR, code: ErrorCode.UNDEFINED, message: 'enough' })
  }

  /** The next datagram, or undefined when none came in time. */
  async next(timeoutMs: number): Promise<Received | undefined> {
    if (this.#queue.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      this.#wake = undefined
    }
    const received = this.#queue.shift()
    if (received) this.transferPort ??= received.port
    return received
  }

  /** Everything that comes within this time. */
  async during(ms: number): Promise<Received[]> {
    const all: Received[] = []
    const until = performance.now() + ms
    for (let left = ms; left > 0; left = until - performance.now()) {
      const received = await this.next(left)
      if (received) all.push(received)
    }
    return all
  }

  close(): void {
    this.#socket.close()
  }
}
