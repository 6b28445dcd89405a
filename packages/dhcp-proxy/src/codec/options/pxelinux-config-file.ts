import { DhcpError } from '../../errors.ts'
import { readText, writeText } from '../text.ts'

/** Option 209 (RFC 5071 §4): PXELINUX's configuration file. */
export const decodePxelinuxConfigFile = (bytes: Uint8Array): string => {
  return readText(bytes)
}

/** @throws {DhcpError} `ERR_DHCP_OPTION` */
export const encodePxelinuxConfigFile = (text: string): Uint8Array => {
  const bytes = writeText(text)
  if (bytes && bytes.length > 0 && !bytes.includes(0)) return bytes
  throw new DhcpError(
    'ERR_DHCP_OPTION',
    `PXELINUX configuration file ${JSON.stringify(text)} is not Latin-1 text without NUL of at least one byte`,
  )
}
