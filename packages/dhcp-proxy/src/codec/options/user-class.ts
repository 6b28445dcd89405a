import { DhcpError } from '../../errors.ts'
import { readText, writeText } from '../text.ts'

// Option 77: RFC 3004 §4 says a list of { length (1), text }; iPXE, dhclient and others send the bare text.

/**
 * The user classes. Where length bytes tile the option exactly and none is zero it is RFC 3004's list, else the
 * whole option is one class, as iPXE sends it.
 */
export const decodeUserClasses = (bytes: Uint8Array): readonly string[] => {
  if (bytes.length === 0) return []
  const classes: string[] = []
  let at = 0
  while (at < bytes.length && bytes[at] !== 0) {
    const end = at + 1 + bytes[at]!
    if (end > bytes.length) break
    classes.push(readText(bytes.subarray(at + 1, end)))
    at = end
  }
  return at === bytes.length ? classes : [readText(bytes)]
}

/** Encodes RFC 3004's list. @throws {DhcpError} `ERR_DHCP_OPTION` */
export const encodeUserClasses = (classes: readonly string[]): Uint8Array => {
  return Uint8Array.from(
    classes.flatMap((one) => {
      const bytes = writeText(one)
      if (!bytes || bytes.length === 0 || bytes.length > 255) {
        throw new DhcpError(
          'ERR_DHCP_OPTION',
          `user class ${JSON.stringify(one)} is not 1–255 bytes of Latin-1 text`,
        )
      }
      return [bytes.length, ...bytes]
    }),
  )
}
