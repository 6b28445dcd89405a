import { nameAndValue, UsageError } from '@bootwire-internal/cli'

import { parseAddress } from '../codec/address.ts'

/** Reads a MAC. */
export const macAddress = (text: string): string => {
  const mac = text.toLowerCase().replaceAll('-', ':')
  if (/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac)) return mac
  throw new UsageError('is not like 52:54:00:12:34:56')
}

/** Reads an IPv4 address. */
export const ipv4Address = (text: string): string => {
  if (parseAddress(text)) return text
  throw new UsageError('is no IPv4 address')
}

/** Reads a time in seconds, 1 to 60; parts of a second count. */
export const waitSeconds = (text: string): number => {
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0
  if (seconds >= 1 && seconds <= 60) return seconds
  throw new UsageError('is outside 1-60 seconds')
}

/** Reads a UUID, in any spelling of its 32 digits, as they stand in option 97. */
export const uuidBytes = (text: string): string => {
  const digits = text.toLowerCase().replaceAll('-', '')
  if (/^[0-9a-f]{32}$/.test(digits)) return digits
  throw new UsageError('is no UUID of 32 hexadecimal digits')
}

const HEX = /^0x(?:[0-9a-f]{2})*$/i

/** Reads text, or bytes as `0x…`. */
export const bytesOrText = (text: string): Uint8Array =>
  HEX.test(text)
    ? Uint8Array.from(text.slice(2).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
    : new TextEncoder().encode(text)

/** Reads `CODE=VALUE`: an option to send, its value as text or as `0x…`; no value leaves the option out. */
export const dhcpOption = (text: string): readonly [code: number, value: Uint8Array] => {
  const [name, value] = nameAndValue(text)
  const code = Number(name)
  if (!Number.isInteger(code) || code < 1 || code > 254)
    throw new UsageError('names no option code of 1 to 254')
  const bytes = bytesOrText(value)
  if (bytes.length > 255) throw new UsageError('has a value of more than 255 bytes')
  return [code, bytes]
}
