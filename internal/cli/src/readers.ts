import { UsageError } from './usage-error.ts'

/** Reads a whole number of a range; `unit` is for the message: `seconds`. */
export const wholeNumber =
  (min: number, max: number, unit = ''): ((text: string) => number) =>
  (text) => {
    const number = Number(text)
    if (/^\d{1,15}$/.test(text) && number >= min && number <= max) return number
    throw new UsageError(
      `is no whole number from ${min} to ${max}${unit === '' ? '' : ` (${unit})`}`,
    )
  }

/** Reads a port; 0 takes any that is free. */
export const portNumber: (text: string) => number = (text) => {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new UsageError('is no port; 0 to 65535 are allowed')
}

/** Reads `NAME=VALUE`; the value may be empty and may hold further `=`. */
export const nameAndValue: (text: string) => readonly [name: string, value: string] = (text) => {
  const equals = text.indexOf('=')
  if (equals < 1) throw new UsageError('is not NAME=VALUE')
  return [text.slice(0, equals), text.slice(equals + 1)]
}
