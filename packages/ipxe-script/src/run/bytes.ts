/**
 * A string of bytes: every character stands for one byte. iPXE knows nothing but bytes, so the interpreter keeps
 * them in this form from the first line to the last and turns them to text only in what it reports.
 */
export type Bytes = string

const encoder = /* @__PURE__ */ new TextEncoder()
const strict = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Longest piece that `String.fromCharCode` takes at once, well below every engine's argument limit. */
const PIECE = 8192

const fromOctets = (octets: Uint8Array): Bytes => {
  let bytes = ''
  for (let at = 0; at < octets.length; at += PIECE)
    bytes += String.fromCharCode(...octets.subarray(at, at + PIECE))
  return bytes
}

const isAscii = (text: string): boolean => {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false
  return true
}

/** Text as UTF-8; octets as they are. */
export const toBytes = (source: string | Uint8Array): Bytes => {
  if (typeof source !== 'string') return fromOctets(source)
  return isAscii(source) ? source : fromOctets(encoder.encode(source))
}

const toOctets = (bytes: Bytes): Uint8Array =>
  Uint8Array.from(bytes, (character) => character.charCodeAt(0))

/** The text that the bytes are in UTF-8; one character a byte where they are not UTF-8. */
export const toText = (bytes: Bytes): string => {
  if (isAscii(bytes)) return bytes
  try {
    return strict.decode(toOctets(bytes))
  } catch {
    // Not UTF-8: a person still sees something, byte by byte.
    return bytes
  }
}

/** A C string: what stands before the first NUL. */
export const untilNul = (bytes: Bytes): Bytes => {
  const nul = bytes.indexOf('\0')
  return nul < 0 ? bytes : bytes.slice(0, nul)
}

/** The number at the start of a string, as C reads it: white space, sign, `0x` or octal `0`, digits. */
export const readInteger = (text: string, base = 0): { value: number; length: number } => {
  const lead = /^[ \t\n\v\f\r]*[+-]?/.exec(text)![0]
  let at = lead.length
  let radix = base === 0 ? 10 : base
  if (base === 0 && text[at] === '0') {
    radix = 8
    at++
    if (text[at] === 'x' || text[at] === 'X') {
      radix = 16
      at++
    }
  }
  let value = 0
  for (; at < text.length; at++) {
    const digit = parseInt(text[at]!, 36)
    if (Number.isNaN(digit) || digit >= radix) break
    value = (Math.imul(value, radix) + digit) | 0
  }
  return { value: (lead.endsWith('-') ? -value : value) | 0, length: at }
}

/** A 32-bit integer that takes up the whole text, or nothing. The empty text is 0, as in `strtoul`. */
export const parseInteger = (text: string): number | undefined => {
  const { value, length } = readInteger(text)
  return length === text.length ? value : undefined
}
