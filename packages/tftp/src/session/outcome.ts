/** Every way in which a transfer can end. */
export const OUTCOMES = [
  'done',
  'unconfirmed',
  'probe',
  'client-abort',
  'client-gone',
  'time-out',
  'denied',
  'failed',
  'superseded',
  'cancelled',
] as const

/**
 * How a transfer ended, seen from the server.
 *
 * - `done`: every byte acknowledged
 * - `unconfirmed`: all was sent, but the last ACK never came; many clients never send it
 * - `probe`: the client asked for the size only and left at the OACK, as UEFI does: no failure
 * - `client-abort`: the client sent an ERROR
 * - `client-gone`: the client's port is closed (ICMP)
 * - `time-out`: the client fell silent
 * - `denied`: the handler refused, the file is not there or not to be had, or the mode is not supported
 * - `failed`: the handler, the file or the disk failed, no port was free, or the client broke the protocol
 * - `superseded`: the same client asked anew from the same port
 * - `cancelled`: the server closed, or the transfer grew too old
 */
export type Outcome = (typeof OUTCOMES)[number]

/** How a session ended, with the error packet that was sent or received, if any. */
export interface TransferEnd {
  readonly outcome: Outcome
  /** Code and text of the ERROR packet. */
  readonly code?: number
  readonly message?: string
  /** What a handler, a reader or a writer of this side threw. */
  readonly error?: Error
}

/** Whatever was thrown, as an Error. */
export const errorOf = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown })
