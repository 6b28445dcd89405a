import type { FileHandle } from 'node:fs/promises'

import { encodeNetascii } from '../codec/netascii.ts'
import { TftpError } from '../errors.ts'
import { bytesLoader, ChunkSource } from '../session/chunk-source.ts'
import { chunkOffset, emptyChunk, layoutOf, type Chunk, type Layout } from '../session/chunk.ts'
import type { Source } from '../session/source.ts'
import { StreamSource, type Pieces } from '../session/stream-source.ts'
import { invalidAnswer, nameOf, type PieceStream } from './answers.ts'
import type { Cut, ImageCache } from './image-cache.ts'
import { OpenFile } from './open-file.ts'
import { encoded, isPieceStream, piecesBetween, piecesOf, quietly } from './pieces.ts'

/** A read handler's answer, ready to be cut into blocks once the block size is agreed. */
export interface Content {
  /** Bytes over the wire; undefined: not known before the end. */
  readonly size: number | undefined
  /** What is read from is now the source's to give back. */
  open(cut: Cut): Source
  /** It is not wanted after all: gives back what would be read from. */
  discard(): void
}

type Mode = 'octet' | 'netascii'

const ALLOWED =
  'allowed are { file }, { handle }, bytes, a stream, { stream, size }, { size, read } and refuse(…)'

const invalid = (answer: unknown, why = ALLOWED): TftpError => invalidAnswer(answer, why)

const ofBytes = (bytes: Uint8Array): Content => ({
  size: bytes.length,
  open: ({ blockSize, rollover }) => {
    const layout = layoutOf(bytes.length, blockSize, rollover)
    return new ChunkSource(layout, bytesLoader(bytes, layout))
  },
  discard: () => {},
})

const ofPieces = (pieces: Pieces, size?: number): Content => ({
  size,
  open: ({ blockSize, rollover }) => new StreamSource(pieces, blockSize, rollover, size),
  discard: () => pieces.close(),
})

/** What is read at an offset, as the handler gave it. */
interface Reader {
  readonly size: number
  readonly readAt: (offset: number, length: number) => Promise<Uint8Array>
  readonly close: () => void
}

const fillFrom = async ({ readAt }: Reader, layout: Layout, index: number): Promise<Chunk> => {
  const { payloads, ...chunk } = emptyChunk(layout, index)
  const length = payloads.reduce((sum, payload) => sum + payload.length, 0)
  const bytes = length > 0 ? await readAt(chunkOffset(layout, index), length) : new Uint8Array(0)
  let at = 0
  for (const payload of payloads) {
    payload.set(bytes.subarray(at, at + payload.length))
    at += payload.length
  }
  return chunk
}

const ofReader = (reader: Reader, mode: Mode): Content => {
  const { size, readAt } = reader
  const close = () => quietly(reader.close)
  if (mode === 'netascii') return ofPieces(encoded(piecesBetween(size, readAt, close)))
  return {
    size,
    open: ({ blockSize, rollover }) => {
      const layout = layoutOf(size, blockSize, rollover)
      return new ChunkSource(layout, (index) => fillFrom(reader, layout, index), close)
    },
    discard: close,
  }
}

const ofFile = (file: OpenFile, mode: Mode, cache: ImageCache): Content => {
  const close = () => file.close()
  if (mode === 'netascii') {
    const readAt = (offset: number, length: number) => file.readAt(offset, length)
    return ofPieces(encoded(piecesBetween(file.size, readAt, close)))
  }
  return { size: file.size, open: (cut) => cache.open(file, cut), discard: close }
}

const isSize = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

const isHandle = (value: unknown): value is FileHandle =>
  typeof value === 'object' &&
  value !== null &&
  'fd' in value &&
  'readv' in value &&
  typeof value.readv === 'function'

/** The `read` of an answer, which must give what it was asked for. */
const readerOf = (answer: object & Record<'read', unknown>): Reader => {
  const { read } = answer
  const size = 'size' in answer ? answer.size : undefined
  if (!isSize(size)) throw invalid(answer, `size is ${nameOf(size)}, not a whole number of bytes`)
  if (typeof read !== 'function') throw invalid(answer, `read is ${nameOf(read)}, not a function`)
  return {
    size,
    readAt: async (offset, length) => {
      const bytes: unknown = await Reflect.apply(read, answer, [offset, length])
      if (!(bytes instanceof Uint8Array))
        throw new TftpError('ERR_TFTP_INVALID_ANSWER', `read gave ${nameOf(bytes)}, not bytes`)
      if (bytes.length === length) return bytes
      throw new TftpError(
        'ERR_TFTP_FILE_CHANGED',
        `a reader gave ${bytes.length} bytes where ${length} were asked`,
      )
    },
    close: () => {
      const close = 'close' in answer ? answer.close : undefined
      if (typeof close === 'function') Reflect.apply(close, answer, [])
    },
  }
}

const ofStream = (stream: PieceStream, size: unknown, mode: Mode): Content => {
  const pieces = piecesOf(stream)
  if (size !== undefined && !isSize(size)) {
    pieces.close()
    throw new TftpError('ERR_TFTP_INVALID_ANSWER', `size is ${nameOf(size)}, not a number of bytes`)
  }
  return mode === 'netascii' ? ofPieces(encoded(pieces)) : ofPieces(pieces, size)
}

const bytesIn = (bytes: unknown, mode: Mode): Content => {
  if (!(bytes instanceof Uint8Array))
    throw new TftpError(
      'ERR_TFTP_INVALID_ANSWER',
      `bytes is ${nameOf(bytes)}, not a Uint8Array; Buffer.from() makes one of text`,
    )
  return ofBytes(mode === 'octet' ? bytes : encodeNetascii(bytes))
}

const isResponse = (answer: object): boolean => 'body' in answer && 'headers' in answer

/**
 * Turns what a read handler answered into something that can be sent.
 *
 * @throws {TftpError} `ERR_TFTP_INVALID_ANSWER` for what is none of the shapes of `ReadAnswer`, whatever it is
 */
export const contentOf = async (
  answer: unknown,
  mode: Mode,
  cache: ImageCache,
): Promise<Content> => {
  if (answer instanceof Uint8Array) return bytesIn(answer, mode)
  if (typeof answer !== 'object' || answer === null) throw invalid(answer)
  if (isResponse(answer)) throw invalid(answer, 'answer { stream: response.body } instead')
  if (isPieceStream(answer)) return ofStream(answer, undefined, mode)
  if ('bytes' in answer) return bytesIn(answer.bytes, mode)
  if ('file' in answer) {
    const { file } = answer
    if (typeof file === 'string') return ofFile(await OpenFile.open(file), mode, cache)
    if (isHandle(file)) return ofFile(await OpenFile.of(file, false), mode, cache)
    throw invalid(answer, `file is ${nameOf(file)}, not a path`)
  }
  if ('handle' in answer) {
    const { handle } = answer
    if (!isHandle(handle)) throw invalid(answer, `handle is ${nameOf(handle)}, not a FileHandle`)
    const owned = 'close' in answer && answer.close === true
    return ofFile(await OpenFile.of(handle, owned), mode, cache)
  }
  if ('stream' in answer && isPieceStream(answer.stream))
    return ofStream(answer.stream, 'size' in answer ? answer.size : undefined, mode)
  if ('read' in answer) return ofReader(readerOf(answer), mode)
  throw invalid(answer)
}
