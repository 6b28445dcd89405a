import { messageOf, ServerError } from '../model/errors.ts'
import { holderOf, type Transport } from './ports.ts'

const codeOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code))
    return error.code
  return codeOf(error.cause)
}

/** What to say of a port that could not be bound: who holds it, or what right is missing. */
export const bindError = (
  error: unknown,
  what: string,
  transport: Transport,
  address: string,
  port: number,
): ServerError => {
  const where = `${transport.toUpperCase()} ${address}:${port}`
  const options = { cause: error }
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
      return new ServerError(
        'ERR_SERVER_PRIVILEGE',
        `no right to bind ${where} for ${what}: run as root, or give Node the right (setcap cap_net_bind_service=+ep "$(command -v node)"), or have systemd pass the sockets (bootwire serve --print-units)`,
        options,
      )
    case 'EADDRINUSE': {
      const holder = holderOf(transport, port)
      return new ServerError(
        'ERR_SERVER_PORT_IN_USE',
        `${where} for ${what} is in use by ${holder ?? 'another process, which this user may not see'}; stop it, or choose another port`,
        options,
      )
    }
    default:
      return new ServerError(
        'ERR_SERVER_BIND',
        `cannot bind ${where} for ${what}: ${messageOf(error)}`,
        options,
      )
  }
}
