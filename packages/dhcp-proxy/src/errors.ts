// By its file, so that the type is inlined into the declarations.
import { CodedError } from '@bootwire-internal/common/src/coded-error.ts'

/** Every code a {@link DhcpError} can carry; `docs/errors.md` has a row for each. */
export const DHCP_ERROR_CODES = [
  'ERR_DHCP_MALFORMED',
  'ERR_DHCP_FIELD',
  'ERR_DHCP_OPTION',
  'ERR_DHCP_OPTION_TOO_LONG',
  'ERR_DHCP_REPLY_TOO_LARGE',
  'ERR_DHCP_BOOT_FILE',
  'ERR_DHCP_MENU',
  'ERR_DHCP_DECISION',
  'ERR_DHCP_RULE',
  'ERR_DHCP_CONFIG',
  'ERR_DHCP_INTERFACES',
  'ERR_DHCP_LISTEN',
  'ERR_DHCP_CLOSED',
] as const

export type DhcpErrorCode = (typeof DHCP_ERROR_CODES)[number]

/** The one error class of this package. The message says what was seen, then what is allowed. */
export class DhcpError extends CodedError<DhcpErrorCode> {
  override readonly name = 'DhcpError'
}
