// By its file, so that the type is inlined into the declarations.
import { CodedError } from '@bootwire-internal/common/src/coded-error.ts'

/** Every code an `IpxeScriptError` can carry; `docs/errors.md` says what each one means. */
export const IPXE_SCRIPT_ERROR_CODES = [
  'ERR_IPXE_MAGIC',
  'ERR_IPXE_CONTINUATION',
  'ERR_IPXE_NUL',
  'ERR_IPXE_EXPANSION',
  'ERR_IPXE_SURROGATE',
  'ERR_IPXE_LINE_BREAK',
  'ERR_IPXE_LABEL',
  'ERR_IPXE_DUPLICATE_LABEL',
  'ERR_IPXE_UNKNOWN_LABEL',
  'ERR_IPXE_SETTING',
  'ERR_IPXE_VALUE',
  'ERR_IPXE_OPTION',
  'ERR_IPXE_ARGUMENT',
  'ERR_IPXE_LIMIT',
  'ERR_IPXE_UNHANDLED',
  'ERR_IPXE_LINE',
  'ERR_IPXE_PROFILE',
  'ERR_IPXE_RECIPE',
] as const

export type IpxeScriptErrorCode = (typeof IPXE_SCRIPT_ERROR_CODES)[number]

/** Where in a script's text something was seen; line and column count from 1. */
export interface Position {
  readonly offset: number
  readonly line: number
  readonly column: number
}

/** The one error class of this package. The message says what was seen, then what is allowed. */
export class IpxeScriptError extends CodedError<IpxeScriptErrorCode> {
  override readonly name = 'IpxeScriptError'
  /** Where in the script's text it was seen; absent where there is no text. */
  readonly position: Position | undefined

  constructor(code: IpxeScriptErrorCode, message: string, position?: Position) {
    super(code, message)
    this.position = position
  }
}
