// By its file, so that the type is inlined into the declarations.
import { CodedError } from '@bootwire-internal/common/src/coded-error.ts'

/** Every code that a {@link SquidRulesError} or an {@link Issue} can carry; `docs/errors.md` has a row for each. */
export const ERROR_CODES = [
  'ERR_SQUID_TYPE',
  'ERR_SQUID_UNKNOWN_KEY',
  'ERR_SQUID_MISSING',
  'ERR_SQUID_NAME',
  'ERR_SQUID_VENDOR',
  'ERR_SQUID_MIRROR',
  'ERR_SQUID_PATTERN',
  'ERR_SQUID_KEY',
  'ERR_SQUID_MERGES',
  'ERR_SQUID_COLLISION',
  'ERR_SQUID_PIN',
  'ERR_SQUID_VALUE',
  'ERR_SQUID_UNSAFE',
  'ERR_SQUID_OBSOLETE',
  'ERR_SQUID_TLS',
  'ERR_SQUID_REUSED',
  'ERR_SQUID_SYNTAX',
  'ERR_SQUID_INDEX',
  'ERR_SQUID_FILE',
] as const

/** What went wrong, for programs. */
export type ErrorCode = (typeof ERROR_CODES)[number]

/** The one error class of this package: match on `code`, show `message`. */
export class SquidRulesError extends CodedError<ErrorCode> {
  override readonly name = 'SquidRulesError'
}
