/**
 * Go's strings are bytes. Within this package a string has one character a byte (latin1), so that `len`, `index`, `slice` and
 * comparison are those of JavaScript; runes are decoded where a rule speaks of them.
 */
export type ByteString = string

export const toBytes = (text: string): ByteString => Buffer.from(text, 'utf8').toString('latin1')

export const fromBytes = (bytes: ByteString): string =>
  Buffer.from(bytes, 'latin1').toString('utf8')

/** What Go reads where the bytes are no UTF-8: U+FFFD, one byte long. */
export const RUNE_ERROR = 0xfffd

const sizeOf = (first: number): number => {
  if (first < 0xc2) return 0
  if (first < 0xe0) return 2
  if (first < 0xf0) return 3
  return first < 0xf5 ? 4 : 0
}

/** The rune at a place, and its length in bytes. Overlong forms and surrogates are no UTF-8. */
export const runeAt = (bytes: ByteString, at: number): { rune: number; size: number } => {
  const first = bytes.charCodeAt(at)
  if (first < 0x80) return { rune: first, size: 1 }
  const size = sizeOf(first)
  let rune = first & (0x7f >> size)
  for (let i = 1; i < size; i++) {
    const next = bytes.charCodeAt(at + i)
    if (Number.isNaN(next) || (next & 0xc0) !== 0x80) return { rune: RUNE_ERROR, size: 1 }
    rune = rune * 64 + (next & 0x3f)
  }
  const isBad =
    size === 0 ||
    (size === 3 && rune < 0x800) ||
    (size === 4 && (rune < 0x10000 || rune > 0x10ffff)) ||
    (rune >= 0xd800 && rune <= 0xdfff)
  return isBad ? { rune: RUNE_ERROR, size: 1 } : { rune, size }
}

/** Bytes of a rune; what is none becomes U+FFFD. */
export const runeBytes = (rune: number): ByteString => {
  const isRune = rune >= 0 && rune <= 0x10ffff && !(rune >= 0xd800 && rune <= 0xdfff)
  return toBytes(String.fromCodePoint(isRune ? rune : RUNE_ERROR))
}

export const runesOf = (bytes: ByteString): { rune: number; size: number; at: number }[] => {
  const runes = []
  for (let at = 0; at < bytes.length;) {
    const { rune, size } = runeAt(bytes, at)
    runes.push({ rune, size, at })
    at += size
  }
  return runes
}

const matches = (pattern: RegExp, rune: number): boolean =>
  !(rune >= 0xd800 && rune <= 0xdfff) && pattern.test(String.fromCodePoint(rune))

/** Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols, and the ASCII space. */
export const isPrint = (rune: number): boolean =>
  rune < 0x7f ? rune >= 0x20 : matches(/[\p{L}\p{M}\p{N}\p{P}\p{S}]/u, rune)

/** What names are made of. */
export const isAlphaNumeric = (rune: number): boolean => matches(/[_\p{L}\p{Nd}]/u, rune)
