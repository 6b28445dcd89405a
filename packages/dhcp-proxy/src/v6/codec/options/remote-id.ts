import { joined, u32, u32Bytes } from '../bytes.ts'

// Option 37 (RFC 4649 section 3), of a relay agent: enterprise (4) | id

/** What a relay agent knows the client's line by. */
export interface RemoteId6 {
  readonly enterprise: number
  readonly id: Uint8Array
}

/** Undefined where it is too short. */
export const decodeRemoteId = (bytes: Uint8Array): RemoteId6 | undefined =>
  bytes.length < 5 ? undefined : { enterprise: u32(bytes, 0), id: bytes.subarray(4) }

/** @throws {DhcpError} `ERR_DHCP_FIELD` */
export const encodeRemoteId = ({ enterprise, id }: RemoteId6): Uint8Array =>
  joined([u32Bytes('enterprise', enterprise), id])
