import { chunkIndexOf, chunkOffset, emptyChunk, type Chunk, type Layout } from './chunk.ts'
import type { Source } from './source.ts'

/** Gives chunk `index`, at once where it can. */
export type ChunkLoader = (index: number) => Chunk | Promise<Chunk>

/** Blocks of something of known size that can be read anywhere. */
export class ChunkSource implements Source {
  readonly lastBlock: number
  readonly #layout: Layout
  readonly #load: ChunkLoader
  readonly #onClose: () => void
  #current: Chunk | undefined
  /** The chunk before or after the current one: a window may lie across the edge. */
  #other: Chunk | undefined
  #ahead = -1

  constructor(layout: Layout, load: ChunkLoader, onClose: () => void = () => {}) {
    this.#layout = layout
    this.#load = load
    this.#onClose = onClose
    this.lastBlock = layout.lastBlock
  }

  bytesUpTo(block: number): number {
    return Math.min(Math.max(block, 0) * this.#layout.blockSize, this.#layout.size)
  }

  packet(block: number): Uint8Array | undefined {
    const current = this.#current
    const packet = current?.packets[block - current.firstBlock]
    return packet ?? this.#packetElsewhere(block)
  }

  #packetElsewhere(block: number): Uint8Array | undefined {
    const other = this.#other
    const packet = other?.packets[block - other.firstBlock]
    if (packet) {
      this.#other = this.#current
      this.#current = other
      return packet
    }
    const chunk = this.#load(chunkIndexOf(this.#layout, block))
    if (chunk instanceof Promise) {
      // `load` asks again and waits for it; a failure is told there.
      chunk.catch(() => {})
      return undefined
    }
    this.#take(chunk)
    return chunk.packets[block - chunk.firstBlock]
  }

  async load(block: number): Promise<void> {
    this.#take(await this.#load(chunkIndexOf(this.#layout, block)))
  }

  /** Makes `chunk` the current one and has the one behind it read meanwhile. */
  #take(chunk: Chunk): void {
    this.#other = this.#current
    this.#current = chunk
    const next = chunkIndexOf(this.#layout, chunk.firstBlock) + 1
    if (next <= this.#ahead || next > chunkIndexOf(this.#layout, this.lastBlock)) return
    this.#ahead = next
    const ahead = this.#load(next)
    // Whoever needs the chunk asks for it again and hears of the failure then.
    if (ahead instanceof Promise) ahead.catch(() => {})
  }

  release(): void {}

  close(): void {
    this.#current = undefined
    this.#other = undefined
    this.#onClose()
  }
}

/** Chunks cut out of bytes in memory. */
export const bytesLoader =
  (bytes: Uint8Array, layout: Layout): ChunkLoader =>
  (index) => {
    const { chunk, payloads } = emptyChunk(layout, index)
    let at = chunkOffset(layout, index)
    for (const payload of payloads) {
      payload.set(bytes.subarray(at, at + payload.length))
      at += payload.length
    }
    return chunk
  }
