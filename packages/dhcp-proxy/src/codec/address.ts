const UNSET = '0.0.0.0'

/** Dotted text of the four bytes at `at`. */
export const readAddress = (bytes: Uint8Array, at = 0): string => {
  const [a, b, c, d] = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!]
  return (a | b | c | d) === 0 ? UNSET : `${a}.${b}.${c}.${d}`
}

const ZERO = 48
const NINE = 57
const DOT = 46

/** A dotted IPv4 address as a number, or undefined for any other text (no short forms). */
export const parseAddress = (text: string): number | undefined => {
  if (text === UNSET) return 0
  let value = 0
  let byte = 0
  let digits = 0
  let dots = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === DOT && digits > 0) {
      value = value * 256 + byte
      byte = 0
      digits = 0
      dots++
    } else if (code >= ZERO && code <= NINE && digits < 3) {
      byte = byte * 10 + code - ZERO
      digits++
    } else {
      return undefined
    }
    if (byte > 255) return undefined
  }
  return dots === 3 && digits > 0 ? value * 256 + byte : undefined
}

/** Writes `text` at `at`; false where it is not an IPv4 address. */
export const writeAddress = (bytes: Uint8Array, at: number, text: string): boolean => {
  const value = parseAddress(text)
  if (value === undefined) return false
  bytes[at] = value >>> 24
  bytes[at + 1] = value >>> 16
  bytes[at + 2] = value >>> 8
  bytes[at + 3] = value
  return true
}

/** The address's four bytes, or undefined where it is not an IPv4 address. */
export const addressBytes = (text: string): Uint8Array | undefined => {
  const bytes = new Uint8Array(4)
  return writeAddress(bytes, 0, text) ? bytes : undefined
}
