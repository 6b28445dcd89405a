import { DhcpError } from '../../errors.ts'
import { readText } from '../text.ts'

/** Longest boot file name or URL, in bytes: option 67 holds it and its NUL. */
export const MAX_BOOT_FILE_BYTES = 254

/** Option 67, with or without its trailing NUL. */
export const decodeBootFile = (bytes: Uint8Array): string => {
  return readText(bytes)
}

/**
 * Option 67 with a trailing NUL: EDK2 would write one itself, over the byte behind the option.
 * @throws {DhcpError} `ERR_DHCP_BOOT_FILE`
 */
export const encodeBootFile = (name: string): Uint8Array => {
  if (typeof name !== 'string' || !/^[\x20-\x7e]+$/.test(name)) {
    const message = `boot file ${JSON.stringify(name)} is not printable ASCII of at least one character`
    throw new DhcpError('ERR_DHCP_BOOT_FILE', message)
  }
  if (name.length > MAX_BOOT_FILE_BYTES) {
    const message = `boot file of ${name.length} bytes is longer than ${MAX_BOOT_FILE_BYTES}: ${name.slice(0, 40)}…`
    throw new DhcpError('ERR_DHCP_BOOT_FILE', message)
  }
  const bytes = new Uint8Array(name.length + 1)
  for (let i = 0; i < name.length; i++) bytes[i] = name.charCodeAt(i)
  return bytes
}
