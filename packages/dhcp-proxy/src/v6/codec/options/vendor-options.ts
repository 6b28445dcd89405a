import { joined, u32, u32Bytes } from '../bytes.ts'
import { decodeOptions6 } from '../decode.ts'
import { encodeOptions6 } from '../encode.ts'
import type { Dhcp6Option } from '../message.ts'

// Option 17 (RFC 8415 section 21.17): enterprise (4) | sub-options: code (2) | length (2) | value

/** Options of one vendor. */
export interface VendorOptions6 {
  readonly enterprise: number
  readonly options: readonly Dhcp6Option[]
}

/** Undefined where it is too short. @throws {DhcpError} `ERR_DHCP_MALFORMED` for the options in it */
export const decodeVendorOptions6 = (bytes: Uint8Array): VendorOptions6 | undefined =>
  bytes.length < 4 ? undefined : { enterprise: u32(bytes, 0), options: decodeOptions6(bytes, 4) }

/** @throws {DhcpError} `ERR_DHCP_FIELD`, or as `encodeOptions6` does */
export const encodeVendorOptions6 = ({ enterprise, options }: VendorOptions6): Uint8Array =>
  joined([u32Bytes('enterprise', enterprise), encodeOptions6(options)])
