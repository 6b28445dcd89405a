import { HEADER_BYTES } from '../codec/opcodes.ts'
import {
  chunkIndexOf,
  chunkOffset,
  emptyChunk,
  lastBlockOf,
  type Chunk,
  type Layout,
} from './chunk.ts'
import type { PacketRun, Source } from './source.ts'

/** The kernel cuts one call into at most so many datagrams (`UDP_MAX_SEGMENTS`; 128 in newer ones), and takes 64 KiB. */
const MAX_RUN_BLOCKS = 64
const MAX_RUN_BYTES = 65_000

/** Gives chunk `index`, at once where it can. It may fill the buffers of `spare`, which nobody needs any more. */
export type ChunkLoader = (index: number, spare: Chunk | undefined) => Chunk | Promise<Chunk>

/** The chunk behind the current one, there or on its way. */
interface Ahead {
  readonly index: number
  chunk: Chunk | Promise<Chunk>
}

/** Blocks of something of known size that can be read anywhere. */
export class ChunkSource implements Source {
  readonly lastBlock: number
  readonly #layout: Layout
  readonly #load: ChunkLoader
  readonly #onClose: () => void
  #current: Chunk | undefined
  /** The chunk before or after the current one: a window may lie across the edge. */
  #other: Chunk | undefined
  #ahead: Ahead | undefined
  #released = 0
  #closed = false

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
    const chunk = this.#obtain(chunkIndexOf(this.#layout, block))
    // `load` waits for it, and hears of a failure.
    if (chunk instanceof Promise) return undefined
    this.#take(chunk)
    return chunk.packets[block - chunk.firstBlock]
  }

  run(block: number, maxBlocks: number): PacketRun | undefined {
    const packet = this.packet(block)
    const chunk = this.#current
    if (!packet || !chunk) return undefined
    const packetBytes = this.#layout.blockSize + HEADER_BYTES
    const most = Math.min(MAX_RUN_BLOCKS, Math.floor(MAX_RUN_BYTES / packetBytes))
    const blocks = Math.min(maxBlocks, most, lastBlockOf(chunk) - block + 1)
    const start = (block - chunk.firstBlock) * packetBytes
    return { bytes: chunk.bytes.subarray(start, start + blocks * packetBytes), packetBytes, blocks }
  }

  async load(block: number): Promise<void> {
    const chunk = await this.#obtain(chunkIndexOf(this.#layout, block))
    if (!this.#closed) this.#take(chunk)
  }

  #obtain(index: number): Chunk | Promise<Chunk> {
    if (this.#ahead?.index !== index) this.#fetch(index)
    return this.#ahead?.chunk ?? this.#load(index, undefined)
  }

  /** Has chunk `index` loaded; what comes of it is in `#ahead`. */
  #fetch(index: number): void {
    const chunk = this.#load(index, this.#spare())
    const ahead: Ahead = { index, chunk }
    this.#ahead = ahead
    if (!(chunk instanceof Promise)) return
    chunk.then(
      (loaded) => (ahead.chunk = loaded),
      () => {
        // Whoever needs it asks again, and hears of the failure then.
        if (this.#ahead === ahead) this.#ahead = undefined
      },
    )
  }

  /** A chunk whose blocks are all acknowledged. */
  #spare(): Chunk | undefined {
    const other = this.#other
    if (!other || lastBlockOf(other) > this.#released) return undefined
    this.#other = undefined
    return other
  }

  /** Makes `chunk` the current one and has the one behind it read meanwhile. */
  #take(chunk: Chunk): void {
    this.#ahead = undefined
    const before = this.#current
    const next = chunkIndexOf(this.#layout, chunk.firstBlock) + 1
    this.#current = chunk
    if (next <= chunkIndexOf(this.#layout, this.lastBlock)) this.#fetch(next)
    this.#other = before
  }

  release(block: number): void {
    this.#released = block
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#current = undefined
    this.#other = undefined
    this.#ahead = undefined
    this.#onClose()
  }
}

/** Chunks cut out of bytes in memory. */
export const bytesLoader =
  (bytes: Uint8Array, layout: Layout): ChunkLoader =>
  (index) => {
    const { payloads, ...chunk } = emptyChunk(layout, index)
    let at = chunkOffset(layout, index)
    for (const payload of payloads) {
      payload.set(bytes.subarray(at, at + payload.length))
      at += payload.length
    }
    return chunk
  }
