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
export interface EmptyChunk extends Chunk {
  readonly payloads: readonly Buffer[]
}

/** A file of `k * blockSize` bytes ends with an empty block (RFC 1350 section 6). */
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

/** The last block of a chunk. */
export const lastBlockOf = ({ firstBlock, packets }: Chunk): number =>
  firstBlock + packets.length - 1

const bytesOfChunk = (layout: Layout, index: number): { count: number; payloadBytes: number } => {
  const { size, blockSize, lastBlock, blocksPerChunk } = layout
  const count = Math.min(blocksPerChunk, lastBlock - index * blocksPerChunk)
  return { count, payloadBytes: Math.min(count * blockSize, size - chunkOffset(layout, index)) }
}

const writeNumbers = (packets: readonly Buffer[], firstBlock: number, rollover: Rollover): void => {
  for (const [i, packet] of packets.entries())
    packet.writeUInt16BE(wireOf(firstBlock + i, rollover), 2)
}

/** Chunk `index` with all headers written and its payloads still to be filled. */
export const emptyChunk = (layout: Layout, index: number): EmptyChunk => {
  const { blockSize, blocksPerChunk, rollover } = layout
  const { count, payloadBytes } = bytesOfChunk(layout, index)
  const firstBlock = index * blocksPerChunk + 1
  // Not from the pool: it would be kept whole by the first packet that is.
  const bytes = Buffer.allocUnsafeSlow(payloadBytes + count * HEADER_BYTES)
  const packets: Buffer[] = []
  const payloads: Buffer[] = []
  for (let i = 0, at = 0; i < count; i++) {
    const end = Math.min(at + HEADER_BYTES + blockSize, bytes.length)
    bytes.writeUInt16BE(Opcode.DATA, at)
    packets.push(bytes.subarray(at, end))
    payloads.push(bytes.subarray(at + HEADER_BYTES, end))
    at = end
  }
  writeNumbers(packets, firstBlock, rollover)
  return { firstBlock, bytes, packets, payloads }
}

/** The same buffers for another chunk, where that is as long; undefined: it is not. Nothing else may use `spare`. */
export const reusedChunk = (
  layout: Layout,
  index: number,
  spare: EmptyChunk,
): EmptyChunk | undefined => {
  const { count, payloadBytes } = bytesOfChunk(layout, index)
  if (spare.packets.length !== count) return undefined
  if (spare.bytes.length !== payloadBytes + count * HEADER_BYTES) return undefined
  const firstBlock = index * layout.blocksPerChunk + 1
  writeNumbers(spare.packets, firstBlock, layout.rollover)
  return { ...spare, firstBlock }
}
