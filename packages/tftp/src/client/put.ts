import { Opcode } from '../codec/opcodes.ts'
import { contentOf } from '../io/content.ts'
import { ImageCache } from '../io/image-cache.ts'
import type { ReadAnswer, Refusal } from '../server/handlers.ts'
import { SendSession } from '../session/send-session.ts'
import { Exchange, planOf } from './exchange.ts'
import type { ClientOptions, ClientRecord, Target } from './options.ts'

/** What can be written: bytes, a stream, `{ file }`, or an `(offset, length)` reader. */
export type PutSource = Exclude<ReadAnswer, Refusal>

const CACHE_BYTES = 1024 * 1024

/**
 * Writes a file.
 *
 * The promise settles when the server has acknowledged the last byte.
 * @throws {TftpError} `ERR_TFTP_REFUSED`, `ERR_TFTP_TIMEOUT`, `ERR_TFTP_INVALID_URL`, `ERR_TFTP_INVALID_ARGUMENT`
 */
export const put = async (
  target: string | URL | Target,
  source: PutSource,
  options: ClientOptions = {},
): Promise<ClientRecord> => {
  const plan = await planOf(target, options)
  const { rawName, filename, mode } = plan.target
  const content = await contentOf(source, mode, new ImageCache(CACHE_BYTES))
  const rollover = options.rollover ?? 0
  const size = (options.tsize ?? true) ? content.size : undefined
  let begun = false
  return new Promise<ClientRecord>((resolve, reject) => {
    const exchange: Exchange = new Exchange(
      plan,
      { opcode: Opcode.WRQ, filename, rawName, mode },
      size,
      {
        begin: (agreement, wire) => {
          begun = true
          const session = new SendSession({
            wire,
            clock: () => performance.now(),
            source: content.open(agreement.blockSize, rollover),
            sender: {
              windowSize: agreement.windowSize,
              rollover,
              rto: { initialMs: options.initialTimeoutMs ?? 1000, fixedMs: agreement.timeoutMs },
              retries: plan.retries,
              unansweredSends: plan.retries + 1,
              finalRetries: plan.retries,
            },
          })
          session.onLoaded = () => exchange.settle()
          return session
        },
        onComplete: resolve,
        onFailed: (error) => {
          if (!begun) content.discard()
          reject(error)
        },
      },
    )
    exchange.start()
  })
}
