import { DhcpError } from '../../errors.ts'
import { readText, writeText } from '../text.ts'

/** Option 210 (RFC 5071 §5): PXELINUX's path prefix. */
export const decodePxelinuxPathPrefix = (bytes: Uint8Array): string => {
  return readText(bytes)
}

/** @throws {DhcpError} `ERR_DHCP_OPTION` */
export const encodePxelinuxPathPrefix = (text: string): Uint8Array => {
  const bytes = writeText(text)
  if (bytes && bytes.length > 0 && !bytes.includes(0)) return bytes
  throw new DhcpError(
    'ERR_DHCP_OPTION',
    `PXELINUX path prefix ${JSON.stringify(text)} is not Latin-1 text without NUL of at least one byte`,
  )
}
