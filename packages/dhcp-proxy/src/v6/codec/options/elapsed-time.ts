import { u16, u16Bytes } from '../bytes.ts'

const UNIT_MS = 10

/** Option 8 (RFC 8415 section 21.9): since the client began this exchange, in ms; 655350 is that or longer. */
export const decodeElapsedTime = (bytes: Uint8Array): number | undefined =>
  bytes.length === 2 ? u16(bytes, 0) * UNIT_MS : undefined

/** Rounded down to hundredths of a second. @throws {DhcpError} `ERR_DHCP_FIELD` */
export const encodeElapsedTime = (elapsedMs: number): Uint8Array =>
  Uint8Array.from(u16Bytes('elapsed time', Math.floor(elapsedMs / UNIT_MS)))
