/** Every code an `IpxeScriptError` can carry; `docs/errors.md` says what each one means. */
export const IPXE_SCRIPT_ERROR_CODES = [
  'ERR_IPXE_MAGIC',
  'ERR_IPXE_CONTINUATION',
  'ERR_IPXE_NUL',
] as const

export type IpxeScriptErrorCode = (typeof IPXE_SCRIPT_ERROR_CODES)[number]

/** Where in a script's text something was seen; line and column count from 1. */
export interface Position {
  readonly offset: number
  readonly line: number
  readonly column: number
}

export class IpxeScriptError extends Error {
  override readonly name = 'IpxeScriptError'
  readonly code: IpxeScriptErrorCode
  readonly position: Position | undefined

  constructor(code: IpxeScriptErrorCode, message: string, position?: Position) {
    super(message)
    this.code = code
    this.position = position
  }
}
