import { Buffer } from 'node:buffer'

import { encodeNetascii } from '../codec/netascii.ts'
import { TftpError } from '../errors.ts'
import type { Pieces } from '../session/stream-source.ts'
import { nameOf, type PieceStream } from './answers.ts'

const ignore = () => {}

/** Runs what may throw or reject although nobody is left to tell. */
export const quietly = (action: () => unknown): void => {
  try {
    Promise.resolve(action()).catch(ignore)
  } catch {
    // A producer that fails while it is dismissed.
  }
}

const bytesOf = (piece: unknown): Uint8Array => {
  if (piece instanceof Uint8Array) return piece
  if (typeof piece === 'string') return Buffer.from(piece)
  throw new TftpError(
    'ERR_TFTP_INVALID_ANSWER',
    `a stream gave ${nameOf(piece)}; bytes and strings are allowed`,
  )
}

/** A reader of its own: `getReader` and `cancel` work whether or not anything was read. */
const ofWebStream = (stream: ReadableStream<unknown>): Pieces => {
  const reader = stream.getReader()
  return {
    next: async () => {
      const { done, value } = await reader.read()
      return done ? undefined : bytesOf(value)
    },
    close: () => quietly(() => reader.cancel()),
  }
}

const isGenerator = (iterator: object): boolean =>
  Object.prototype.toString.call(iterator) === '[object AsyncGenerator]'

const ofIterable = (iterable: AsyncIterable<unknown>): Pieces => {
  let iterator: AsyncIterator<unknown> | undefined
  let begun = false
  let closed = false
  const open = () => (iterator ??= iterable[Symbol.asyncIterator]())
  return {
    next: async () => {
      begun = true
      const { done, value } = await open().next()
      return done ? undefined : bytesOf(value)
    },
    close: () => {
      if (closed) return
      closed = true
      // A generator that was never started runs no `finally` when it is returned: what it was given stays open.
      if (!begun && isGenerator(iterable)) quietly(() => open().next())
      quietly(() => open().return?.())
    },
  }
}

/** What Node's streams have in common with those of `readable-stream`. */
interface NodeStream extends AsyncIterable<unknown> {
  on(event: 'error', listener: () => void): unknown
  destroy(): unknown
}

const isIterable = (value: object): value is AsyncIterable<unknown> =>
  Symbol.asyncIterator in value && typeof value[Symbol.asyncIterator] === 'function'

const isNodeStream = (value: AsyncIterable<unknown>): value is NodeStream =>
  'destroy' in value &&
  typeof value.destroy === 'function' &&
  'on' in value &&
  typeof value.on === 'function'

/** Hears what a stream in an answer says of its failure; whoever reads it is told. */
export const hearFailures = (answer: unknown): void => {
  if (typeof answer !== 'object' || answer === null) return
  if (isIterable(answer) && isNodeStream(answer)) answer.on('error', ignore)
  else if ('stream' in answer && answer.stream !== answer) hearFailures(answer.stream)
}

const ofNodeStream = (stream: NodeStream): Pieces => {
  // It may fail before it is read, or after it was dismissed; an 'error' that nobody hears ends the process.
  stream.on('error', ignore)
  const pieces = ofIterable({ [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator]() })
  return { next: () => pieces.next(), close: () => quietly(() => stream.destroy()) }
}

const isWebStream = (value: object): value is ReadableStream<unknown> =>
  'getReader' in value && typeof value.getReader === 'function'

/** True for what {@link piecesOf} takes. */
export const isPieceStream = (value: unknown): value is PieceStream =>
  typeof value === 'object' && value !== null && (isWebStream(value) || isIterable(value))

/** The pieces of a stream, which is given back with them. */
export const piecesOf = (stream: PieceStream): Pieces => {
  if (isWebStream(stream)) return ofWebStream(stream)
  return isNodeStream(stream) ? ofNodeStream(stream) : ofIterable(stream)
}

/** In netascii. */
export const encoded = (pieces: Pieces): Pieces => ({
  next: async () => {
    const piece = await pieces.next()
    return piece && encodeNetascii(piece)
  },
  close: () => pieces.close(),
})

const READ_BYTES = 64 * 1024

/** Gives `length` bytes from `offset`, or fewer at the end. */
type ReadAt = (offset: number, length: number) => Promise<Uint8Array>

/** The pieces of something that can be read anywhere, up to `size`. */
export const piecesBetween = (size: number, readAt: ReadAt, close: () => void): Pieces => {
  let at = 0
  let closed = false
  return {
    next: async () => {
      if (at >= size || closed) return undefined
      const piece = await readAt(at, Math.min(READ_BYTES, size - at))
      at += piece.length
      return piece.length === 0 ? undefined : piece
    },
    close: () => {
      if (closed) return
      closed = true
      quietly(close)
    },
  }
}
