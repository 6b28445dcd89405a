import { Buffer } from 'node:buffer'

import { HEADER_BYTES, Opcode } from '../codec/opcodes.ts'
import { TftpError } from '../errors.ts'
import { wireOf, type Rollover } from './sequence.ts'
import type { Source } from './source.ts'

/** Something that is read once, from front to back, and given back by whoever has it. */
export interface Pieces {
  /** The next piece; undefined at the end. */
  next(): Promise<Uint8Array | undefined>
  /** Gives back what it reads from, read or not. Never throws; a second call does nothing. */
  close(): void
}

/** Blocks of something that can be read once: kept until they are acknowledged. */
export class StreamSource implements Source {
  readonly #pieces: Pieces
  readonly #blockSize: number
  readonly #rollover: Rollover
  /** What was announced; another number of bytes is a failure. */
  readonly #size: number | undefined
  readonly #packets = new Map<number, Uint8Array>()
  #released = 0
  #made = 0
  #left: Uint8Array = new Uint8Array(0)
  #wireBytes = 0
  #loading: Promise<void> | undefined
  #closed = false
  lastBlock: number = Infinity

  constructor(pieces: Pieces, blockSize: number, rollover: Rollover, size?: number) {
    this.#pieces = pieces
    this.#blockSize = blockSize
    this.#rollover = rollover
    this.#size = size
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
        const piece = await this.#pieces.next()
        if (piece === undefined) break
        this.#left = piece
      }
      const taken = this.#left.subarray(0, packet.length - at)
      packet.set(taken, at)
      at += taken.length
      this.#left = this.#left.subarray(taken.length)
    }
    const isLast = at < packet.length
    this.#wireBytes += at - HEADER_BYTES
    this.#check(isLast)
    const block = this.#made + 1
    packet.writeUInt16BE(Opcode.DATA, 0)
    packet.writeUInt16BE(wireOf(block, this.#rollover), 2)
    if (!this.#closed) this.#packets.set(block, packet.subarray(0, at))
    this.#made = block
    if (isLast) this.lastBlock = block
  }

  #check(isLast: boolean): void {
    const size = this.#size
    if (size === undefined || this.#wireBytes === size) return
    if (!isLast && this.#wireBytes < size) return
    throw new TftpError(
      'ERR_TFTP_FILE_CHANGED',
      `a stream gave ${isLast ? '' : 'at least '}${this.#wireBytes} bytes, its size was said to be ${size}`,
    )
  }

  release(block: number): void {
    while (this.#released < block) this.#packets.delete(++this.#released)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#packets.clear()
    this.#pieces.close()
  }
}
