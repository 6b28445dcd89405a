import { joined, u16, u16Bytes } from '../bytes.ts'

// Option 13 (RFC 8415 section 21.13): status (2) | text in UTF-8

export interface Status6 {
  readonly code: number
  readonly message: string
}

/** Undefined where it is too short. */
export const decodeStatusCode = (bytes: Uint8Array): Status6 | undefined =>
  bytes.length < 2
    ? undefined
    : { code: u16(bytes, 0), message: new TextDecoder().decode(bytes.subarray(2)) }

/** @throws {DhcpError} `ERR_DHCP_FIELD` */
export const encodeStatusCode = ({ code, message }: Status6): Uint8Array =>
  joined([u16Bytes('status code', code), new TextEncoder().encode(message)])
