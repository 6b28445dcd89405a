import { isPrint, RUNE_ERROR, runeAt, runeBytes, type ByteString } from './bytes.ts'

const SHORT: Readonly<Record<number, string>> = {
  7: String.raw`\a`,
  8: String.raw`\b`,
  9: String.raw`\t`,
  10: String.raw`\n`,
  11: String.raw`\v`,
  12: String.raw`\f`,
  13: String.raw`\r`,
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

const escapeRune = (rune: number, mark: string, asciiOnly: boolean): ByteString => {
  const char = String.fromCodePoint(rune)
  if (char === mark || char === '\\') return `\\${char}`
  if (isPrint(rune) && (rune < 0x80 || !asciiOnly)) return runeBytes(rune)
  const short = SHORT[rune]
  if (short !== undefined) return short
  if (rune < 0x20 || rune === 0x7f) return `\\x${hex(rune, 2)}`
  return rune > 0xffff ? `\\U${hex(rune, 8)}` : `\\u${hex(rune, 4)}`
}

/** Go's strconv.Quote; with `asciiOnly` its QuoteToASCII. */
export const quote = (text: ByteString, asciiOnly = false): ByteString => {
  let quoted = '"'
  for (let at = 0; at < text.length;) {
    const { rune, size } = runeAt(text, at)
    const isByte = rune === RUNE_ERROR && size === 1
    quoted += isByte ? `\\x${hex(text.charCodeAt(at), 2)}` : escapeRune(rune, '"', asciiOnly)
    at += size
  }
  return `${quoted}"`
}

/** Go's strconv.QuoteRune. */
export const quoteRune = (rune: number, asciiOnly = false): ByteString => {
  const isRune = rune >= 0 && rune <= 0x10ffff && !(rune >= 0xd800 && rune <= 0xdfff)
  return `'${escapeRune(isRune ? rune : RUNE_ERROR, "'", asciiOnly)}'`
}

/** Go's strconv.CanBackquote: a raw string can say it. */
export const canBackquote = (text: ByteString): boolean => {
  for (let at = 0; at < text.length;) {
    const { rune, size } = runeAt(text, at)
    at += size
    const isControl = (rune < 0x20 && rune !== 9) || rune === 0x60 || rune === 0x7f
    if (isControl || rune === 0xfeff || (rune === RUNE_ERROR && size === 1)) return false
  }
  return true
}

const PLAIN: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
}

const DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/** One character of a literal between `mark`s; undefined where Go says that the syntax is invalid. */
const unquoteOne = (
  text: ByteString,
  at: number,
  mark: string,
): { bytes: ByteString; rune: number; next: number } | undefined => {
  const char = text[at]
  if (char === undefined || char === mark || char === '\n') return undefined
  if (char !== '\\') {
    const { rune, size } = runeAt(text, at)
    return { bytes: text.slice(at, at + size), rune, next: at + size }
  }
  const letter = text[at + 1] ?? ''
  const plain = letter === mark ? mark : PLAIN[letter]
  if (plain !== undefined) return { bytes: plain, rune: plain.charCodeAt(0), next: at + 2 }
  const digits = DIGITS[letter]
  if (digits !== undefined) {
    const word = text.slice(at + 2, at + 2 + digits)
    if (word.length < digits || !/^[0-9a-fA-F]+$/.test(word)) return undefined
    const rune = Number.parseInt(word, 16)
    if (letter === 'x') return { bytes: String.fromCharCode(rune), rune, next: at + 4 }
    if (rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff)) return undefined
    return { bytes: runeBytes(rune), rune, next: at + 2 + digits }
  }
  const octal = text.slice(at + 1, at + 4)
  if (!/^[0-7]{3}$/.test(octal)) return undefined
  const rune = Number.parseInt(octal, 8)
  return rune > 255 ? undefined : { bytes: String.fromCharCode(rune), rune, next: at + 4 }
}

/** What a string literal says, `"…"` or raw; undefined: its syntax is invalid. */
export const unquote = (literal: ByteString): ByteString | undefined => {
  if (literal.startsWith('`')) return literal.slice(1, -1).replaceAll('\r', '')
  const end = literal.length - 1
  let said = ''
  for (let at = 1; at < end;) {
    const one = unquoteOne(literal, at, '"')
    if (!one || one.next > end) return undefined
    said += one.bytes
    at = one.next
  }
  return said
}

/** The rune of a character constant `'…'`, and what is left before its closing mark. */
export const unquoteRune = (
  literal: ByteString,
): { rune: number; rest: ByteString } | undefined => {
  const one = unquoteOne(literal, 1, "'")
  return one && { rune: one.rune, rest: literal.slice(one.next) }
}
