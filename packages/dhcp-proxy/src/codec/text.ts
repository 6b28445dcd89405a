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

/** Two lower-case hex digits. */
export const hexByte = (byte: number): string => HEX[byte]!

/** Lower-case hex, two digits a byte. */
export const hexOf = (
  bytes: Uint8Array,
  separator = '',
  from = 0,
  to: number = bytes.length,
): string => {
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
