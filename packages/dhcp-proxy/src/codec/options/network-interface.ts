import { DhcpError } from '../../errors.ts'

/** Option 94 (RFC 4578 §2.2): the kind of network interface a client drives; type 1 is UNDI. */
export interface NetworkInterfaceId {
  readonly type: number
  readonly major: number
  readonly minor: number
}

export const decodeNetworkInterface = (bytes: Uint8Array): NetworkInterfaceId | undefined => {
  if (bytes.length !== 3) return undefined
  return { type: bytes[0]!, major: bytes[1]!, minor: bytes[2]! }
}

/** @throws {DhcpError} `ERR_DHCP_OPTION` */
export const encodeNetworkInterface = ({ type, major, minor }: NetworkInterfaceId): Uint8Array => {
  for (const value of [type, major, minor]) {
    if (!Number.isInteger(value) || value < 0 || value > 255) {
      throw new DhcpError('ERR_DHCP_OPTION', `network interface field ${value} is outside 0–255`)
    }
  }
  return Uint8Array.of(type, major, minor)
}
