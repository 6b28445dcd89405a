import { readText, writeText } from '../../../codec/text.ts'
import { DhcpError } from '../../../errors.ts'
import { decodeItems, encodeItems } from '../items.ts'

/** Option 15 (RFC 8415 section 21.15): one character a byte. Undefined where its items do not tile it. */
export const decodeUserClasses6 = (bytes: Uint8Array): readonly string[] | undefined =>
  decodeItems(bytes)?.map((item) => readText(item))

/** @throws {DhcpError} `ERR_DHCP_OPTION`, `ERR_DHCP_OPTION_TOO_LONG` */
export const encodeUserClasses6 = (classes: readonly string[]): Uint8Array =>
  encodeItems(
    classes.map((one) => {
      const bytes = writeText(one)
      if (bytes) return bytes
      throw new DhcpError(
        'ERR_DHCP_OPTION',
        `user class ${JSON.stringify(one)} is not Latin-1 text`,
      )
    }),
  )
