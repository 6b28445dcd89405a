import { readText, writeText } from '../../../codec/text.ts'
import { DhcpError } from '../../../errors.ts'

const URL_TEXT = /^[a-z][a-z0-9+.-]*:\/\/[\x21-\x7e]+$/i
/** What firmware keeps of a message (EDK2 drops one over 1472 bytes), and room for the other options. */
const MAX_URL_BYTES = 1024

/** Option 59 (RFC 5970 section 3.1): the URL, without the NUL that some servers end it with. */
export const decodeBootFileUrl = (bytes: Uint8Array): string => readText(bytes)

/**
 * Encodes option 59. It has no NUL, and EDK2's HTTP Boot looks for one: put an option of a code below 256 behind it, whose
 * first byte is that NUL.
 * @throws {DhcpError} `ERR_DHCP_BOOT_FILE`
 */
export const encodeBootFileUrl = (url: string): Uint8Array => {
  const bytes = URL_TEXT.test(url) ? writeText(url) : undefined
  if (bytes && bytes.length <= MAX_URL_BYTES) return bytes
  throw new DhcpError(
    'ERR_DHCP_BOOT_FILE',
    `boot file URL ${JSON.stringify(url)} is not a URL with :// of at most ${MAX_URL_BYTES} bytes of printable ASCII without spaces`,
  )
}
