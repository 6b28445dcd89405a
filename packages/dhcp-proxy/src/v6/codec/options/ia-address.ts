import { ADDRESS6_BYTES, readAddress6, requireAddress6 } from '../address.ts'
import { joined, u32, u32Bytes } from '../bytes.ts'
import { decodeOptions6 } from '../decode.ts'
import { encodeOptions6 } from '../encode.ts'
import type { Dhcp6Option } from '../message.ts'

// Option 5 (RFC 8415 section 21.6), in option 3: address (16) | preferred lifetime (4) | valid lifetime (4) | options

/** An address, and how long it may be used. */
export interface IaAddress {
  readonly address: string
  readonly preferredSeconds: number
  readonly validSeconds: number
  readonly options: readonly Dhcp6Option[]
}

const FIXED_BYTES = ADDRESS6_BYTES + 8

/** Undefined where it is too short. @throws {DhcpError} `ERR_DHCP_MALFORMED` for the options in it */
export const decodeIaAddress = (bytes: Uint8Array): IaAddress | undefined =>
  bytes.length < FIXED_BYTES
    ? undefined
    : {
        address: readAddress6(bytes),
        preferredSeconds: u32(bytes, ADDRESS6_BYTES),
        validSeconds: u32(bytes, ADDRESS6_BYTES + 4),
        options: decodeOptions6(bytes, FIXED_BYTES),
      }

/** @throws {DhcpError} `ERR_DHCP_FIELD`, or as `encodeOptions6` does */
export const encodeIaAddress = (given: IaAddress): Uint8Array =>
  joined([
    requireAddress6('address', given.address),
    u32Bytes('preferredSeconds', given.preferredSeconds),
    u32Bytes('validSeconds', given.validSeconds),
    encodeOptions6(given.options),
  ])
