import { ADDRESS6_BYTES, readAddress6, requireAddress6 } from '../address.ts'
import { joined } from '../bytes.ts'

/** Option 23 (RFC 3646 section 3), most wanted first. Undefined where it is not made of whole addresses. */
export const decodeDnsServers = (bytes: Uint8Array): readonly string[] | undefined =>
  bytes.length % ADDRESS6_BYTES === 0
    ? Array.from({ length: bytes.length / ADDRESS6_BYTES }, (_, i) =>
        readAddress6(bytes, i * ADDRESS6_BYTES),
      )
    : undefined

/** @throws {DhcpError} `ERR_DHCP_FIELD` */
export const encodeDnsServers = (addresses: readonly string[]): Uint8Array =>
  joined(addresses.map((address) => requireAddress6('DNS server', address)))
