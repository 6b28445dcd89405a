import { IpxeScriptError } from '../errors.ts'

/** A length of time. `sleep` prints it in seconds, every other command in milliseconds. */
export class Duration {
  readonly milliseconds: number

  constructor(milliseconds: number) {
    if (!Number.isSafeInteger(milliseconds) || milliseconds < 0 || milliseconds > 0x7fffffff)
      throw new IpxeScriptError(
        'ERR_IPXE_VALUE',
        `a time of ${milliseconds} ms is not a whole number of milliseconds from 0 to 2147483647`,
      )
    this.milliseconds = milliseconds
  }
}

export const ms = (milliseconds: number): Duration => new Duration(milliseconds)

export const seconds = (count: number): Duration => new Duration(Math.round(count * 1000))

export const minutes = (count: number): Duration => new Duration(Math.round(count * 60_000))

/** What `sleep` takes. */
export const wholeSeconds = ({ milliseconds }: Duration): number => {
  if (milliseconds % 1000 !== 0)
    throw new IpxeScriptError(
      'ERR_IPXE_VALUE',
      `sleep ${milliseconds} ms is not a whole number of seconds`,
    )
  return milliseconds / 1000
}
