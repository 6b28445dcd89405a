import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'

import { NetasciiDecoder } from '../codec/netascii.ts'
import { Opcode } from '../codec/opcodes.ts'
import { ReceiveSession } from '../session/receive-session.ts'
import type { Sink } from '../session/sink.ts'
import { clock, Exchange } from './exchange.ts'
import type { ClientOptions, ClientRecord, Download, Target } from './options.ts'
import { planOf } from './plan.ts'

/** A receiver asks again less eagerly than a sender sends again: it is the sender's turn. */
const MIN_TIMEOUT_MS = 100
/** RFC 1350 section 6: at least this long a repeated last block is acknowledged again. */
const DALLY_MS = 300

interface Deferred<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (error: Error) => void
}

const deferred = <T>(): Deferred<T> => {
  const parts: Partial<Deferred<T>>[] = []
  const promise = new Promise<T>((resolve, reject) => parts.push({ resolve, reject }))
  return { resolve: () => {}, reject: () => {}, ...parts[0], promise }
}

/** A stream and the sink that fills it; a slow reader holds back the ACKs, and so the server. */
const pipe = (
  mode: 'octet' | 'netascii',
  onDestroy: () => void,
): { readonly stream: Readable; readonly sink: Sink } => {
  let resume: (() => void) | undefined
  /** One for all blocks that come while the reader is busy: a window is on its way already. */
  let waiting: Promise<void> | undefined
  let over = false
  const decoder = mode === 'netascii' ? new NetasciiDecoder() : undefined
  const stream = new Readable({
    read: () => {
      resume?.()
      waiting = undefined
    },
    destroy: (error, callback) => {
      if (!over) onDestroy()
      callback(error)
    },
  })
  // A failure may come before the caller gets round to reading; the stream keeps it for whoever reads then.
  stream.on('error', () => {})
  const sink: Sink = {
    write: (bytes) => {
      const piece = decoder ? decoder.push(bytes) : bytes
      if (piece.length === 0 || stream.push(piece)) return undefined
      waiting ??= new Promise((resolve) => {
        resume = resolve
      })
      return waiting
    },
    end: () => {
      over = true
      const left = decoder?.end()
      if (left && left.length > 0) stream.push(left)
      stream.push(null)
    },
    abort: () => {
      over = true
      resume?.()
    },
  }
  return { stream, sink }
}

/**
 * Reads a file.
 *
 * The promise settles with the server's first answer; the bytes come through `stream`.
 * @throws {TftpError} `ERR_TFTP_REFUSED`, `ERR_TFTP_TIMEOUT`, `ERR_TFTP_UNREACHABLE`, `ERR_TFTP_INVALID_URL`,
 * `ERR_TFTP_INVALID_ARGUMENT`
 */
export const get = async (
  target: string | URL | Target,
  options: ClientOptions = {},
): Promise<Download> => {
  const plan = await planOf(target, options)
  const { rawName, filename, mode } = plan.target
  const { rollover, retries, patienceMs } = plan
  const { promise: finished, resolve: finish, reject } = deferred<ClientRecord>()
  // Whoever only reads the stream hears of the failure there.
  finished.catch(() => {})
  return new Promise((resolve, refuse) => {
    let granted = false
    const { stream, sink } = pipe(mode, () => exchange.fail(stream.errored))
    const request = { opcode: Opcode.RRQ, filename, rawName, mode }
    const exchange = new Exchange(plan, request, (options.tsize ?? true) ? 0 : undefined, {
      begin: ({ blockSize, windowSize, timeoutMs, announcedBytes }, wire, onChange) =>
        new ReceiveSession({
          wire,
          clock,
          sink,
          blockSize,
          // A server that says 0 does not know.
          expectedBytes: mode === 'octet' ? announcedBytes || undefined : undefined,
          dallyMs: DALLY_MS,
          onChange,
          receiver: {
            windowSize,
            rollover,
            rto: { initialMs: plan.initialTimeoutMs, minMs: MIN_TIMEOUT_MS, fixedMs: timeoutMs },
            retries,
            patienceMs,
            unansweredSends: plan.requestRetries + 1,
          },
        }),
      onGranted: ({ announcedBytes, blockSize, windowSize, options: agreed }, peer) => {
        granted = true
        resolve({
          stream,
          size: announcedBytes,
          blockSize,
          windowSize,
          options: { ...agreed },
          peer,
          finished,
          bytes: () => buffer(stream),
        })
      },
      onComplete: finish,
      onFailed: (error) => {
        refuse(error)
        reject(error)
        // Before the server's answer nobody has the stream: an error on it would be nobody's.
        stream.destroy(granted ? error : undefined)
      },
    })
    exchange.start()
  })
}
