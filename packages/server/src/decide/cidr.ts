import type { Cidr } from '../model/rule.ts'

/** The number an IPv4 address is, or undefined. */
const parseIpv4 = (text: string): number | undefined => {
  const plain = text.startsWith('::ffff:') ? text.slice(7) : text
  const parts = plain.split('.')
  if (parts.length !== 4) return undefined
  let value = 0
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined
    value = value * 256 + Number(part)
  }
  return value
}

/** `10.0.0.0/8` as numbers, or undefined. A bare address is a network of one. */
export const parseCidr = (text: string): Cidr | undefined => {
  const [address = '', length = '32', ...rest] = text.split('/')
  const base = parseIpv4(address)
  if (base === undefined || rest.length > 0 || !/^\d{1,2}$/.test(length)) return undefined
  const bits = Number(length)
  return bits > 32 ? undefined : { base: maskOf(base, bits), bits }
}

const maskOf = (address: number, bits: number): number => {
  const size = 2 ** (32 - bits)
  return Math.floor(address / size) * size
}

export const contains = (cidr: Cidr, text: string): boolean => {
  const address = parseIpv4(text)
  return address !== undefined && maskOf(address, cidr.bits) === cidr.base
}
