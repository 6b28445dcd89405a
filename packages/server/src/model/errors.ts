// By its file, so that the type is inlined into the declarations.
import { CodedError } from '@bootwire-internal/common/src/coded-error.ts'

/** Every `code` of a {@link ServerError}; docs/errors.md has a row for each. */
export const SERVER_ERROR_CODES = [
  'ERR_SERVER_CONFIG',
  'ERR_SERVER_INTERFACE',
  'ERR_SERVER_PRIVILEGE',
  'ERR_SERVER_PORT_IN_USE',
  'ERR_SERVER_BIND',
  'ERR_SERVER_SOCKETS',
  'ERR_SERVER_DATA',
  'ERR_SERVER_TEMPLATE',
  'ERR_SERVER_MODULE',
  'ERR_SERVER_NOT_RUNNING',
  'ERR_SERVER_USAGE',
] as const

export type ServerErrorCode = (typeof SERVER_ERROR_CODES)[number]

/** What goes wrong in the daemon itself; the packages below it have error classes of their own. */
export class ServerError extends CodedError<ServerErrorCode> {
  override readonly name = 'ServerError'
}

export { messageOf } from '@bootwire-internal/common'
