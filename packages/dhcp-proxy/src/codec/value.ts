import { writeText } from './text.ts'

/** An option's value as people give it: text (one byte a character) or bytes. */
export type OptionValue = string | Uint8Array | readonly number[]

const isByte = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255

/** The bytes of a value; undefined for text outside Latin-1 and for numbers that are no bytes, which are never wrapped. */
export const valueBytes = (value: OptionValue): Uint8Array | undefined => {
  if (typeof value === 'string') return writeText(value)
  if (value instanceof Uint8Array) return value
  return Array.isArray(value) && value.every(isByte) ? Uint8Array.from(value) : undefined
}
