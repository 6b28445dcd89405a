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

/** Reads a number of a range that may have decimals: `1.5`. */
export const decimalNumber =
  (min: number, max: number, unit: string): ((text: string) => number) =>
  (text) => {
    const number = Number(text)
    if (/^\d{1,9}(?:\.\d{1,9})?$/.test(text) && number >= min && number <= max) return number
    throw new UsageError(`is outside ${min}-${max} ${unit}`)
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

/** Reads a word of the command line as an option's text is read; `name` is the word's name in the usage. */
export const readPositional = <T>(name: string, text: string, read: (text: string) => T): T => {
  try {
    return read(text)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new UsageError(`${name} ${JSON.stringify(text)} ${error.message}`, { cause: error })
  }
}
