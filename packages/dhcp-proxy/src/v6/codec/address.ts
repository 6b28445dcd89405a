import { hexOf } from '../../codec/text.ts'
import { DhcpError } from '../../errors.ts'
import { u16 } from './bytes.ts'

export const ADDRESS6_BYTES = 16
const GROUPS = 8

/** Where the longest run of two or more zero groups is, the first of equals (RFC 5952 section 4.2). */
const longestZeros = (groups: readonly number[]): { at: number; length: number } => {
  let best = { at: -1, length: 1 }
  for (let at = 0; at < GROUPS; at++) {
    let length = 0
    while (at + length < GROUPS && groups[at + length] === 0) length++
    if (length > best.length) best = { at, length }
    at += length
  }
  return best
}

const hexText = (groups: readonly number[]): string =>
  groups.map((group) => group.toString(16)).join(':')

/** The text of the 16 bytes at `at`, as RFC 5952 wants it. */
export const readAddress6 = (bytes: Uint8Array, at = 0): string => {
  const groups = Array.from({ length: GROUPS }, (_, i) => u16(bytes, at + 2 * i))
  const zeros = longestZeros(groups)
  if (zeros.at < 0) return hexText(groups)
  return `${hexText(groups.slice(0, zeros.at))}::${hexText(groups.slice(zeros.at + zeros.length))}`
}

const GROUP = /^[0-9a-f]{1,4}$/i
const DOTTED = /^(.*:)(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/

/** The last 32 bits may be written as an IPv4 address (RFC 4291 section 2.2). */
const undotted = (text: string): string | undefined => {
  const match = DOTTED.exec(text)
  if (!match) return text
  const [a = 0, b = 0, c = 0, d = 0] = match.slice(2).map(Number)
  if (Math.max(a, b, c, d) > 255) return undefined
  return `${match[1]}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
}

const groupsOf = (text: string): number[] | undefined => {
  if (text === '') return []
  const parts = text.split(':')
  return parts.every((part) => GROUP.test(part))
    ? parts.map((part) => Number.parseInt(part, 16))
    : undefined
}

/** The 16 bytes of an IPv6 address; undefined for any other text, one with a zone (`%eth0`) included. */
export const address6Bytes = (text: string): Uint8Array | undefined => {
  const [head = '', tail, ...more] = (undotted(text) ?? ':').split('::')
  if (more.length > 0) return undefined
  const before = groupsOf(head)
  const after = groupsOf(tail ?? '')
  if (!before || !after) return undefined
  const missing = GROUPS - before.length - after.length
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  const groups = [...before, ...Array.from({ length: missing }, () => 0), ...after]
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]))
}

/** @throws {DhcpError} `ERR_DHCP_FIELD` */
export const requireAddress6 = (name: string, text: string): Uint8Array => {
  const bytes = address6Bytes(text)
  if (bytes) return bytes
  throw new DhcpError('ERR_DHCP_FIELD', `${name} ${JSON.stringify(text)} is not an IPv6 address`)
}

const UNIVERSAL = 2

/**
 * The MAC in the lower half of an address that was made of it (modified EUI-64, RFC 4291 appendix A), as EDK2, iPXE,
 * U-Boot and the Raspberry Pi make their link-local ones. Undefined for any other address.
 */
export const macOfAddress6 = (text: string): string | undefined => {
  const bytes = address6Bytes(text)
  if (!bytes || bytes[11] !== 0xff || bytes[12] !== 0xfe) return undefined
  return hexOf(
    Uint8Array.of(bytes[8]! ^ UNIVERSAL, bytes[9]!, bytes[10]!, bytes[13]!, bytes[14]!, bytes[15]!),
    ':',
  )
}
