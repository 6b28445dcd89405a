import { Buffer } from 'node:buffer'

import { HEADER_BYTES, Opcode } from '../codec/opcodes.ts'
import { wireOf, type Rollover } from './sequence.ts'

/** About how many payload bytes one chunk holds, and at most how many blocks. */
const CHUNK_BYTES = 128 * 1024
const CHUNK_BLOCKS = 256

/** How a file of known size is cut into blocks, and blocks into chunks. */
export interface Layout {
  readonly size: number
  readonly blockSize: number
  readonly rollover: Rollover
  readonly lastBlock: number
  readonly blocksPerChunk: number
}

/**
 * Ready DATA packets of neighbouring blocks, back to back in one buffer:
 *
 *     | 3 | # | payload | 3 | # | payload | ...
 *
 * A stretch of `bytes` is thus what one `send()` with UDP_SEGMENT would take.
 */
export interface Chunk {
  readonly firstBlock: number
  readonly bytes: Buffer
  readonly packets: readonly Buffer[]
}

/** A chunk whose payloads are still to be filled, in order. */
export interface EmptyChunk {
  readonly chunk: Chunk
  readonly payloads: readonly Buffer[]
}

/** A file of `k * blockSize` bytes ends with an empty block (RFC 1350 §6). */
export const layoutOf = (size: number, blockSize: number, rollover: Rollover): Layout => ({
  size,
  blockSize,
  rollover,
  lastBlock: Math.floor(size / blockSize) + 1,
  blocksPerChunk: Math.min(CHUNK_BLOCKS, Math.max(1, Math.floor(CHUNK_BYTES / blockSize))),
})

/** Index of the chunk that holds `block`. */
export const chunkIndexOf = (layout: Layout, block: number): number =>
  Math.floor((block - 1) / layout.blocksPerChunk)

/** Where the payload of chunk `index` starts in the file. */
export const chunkOffset = (layout: Layout, index: number): number =>
  index * layout.blocksPerChunk * layout.blockSize

/** Chunk `index` with all headers written and its payloads still to be filled. */
export const emptyChunk = (layout: Layout, index: number): EmptyChunk => {
  const { size, blockSize, lastBlock, blocksPerChunk, rollover } = layout
  const firstBlock = index * blocksPerChunk + 1
  const count = Math.min(blocksPerChunk, lastBlock - firstBlock + 1)
  const payloadBytes = Math.min(count * blockSize, size - chunkOffset(layout, index))
  // Not from the pool: it would be kept whole by the first packet that is.
  const bytes = Buffer.allocUnsafeSlow(payloadBytes + count * HEADER_BYTES)
  const packets: Buffer[] = []
  const payloads: Buffer[] = []
  for (let i = 0, at = 0; i < count; i++) {
    const end = Math.min(at + HEADER_BYTES + blockSize, bytes.length)
    bytes.writeUInt16BE(Opcode.DATA, at)
    bytes.writeUInt16BE(wireOf(firstBlock + i, rollover), at + 2)
    packets.push(bytes.subarray(at, end))
    payloads.push(bytes.subarray(at + HEADER_BYTES, end))
    at = end
  }
  return { chunk: { firstBlock, bytes, packets }, payloads }
}
