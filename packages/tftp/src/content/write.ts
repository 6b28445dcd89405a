import { NetasciiDecoder } from '../codec/netascii.ts'
import { TftpError } from '../errors.ts'
import type { Sink } from '../session/sink.ts'
import { invalidAnswer, nameOf } from './answers.ts'
import { quietly } from './pieces.ts'

const closed = () => new TftpError('ERR_TFTP_CLOSED', 'the stream of an upload was closed')

/** What is needed of a `Writable`, whoever made it. */
interface WritableLike {
  readonly destroyed?: boolean
  on(event: string, listener: (error?: Error) => void): unknown
  once(event: string, listener: (error?: Error) => void): unknown
  off(event: string, listener: (error?: Error) => void): unknown
  write(bytes: Uint8Array): boolean
  end(): unknown
  destroy(): unknown
}

/** Feeds a stream, and waits where the stream asks to. */
const ofWritable = (stream: WritableLike): Sink => {
  let failure: Error | undefined
  /** One for all blocks of a window that come while the stream is busy. */
  let drained: Promise<void> | undefined
  stream.on('error', (error) => (failure = error ?? closed()))
  const settled = (event: 'drain' | 'finish') =>
    new Promise<void>((resolve, reject) => {
      const done = (error?: Error) => {
        stream.off(event, done)
        stream.off('error', done)
        stream.off('close', onClose)
        if (error) reject(error)
        else resolve()
      }
      const onClose = () => done(closed())
      stream.once(event, done)
      stream.once('close', onClose)
      stream.once('error', done)
    })
  const check = () => {
    if (failure) throw failure
    // A stream that somebody destroyed would be silent for ever.
    if (stream.destroyed) throw closed()
  }
  return {
    write: (bytes) => {
      check()
      if (stream.write(bytes)) return undefined
      drained ??= settled('drain').finally(() => (drained = undefined))
      return drained
    },
    end: () => {
      check()
      const finished = settled('finish')
      stream.end()
      return finished
    },
    abort: () => quietly(() => stream.destroy()),
  }
}

/** Decodes netascii on its way into `sink`. */
const decoding = (sink: Sink): Sink => {
  const decoder = new NetasciiDecoder()
  return {
    write: (bytes) => sink.write(decoder.push(bytes)),
    end: async () => {
      const left = decoder.end()
      if (left.length > 0) await sink.write(left)
      await sink.end()
    },
    abort: () => sink.abort(),
  }
}

const has = <K extends string>(
  value: unknown,
  ...names: readonly K[]
): value is Record<K, Function> =>
  typeof value === 'object' &&
  value !== null &&
  names.every((name) => typeof Reflect.get(value, name) === 'function')

const isWritable = (value: unknown): value is WritableLike =>
  has(value, 'on', 'once', 'off', 'write', 'end', 'destroy')

const isSink = (value: unknown): value is Sink => has(value, 'write', 'end', 'abort')

const ALLOWED = 'allowed are a Writable, { stream }, { write, end, abort } and refuse(…)'

/**
 * Turns what a write handler answered into something that takes the bytes of the transfer.
 *
 * @throws {TftpError} `ERR_TFTP_INVALID_ANSWER` for what is none of the shapes of `WriteAnswer`
 */
export const sinkOf = (answer: unknown, mode: 'octet' | 'netascii'): Sink => {
  const target: unknown =
    typeof answer === 'object' && answer !== null && 'stream' in answer ? answer.stream : answer
  if (!isWritable(target) && !isSink(target)) throw invalidAnswer(answer, ALLOWED)
  const sink: Sink = isWritable(target)
    ? ofWritable(target)
    : {
        write: (bytes) => target.write(bytes),
        end: () => target.end(),
        abort: () => quietly(() => target.abort()),
      }
  return mode === 'octet' ? sink : decoding(sink)
}

/** The size limit that a write handler set, if any. */
export const maxBytesOf = (answer: unknown): number | undefined => {
  const max =
    typeof answer === 'object' && answer !== null && 'maxBytes' in answer
      ? answer.maxBytes
      : undefined
  if (max === undefined || (typeof max === 'number' && max >= 0)) return max
  throw invalidAnswer(answer, `maxBytes is ${nameOf(max)}, not a number of bytes`)
}
