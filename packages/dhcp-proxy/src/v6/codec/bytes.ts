import { DhcpError } from '../../errors.ts'

export const u16 = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!

export const u32 = (bytes: Uint8Array, at: number): number =>
  ((u16(bytes, at) << 16) | u16(bytes, at + 2)) >>> 0

/** Several stretches of bytes as one. */
export const joined = (parts: readonly ArrayLike<number>[]): Uint8Array => {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** @throws {DhcpError} `ERR_DHCP_FIELD` */
export const checkNumber6 = (name: string, value: number, max: number): number => {
  if (Number.isInteger(value) && value >= 0 && value <= max) return value
  throw new DhcpError('ERR_DHCP_FIELD', `${name} ${value} is outside 0–${max}`)
}

export const u16Bytes = (name: string, value: number): number[] => {
  checkNumber6(name, value, 0xffff)
  return [value >> 8, value & 0xff]
}

export const u32Bytes = (name: string, value: number): number[] => {
  checkNumber6(name, value, 0xffffffff)
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]
}
