import { DhcpError } from '../../errors.ts'
import { readText, writeText } from '../text.ts'

/** Option 66 (RFC 2132 §9.4): the TFTP server's name, or its address as text. */
export const decodeTftpServerName = (bytes: Uint8Array): string => {
  return readText(bytes)
}

/** Without a trailing NUL, which the Raspberry Pi takes for a part of the name. @throws {DhcpError} `ERR_DHCP_OPTION` */
export const encodeTftpServerName = (name: string): Uint8Array => {
  const bytes = writeText(name)
  if (bytes && bytes.length > 0) return bytes
  throw new DhcpError(
    'ERR_DHCP_OPTION',
    `TFTP server name ${JSON.stringify(name)} is not Latin-1 text of at least one byte`,
  )
}
