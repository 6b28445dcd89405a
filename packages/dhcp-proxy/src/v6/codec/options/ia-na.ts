import { joined, u32, u32Bytes } from '../bytes.ts'
import { decodeOptions6 } from '../decode.ts'
import { encodeOptions6 } from '../encode.ts'
import type { Dhcp6Option } from '../message.ts'

// Option 3 (RFC 8415 section 21.4): IAID (4) | T1 (4) | T2 (4) | options

/** Addresses that a client asks for, or is given. 0xffffffff seconds are for ever. */
export interface IaNa {
  readonly iaid: number
  readonly t1Seconds: number
  readonly t2Seconds: number
  readonly options: readonly Dhcp6Option[]
}

const FIXED_BYTES = 12

/** Undefined where it is too short. @throws {DhcpError} `ERR_DHCP_MALFORMED` for the options in it */
export const decodeIaNa = (bytes: Uint8Array): IaNa | undefined =>
  bytes.length < FIXED_BYTES
    ? undefined
    : {
        iaid: u32(bytes, 0),
        t1Seconds: u32(bytes, 4),
        t2Seconds: u32(bytes, 8),
        options: decodeOptions6(bytes, FIXED_BYTES),
      }

/** @throws {DhcpError} `ERR_DHCP_FIELD`, or as `encodeOptions6` does */
export const encodeIaNa = ({ iaid, t1Seconds, t2Seconds, options }: IaNa): Uint8Array =>
  joined([
    u32Bytes('iaid', iaid),
    u32Bytes('t1Seconds', t1Seconds),
    u32Bytes('t2Seconds', t2Seconds),
    encodeOptions6(options),
  ])
