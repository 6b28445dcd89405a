/** The bytes up to the first NUL, one character a byte (Latin-1): any bytes survive the way there and back. */
export const readText = (bytes: Uint8Array, from = 0, to: number = bytes.length): string => {
  let text = ''
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!
    if (byte === 0) break
    text += String.fromCharCode(byte)
  }
  return text
}

/** One byte a character; undefined where a character has no single byte. */
export const writeText = (text: string): Uint8Array | undefined => {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0xff) return undefined
    bytes[i] = unit
  }
  return bytes
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const DIGITS = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

/** Puts the two lower-case hex digits of a byte into a list of character codes. */
export const putHex = (codes: number[], at: number, byte: number): void => {
  codes[at] = DIGITS[byte >> 4]!
  codes[at + 1] = DIGITS[byte & 15]!
}

/** The characters of some codes. One call for all: what is joined piece by piece is joined again when it is compared. */
export const textOfCodes = (codes: readonly number[]): string =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `apply` only reads them
  String.fromCharCode.apply(null, codes as number[])

const MAC_BYTES = 6
const macCodes = Array.from({ length: 3 * MAC_BYTES - 1 }, () => ':'.charCodeAt(0))

/** Lower-case hex, two digits a byte. */
export const hexOf = (
  bytes: Uint8Array,
  separator = '',
  from = 0,
  to: number = bytes.length,
): string => {
  if (separator === ':' && to - from === MAC_BYTES) {
    // A MAC, which every packet has: three times as fast.
    for (let i = 0; i < MAC_BYTES; i++) putHex(macCodes, 3 * i, bytes[from + i]!)
    return textOfCodes(macCodes)
  }
  let text = from < to ? HEX[bytes[from]!]! : ''
  for (let at = from + 1; at < to; at++) text += separator + HEX[bytes[at]!]!
  return text
}

/** Bytes as people read them: printable ASCII as it is, everything else as `0x…`. */
export const readableBytes = (bytes: Uint8Array): string => {
  for (const byte of bytes) if (byte < 0x20 || byte > 0x7e) return `0x${hexOf(bytes)}`
  return readText(bytes)
}

/** Text from the wire made safe for one line of a log: control and non-ASCII characters as `\x…`. */
export const escapeText = (text: string): string => {
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  return text.replace(/[\x00-\x1f\x7f-\uffff\\]/g, (c) => `\\x${HEX[c.charCodeAt(0) & 0xff]!}`)
}
