import type { FieldValue } from './names.ts'

/** Longest text of one field in the log; a machine may call itself anything. */
const MAX_FIELD_CHARACTERS = 512
const MAX_ITEMS = 64

// Control characters, line separators, and the marks that reverse the direction of what follows.
// oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
const HARMFUL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

const escaped = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Text from the network, fit for a terminal and for one line of a log. */
export const harmless = (text: string): string => {
  const clean = text.replace(HARMFUL, escaped)
  return clean.length > MAX_FIELD_CHARACTERS
    ? `${clean.slice(0, MAX_FIELD_CHARACTERS - 1)}…`
    : clean
}

/** The same for a field of any shape. */
export const harmlessField = (value: FieldValue): FieldValue => {
  if (typeof value === 'string') return harmless(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value))
    return value.slice(0, MAX_ITEMS).map((item: FieldValue) => harmlessField(item))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [harmless(key), harmlessField(item)]),
  )
}
