import { Buffer } from 'node:buffer'

import { HEADER_BYTES, Opcode } from '../codec/opcodes.ts'
import { wireOf, type Rollover } from './sequence.ts'
import type { Source } from './source.ts'

/** Blocks of something that can be read once, from front to back: kept until they are acknowledged. */
export class StreamSource implements Source {
  readonly #pieces: AsyncIterator<Uint8Array>
  readonly #blockSize: number
  readonly #rollover: Rollover
  readonly #packets = new Map<number, Uint8Array>()
  #released = 0
  #made = 0
  #left: Uint8Array = new Uint8Array(0)
  #wireBytes = 0
  #loading: Promise<void> | undefined
  #closed = false
  lastBlock: number = Infinity

  constructor(pieces: AsyncIterable<Uint8Array>, blockSize: number, rollover: Rollover) {
    this.#pieces = pieces[Symbol.asyncIterator]()
    this.#blockSize = blockSize
    this.#rollover = rollover
  }

  bytesUpTo(block: number): number {
    return block >= this.lastBlock ? this.#wireBytes : Math.max(block, 0) * this.#blockSize
  }

  packet(block: number): Uint8Array | undefined {
    return this.#packets.get(block)
  }

  async load(block: number): Promise<void> {
    // One reader at a time: an iterator is not asked twice at once.
    while (block > this.#made && this.lastBlock === Infinity && !this.#closed) {
      this.#loading ??= this.#makeBlock().finally(() => (this.#loading = undefined))
      await this.#loading
    }
  }

  async #makeBlock(): Promise<void> {
    const packet = Buffer.allocUnsafeSlow(HEADER_BYTES + this.#blockSize)
    let at = HEADER_BYTES
    while (at < packet.length) {
      if (this.#left.length === 0) {
        const { done, value } = await this.#pieces.next()
        if (done) break
        this.#left = value
      }
      const taken = this.#left.subarray(0, packet.length - at)
      packet.set(taken, at)
      at += taken.length
      this.#left = this.#left.subarray(taken.length)
    }
    const block = this.#made + 1
    packet.writeUInt16BE(Opcode.DATA, 0)
    packet.writeUInt16BE(wireOf(block, this.#rollover), 2)
    this.#packets.set(block, packet.subarray(0, at))
    this.#made = block
    this.#wireBytes += at - HEADER_BYTES
    if (at < packet.length) this.lastBlock = block
  }

  release(block: number): void {
    while (this.#released < block) this.#packets.delete(++this.#released)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#packets.clear()
    // The producer may have failed already; there is nobody left to tell.
    Promise.resolve(this.#pieces.return?.()).catch(() => {})
  }
}
