import debug from 'debug'

/** `DEBUG=bootwire:tftp:*` prints these; what matters is on the diagnostics channels too. */
export const logServer: (format: string, ...values: unknown[]) => void =
  debug('bootwire:tftp:server')
export const logClient: (format: string, ...values: unknown[]) => void =
  debug('bootwire:tftp:client')
