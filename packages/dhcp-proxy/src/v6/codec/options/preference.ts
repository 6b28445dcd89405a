import { checkNumber6 } from '../bytes.ts'

/** Option 7 (RFC 8415 section 21.8): 255 makes a client take this ADVERTISE at once. Undefined where it is not one byte. */
export const decodePreference = (bytes: Uint8Array): number | undefined =>
  bytes.length === 1 ? bytes[0] : undefined

/** @throws {DhcpError} `ERR_DHCP_FIELD` */
export const encodePreference = (preference: number): Uint8Array =>
  Uint8Array.of(checkNumber6('preference', preference, 255))
