import type { BigIntStats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'

import { openRegularFile } from '@bootwire-internal/regular-file'

import { encodeNetascii } from '../codec/netascii.ts'
import { TftpError } from '../errors.ts'
import type { ReadAnswer, Refusal } from '../server/handlers.ts'
import { bytesLoader, ChunkSource, type ChunkLoader } from '../session/chunk-source.ts'
import { emptyChunk, chunkOffset, layoutOf, type Layout } from '../session/chunk.ts'
import type { Rollover } from '../session/sequence.ts'
import type { Source } from '../session/source.ts'
import { StreamSource } from '../session/stream-source.ts'
import type { ImageCache } from './image-cache.ts'

/** A read handler's answer, ready to be cut into blocks once the block size is agreed. */
export interface Content {
  /** Bytes over the wire; undefined: not known before the end. */
  readonly size: number | undefined
  open(blockSize: number, rollover: Rollover): Source
  /** It is not wanted after all. */
  discard(): void
}

type Reader = Extract<ReadAnswer, { read: unknown }>
type Mode = 'octet' | 'netascii'

const READ_BYTES = 64 * 1024

const nothing = () => {}

const ofBytes = (bytes: Uint8Array): Content => ({
  size: bytes.length,
  open: (blockSize, rollover) => {
    const layout = layoutOf(bytes.length, blockSize, rollover)
    return new ChunkSource(layout, bytesLoader(bytes, layout))
  },
  discard: nothing,
})

const ofStream = (pieces: AsyncIterable<Uint8Array>, size: number | undefined): Content => ({
  size,
  open: (blockSize, rollover) => new StreamSource(pieces, blockSize, rollover),
  discard: () => {
    // A producer that fails while it is being dismissed has nobody left to tell.
    Promise.resolve(pieces[Symbol.asyncIterator]().return?.()).catch(nothing)
  },
})

async function* encoded(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield encodeNetascii(piece)
}

const readExactly = async (reader: Reader, offset: number, length: number): Promise<Uint8Array> => {
  const bytes = await reader.read(offset, length)
  if (bytes.length === length) return bytes
  throw new TftpError(
    'ERR_TFTP_FILE_CHANGED',
    `a reader gave ${bytes.length} bytes where ${length} were asked`,
  )
}

const readerLoader =
  (reader: Reader, layout: Layout): ChunkLoader =>
  async (index) => {
    const { chunk, payloads } = emptyChunk(layout, index)
    const length = payloads.reduce((sum, payload) => sum + payload.length, 0)
    const bytes =
      length > 0 ? await readExactly(reader, chunkOffset(layout, index), length) : new Uint8Array(0)
    let at = 0
    for (const payload of payloads) {
      payload.set(bytes.subarray(at, at + payload.length))
      at += payload.length
    }
    return chunk
  }

async function* piecesOf(reader: Reader): AsyncGenerator<Uint8Array> {
  try {
    for (let at = 0; at < reader.size; at += READ_BYTES) {
      yield await readExactly(reader, at, Math.min(READ_BYTES, reader.size - at))
    }
  } finally {
    reader.close?.()
  }
}

const ofReader = (reader: Reader, mode: Mode): Content => {
  if (mode === 'netascii') return ofStream(encoded(piecesOf(reader)), undefined)
  return {
    size: reader.size,
    open: (blockSize, rollover) => {
      const layout = layoutOf(reader.size, blockSize, rollover)
      return new ChunkSource(layout, readerLoader(reader, layout), () => reader.close?.())
    },
    discard: () => reader.close?.(),
  }
}

/** Any refusal of the file system becomes an exception with its `code`; what is no regular file is refused. */
const statRegular = async (handle: FileHandle): Promise<BigIntStats> => {
  const stats = await handle.stat({ bigint: true })
  if (stats.isFile()) return stats
  throw Object.assign(new Error('this is no regular file'), { code: 'EACCES' })
}

const ofFile = async (
  file: string | FileHandle,
  mode: Mode,
  cache: ImageCache,
): Promise<Content> => {
  const handle = typeof file === 'string' ? (await openRegularFile(file)).handle : file
  const discard = () => void handle.close()
  try {
    const stats = await statRegular(handle)
    if (mode === 'netascii') {
      const stream = handle.createReadStream({ start: 0, autoClose: true })
      return { ...ofStream(encoded(stream), undefined), discard: () => stream.destroy() }
    }
    return {
      size: Number(stats.size),
      open: (blockSize, rollover) => cache.open(handle, stats, blockSize, rollover),
      discard,
    }
  } catch (error) {
    discard()
    throw error
  }
}

/** Turns what a read handler answered into something that can be sent. */
export const contentOf = async (
  answer: Exclude<ReadAnswer, Refusal>,
  mode: Mode,
  cache: ImageCache,
): Promise<Content> => {
  if (answer instanceof Uint8Array)
    return ofBytes(mode === 'octet' ? answer : encodeNetascii(answer))
  if ('bytes' in answer)
    return ofBytes(mode === 'octet' ? answer.bytes : encodeNetascii(answer.bytes))
  if ('file' in answer) return ofFile(answer.file, mode, cache)
  if ('read' in answer && 'size' in answer) return ofReader(answer, mode)
  const stream = 'stream' in answer ? answer.stream : answer
  if (mode === 'netascii') return ofStream(encoded(stream), undefined)
  return ofStream(stream, 'stream' in answer ? answer.size : undefined)
}
