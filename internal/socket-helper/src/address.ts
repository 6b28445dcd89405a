import { isIPv4, isIPv6 } from 'node:net'

/** An address as the wire has it: 4 or 16 bytes, and for a link-local one its zone. */
export interface AddressBytes {
  readonly family: 4 | 6
  readonly bytes: Uint8Array
  /** What follows `%`: an interface's name or index. */
  readonly zone?: string
}

const MAPPED = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/

/** `::ffff:1.2.3.4` as `::ffff:102:304`. */
const withoutDots = (text: string): string => {
  const found = MAPPED.exec(text)
  if (!found) return text
  const [a = 0, b = 0, c = 0, d = 0] = found.slice(2).map(Number)
  return `${found[1]}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
}

const groupsOf = (text: string): readonly number[] =>
  text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))

const ipv6Bytes = (text: string): Uint8Array => {
  const [head = '', tail] = withoutDots(text).split('::')
  const first = groupsOf(head)
  const last = tail === undefined ? [] : groupsOf(tail)
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  first.forEach((group, i) => view.setUint16(i * 2, group))
  last.forEach((group, i) => view.setUint16((8 - last.length + i) * 2, group))
  return bytes
}

/** The bytes of a numeric address, or undefined for a text that is none. */
export const parseAddress = (text: string): AddressBytes | undefined => {
  if (isIPv4(text)) return { family: 4, bytes: Uint8Array.from(text.split('.'), Number) }
  if (!isIPv6(text)) return undefined
  const [address = '', zone] = text.split('%')
  return { family: 6, bytes: ipv6Bytes(address), ...(zone !== undefined && { zone }) }
}

/** An IPv4 address of four bytes. */
export const formatIPv4 = (bytes: Uint8Array, at = 0): string =>
  `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`

/** The longest run of at least two zero groups, the first of equals (RFC 5952 section 4.2). */
const longestZeros = (groups: readonly number[]): { at: number; length: number } => {
  let best = { at: -1, length: 1 }
  for (let i = 0; i < groups.length; i++) {
    let length = 0
    while (groups[i + length] === 0) length++
    if (length > best.length) best = { at: i, length }
  }
  return best
}

const isMapped = (groups: readonly number[]): boolean =>
  groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)

const hexOf = (groups: readonly number[]): string =>
  groups.map((group) => group.toString(16)).join(':')

/** An IPv6 address of 16 bytes in the form of RFC 5952, as Node's own sockets report it. */
export const formatIPv6 = (bytes: Uint8Array, at = 0): string => {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 16)
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(i * 2))
  if (isMapped(groups)) return `::ffff:${formatIPv4(bytes, at + 12)}`
  const zeros = longestZeros(groups)
  if (zeros.at < 0) return hexOf(groups)
  return `${hexOf(groups.slice(0, zeros.at))}::${hexOf(groups.slice(zeros.at + zeros.length))}`
}
