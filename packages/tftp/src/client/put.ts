import { Opcode } from '../codec/opcodes.ts'
import type { ReadAnswer, Refusal } from '../content/answers.ts'
import { ImageCache } from '../content/image-cache.ts'
import { contentOf } from '../content/read.ts'
import { SendSession } from '../session/send-session.ts'
import { clock, Exchange } from './exchange.ts'
import type { ClientOptions, ClientRecord, Target } from './options.ts'
import { planOf } from './plan.ts'

/** What can be written: bytes, a stream, `{ file }`, `{ handle }`, or an `(offset, length)` reader. */
export type PutSource = Exclude<ReadAnswer, Refusal>

/** The last word of a server that stores what it got may take its time. */
const FINAL_RETRIES = 10

/**
 * Writes a file.
 *
 * The promise settles when the server has acknowledged the last byte.
 * @throws {TftpError} `ERR_TFTP_REFUSED`, `ERR_TFTP_TIMEOUT`, `ERR_TFTP_UNREACHABLE`, `ERR_TFTP_INVALID_URL`,
 * `ERR_TFTP_INVALID_ARGUMENT`, `ERR_TFTP_INVALID_ANSWER` for a source that is none
 */
export const put = async (
  target: string | URL | Target,
  source: PutSource,
  options: ClientOptions = {},
): Promise<ClientRecord> => {
  const plan = await planOf(target, options)
  const { rawName, filename, mode } = plan.target
  // Each file is read once: nothing is kept for others.
  const content = await contentOf(source, mode, new ImageCache(0))
  const size = (options.tsize ?? true) ? content.size : undefined
  const { rollover, retries, patienceMs } = plan
  let begun = false
  try {
    return await new Promise<ClientRecord>((resolve, reject) => {
      const request = { opcode: Opcode.WRQ, filename, rawName, mode }
      const exchange = new Exchange(plan, request, size, {
        begin: ({ blockSize, windowSize, timeoutMs }, wire, onChange) => {
          const isIdle = () => (wire.queued?.() ?? 0) === 0
          const opened = content.open({ blockSize, rollover, isIdle })
          begun = true
          return new SendSession({
            wire,
            clock,
            source: opened,
            onChange,
            sender: {
              windowSize,
              rollover,
              rto: { initialMs: plan.initialTimeoutMs, fixedMs: timeoutMs },
              retries,
              patienceMs,
              unansweredSends: plan.requestRetries + 1,
              finalRetries: Math.min(FINAL_RETRIES, retries),
            },
          })
        },
        onComplete: resolve,
        onFailed: reject,
      })
      exchange.start()
    })
  } finally {
    if (!begun) content.discard()
  }
}
