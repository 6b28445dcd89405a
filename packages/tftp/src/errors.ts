// By its file, so that the type is inlined into the declarations.
import { CodedError } from '@bootwire-internal/common/src/coded-error.ts'

/** Every code that an error of this package can carry; `docs/errors.md` has a row for each. */
export const TFTP_ERROR_CODES = [
  'ERR_TFTP_MALFORMED',
  'ERR_TFTP_INVALID_ARGUMENT',
  'ERR_TFTP_INVALID_ANSWER',
  'ERR_TFTP_NOT_A_FILE',
  'ERR_TFTP_INVALID_URL',
  'ERR_TFTP_LISTENING',
  'ERR_TFTP_NO_SOCKET',
  'ERR_TFTP_CLOSED',
  'ERR_TFTP_REFUSED',
  'ERR_TFTP_TIMEOUT',
  'ERR_TFTP_UNREACHABLE',
  'ERR_TFTP_PROTOCOL',
  'ERR_TFTP_FILE_CHANGED',
  'ERR_TFTP_TOO_LARGE',
] as const

/** What went wrong, as a stable word: match this, not the message. */
export type TftpErrorCode = (typeof TFTP_ERROR_CODES)[number]

/** The one error class of this package. */
export class TftpError extends CodedError<TftpErrorCode> {
  override readonly name = 'TftpError'
  /** The error code of the peer's ERROR packet (RFC 1350 appendix I), where there was one. */
  readonly remoteCode: number | undefined

  constructor(
    code: TftpErrorCode,
    message: string,
    options: ErrorOptions & { remoteCode?: number } = {},
  ) {
    super(code, message, 'cause' in options ? { cause: options.cause } : undefined)
    this.remoteCode = options.remoteCode
  }
}
