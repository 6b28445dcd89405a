import { DhcpError } from '../../errors.ts'
import { addressBytes, readAddress } from '../address.ts'

/** Option 150 (RFC 5859): TFTP server addresses; undefined where the length is no multiple of four. */
export const decodeTftpServers = (bytes: Uint8Array): readonly string[] | undefined => {
  if (bytes.length === 0 || bytes.length % 4 !== 0) return undefined
  return Array.from({ length: bytes.length / 4 }, (_, i) => readAddress(bytes, i * 4))
}

/** @throws {DhcpError} `ERR_DHCP_OPTION` */
export const encodeTftpServers = (addresses: readonly string[]): Uint8Array => {
  return Uint8Array.from(
    addresses.flatMap((address) => {
      const bytes = addressBytes(address)
      if (!bytes)
        throw new DhcpError(
          'ERR_DHCP_OPTION',
          `TFTP server ${JSON.stringify(address)} is not an IPv4 address`,
        )
      return [...bytes]
    }),
  )
}
