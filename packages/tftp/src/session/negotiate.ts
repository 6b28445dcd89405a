import { HEADER_BYTES } from '../codec/opcodes.ts'
import type { Options } from '../codec/request.ts'

/** The options this package knows: RFC 2348, 2349, 7440. */
export const OPTION_NAMES = ['blksize', 'timeout', 'tsize', 'windowsize'] as const

/** One of {@link OPTION_NAMES}. */
export type OptionName = (typeof OPTION_NAMES)[number]

/** Block size without `blksize`: RFC 1350 section 2. */
export const DEFAULT_BLOCK_BYTES = 512
/** RFC 2348: 8 to 65464. */
export const MIN_BLOCK_BYTES = 8
export const MAX_BLOCK_BYTES = 65_464
/** Half of the block numbers: further apart, an old ACK could be taken for a new one. */
export const MAX_WINDOW_BLOCKS = 32_767

/** What the kernel accounts for a datagram besides its bytes, about. */
const DATAGRAM_OVERHEAD_BYTES = 800
/** Linux' default receive buffer (212992 bytes) holds about this much of a window safely. */
const WINDOW_BYTES = 150_000

/** What the server allows. */
export interface NegotiationPolicy {
  readonly maxBlockSize: number
  readonly maxWindowSize: number
  /** Left unanswered, as if this server did not know them. */
  readonly refuse: readonly OptionName[]
}

/** The agreed values, and the options of the OACK; none: no OACK. */
export interface Negotiated {
  readonly blockSize: number
  readonly windowSize: number
  readonly timeoutMs: number | undefined
  /** What a writing client announced. */
  readonly announcedBytes: number | undefined
  readonly options: Options
}

/** A decimal number as the RFCs mean it: digits only. `0x10`, `1e3`, `-1` and ` 5` are no numbers here. */
export const parseDecimal = (text: string): number | undefined => {
  if (!/^\d{1,15}$/.test(text)) return undefined
  return Number(text)
}

const within = (text: string | undefined, from: number, to: number): number | undefined => {
  const value = text === undefined ? undefined : parseDecimal(text)
  return value !== undefined && value >= from && value <= to ? value : undefined
}

/**
 * Answers the options of a request (RFC 2347): each is granted, with a value that its RFC allows, or left out.
 *
 * @param size of the file over the wire, for a read; undefined: not known, so `tsize` is left out
 */
export const negotiate = (
  asked: Options,
  policy: NegotiationPolicy,
  operation: { readonly read: true; readonly size: number | undefined } | { readonly read: false },
): Negotiated => {
  const granted: Record<string, string> = {}
  const wanted = (name: OptionName) => (policy.refuse.includes(name) ? undefined : asked[name])

  let blockSize = DEFAULT_BLOCK_BYTES
  const blksize = within(wanted('blksize'), MIN_BLOCK_BYTES, MAX_BLOCK_BYTES)
  if (blksize !== undefined) {
    blockSize = Math.min(blksize, policy.maxBlockSize)
    granted['blksize'] = String(blockSize)
  }

  // RFC 2349: the same value or nothing; U-Boot and EDK2 abort on another one.
  const seconds = within(wanted('timeout'), 1, 255)
  if (seconds !== undefined) granted['timeout'] = String(seconds)

  const tsize = wanted('tsize')
  const announced = tsize === undefined ? undefined : parseDecimal(tsize)
  // The size of an empty file is left out: curl takes `tsize` 0 for an error and gives up.
  if (tsize !== undefined && operation.read && operation.size)
    granted['tsize'] = String(operation.size)
  if (announced !== undefined && !operation.read) granted['tsize'] = String(announced)

  let windowSize = 1
  const windowsize = within(wanted('windowsize'), 1, 65_535)
  if (windowsize !== undefined) {
    const fitting = Math.floor(WINDOW_BYTES / (blockSize + HEADER_BYTES + DATAGRAM_OVERHEAD_BYTES))
    windowSize = Math.max(1, Math.min(windowsize, policy.maxWindowSize, MAX_WINDOW_BLOCKS, fitting))
    granted['windowsize'] = String(windowSize)
  }

  return {
    blockSize,
    windowSize,
    timeoutMs: seconds === undefined ? undefined : seconds * 1000,
    announcedBytes: operation.read ? undefined : announced,
    options: granted,
  }
}
