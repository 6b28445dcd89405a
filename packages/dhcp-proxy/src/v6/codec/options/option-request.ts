import { joined, u16, u16Bytes } from '../bytes.ts'

/** Option 6 (RFC 8415 section 21.7): codes of options that a client wants. Undefined for an odd length. */
export const decodeOptionRequest = (bytes: Uint8Array): readonly number[] | undefined =>
  bytes.length % 2 === 0
    ? Array.from({ length: bytes.length / 2 }, (_, i) => u16(bytes, 2 * i))
    : undefined

/** @throws {DhcpError} `ERR_DHCP_FIELD` */
export const encodeOptionRequest = (codes: readonly number[]): Uint8Array =>
  joined(codes.map((code) => u16Bytes('option code', code)))
