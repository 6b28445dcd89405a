/** Dotted text of the four bytes at `at`. */
export function readAddress(bytes: Uint8Array, at = 0): string {
  return `${bytes[at]!}.${bytes[at + 1]!}.${bytes[at + 2]!}.${bytes[at + 3]!}`
}

/** A dotted IPv4 address as a number, or undefined for any other text (no octal, no short forms). */
export function parseAddress(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (!match) return undefined
  let value = 0
  for (let i = 1; i <= 4; i++) {
    const byte = Number(match[i])
    if (byte > 255) return undefined
    value = value * 256 + byte
  }
  return value
}

/** Writes `text` at `at`; false where it is not an IPv4 address. */
export function writeAddress(bytes: Uint8Array, at: number, text: string): boolean {
  const value = parseAddress(text)
  if (value === undefined) return false
  bytes[at] = value >>> 24
  bytes[at + 1] = value >>> 16
  bytes[at + 2] = value >>> 8
  bytes[at + 3] = value
  return true
}

/** The address's four bytes, or undefined where it is not an IPv4 address. */
export function addressBytes(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(4)
  return writeAddress(bytes, 0, text) ? bytes : undefined
}
