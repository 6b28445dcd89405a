import { Writable } from 'node:stream'

import { NetasciiDecoder } from '../codec/netascii.ts'
import { TftpError } from '../errors.ts'
import type { Sink } from '../session/sink.ts'
import type { Refusal, UploadSink, WriteAnswer } from './handlers.ts'

const closed = () => new TftpError('ERR_TFTP_CLOSED', 'the stream of an upload was closed')

/** Feeds a stream, and waits where the stream asks to. */
const ofWritable = (stream: Writable): Sink => {
  let failure: Error | undefined
  /** One for all blocks of a window that come while the stream is busy. */
  let drained: Promise<void> | undefined
  stream.on('error', (error) => (failure = error))
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
    abort: () => stream.destroy(),
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

/** Turns what a write handler answered into something that takes the bytes of the transfer. */
export const sinkOf = (answer: Exclude<WriteAnswer, Refusal>, mode: 'octet' | 'netascii'): Sink => {
  const target: Writable | UploadSink = 'stream' in answer ? answer.stream : answer
  const sink = target instanceof Writable ? ofWritable(target) : target
  return mode === 'octet' ? sink : decoding(sink)
}

/** The size limit that a write handler set, if any. */
export const maxBytesOf = (answer: Exclude<WriteAnswer, Refusal>): number | undefined =>
  'maxBytes' in answer ? answer.maxBytes : undefined
