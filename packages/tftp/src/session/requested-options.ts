import type { Options } from '../codec/request.ts'
import { DEFAULT_BLOCK_BYTES, MIN_BLOCK_BYTES, parseDecimal, type Negotiated } from './negotiate.ts'

/** What a client asks for. */
export interface RequestedOptions {
  readonly blockSize: number
  readonly windowSize: number
  readonly timeoutSeconds: number | undefined
  /** The `tsize` to send: 0 in a read; the size, where it is known, in a write. */
  readonly tsize: number | undefined
}

/** The options of a request. A value that says the default is not sent: some servers stumble over any option. */
export const optionsOf = ({
  blockSize,
  windowSize,
  timeoutSeconds,
  tsize,
}: RequestedOptions): Options => ({
  ...(blockSize === DEFAULT_BLOCK_BYTES ? {} : { blksize: String(blockSize) }),
  ...(timeoutSeconds === undefined ? {} : { timeout: String(timeoutSeconds) }),
  ...(tsize === undefined ? {} : { tsize: String(tsize) }),
  ...(windowSize === 1 ? {} : { windowsize: String(windowSize) }),
})

/** What an OACK that is no answer to the requested is told with ERROR 8. */
export interface BadAnswer {
  readonly reason: string
}

/**
 * Checks an OACK against what was asked (RFC 2347: only options that were requested; RFC 2348, 7440: not more
 * than was asked; RFC 2349: the same `timeout`).
 */
export const acceptAnswer = (
  requested: RequestedOptions,
  answer: Options,
): Negotiated | BadAnswer => {
  const asked = optionsOf(requested)
  let blockSize = DEFAULT_BLOCK_BYTES
  let windowSize = 1
  let timeoutMs: number | undefined
  let announcedBytes: number | undefined
  for (const [name, text] of Object.entries(answer)) {
    const value = parseDecimal(text)
    if (!Object.hasOwn(asked, name)) return { reason: `option ${name} was not requested` }
    if (value === undefined) return { reason: `option ${name} is no number` }
    switch (name) {
      case 'blksize':
        if (value < MIN_BLOCK_BYTES || value > requested.blockSize)
          return { reason: `blksize ${value} is out of range` }
        blockSize = value
        break
      case 'windowsize':
        if (value < 1 || value > requested.windowSize)
          return { reason: `windowsize ${value} is out of range` }
        windowSize = value
        break
      case 'timeout':
        if (value !== requested.timeoutSeconds)
          return { reason: `timeout ${value} is not what was requested` }
        timeoutMs = value * 1000
        break
      default:
        announcedBytes = value
    }
  }
  return { blockSize, windowSize, timeoutMs, announcedBytes, options: answer }
}
