import { ServerError } from '../model/errors.ts'

/** What can be wrong with the state store: each is a sentence of its own, and `BW-STATE` on a machine's console. */
export const STATE_ERROR_REASONS = [
  'BW-STATE-WRITE',
  'BW-STATE-FULL',
  'BW-STATE-LOCKED',
  'BW-STATE-DAMAGED',
  'BW-STATE-VERSION',
  'BW-STATE-ACCESS',
  'BW-STATE-BUSY',
  'BW-STATE-AWAY',
  'BW-STATE-CLUSTER',
  'BW-STATE-TLS',
  'BW-STATE-CLOSED',
] as const

export type StateErrorReason = (typeof STATE_ERROR_REASONS)[number]

/** The state store cannot do what was asked; what was not answered has not happened, or does no harm if it has. */
export class StateError extends ServerError {
  readonly reason: StateErrorReason

  constructor(reason: StateErrorReason, message: string, options?: ErrorOptions) {
    super('ERR_SERVER_DATA', message, options)
    this.reason = reason
  }
}
