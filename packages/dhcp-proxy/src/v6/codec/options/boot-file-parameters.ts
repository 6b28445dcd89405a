import { readText, writeText } from '../../../codec/text.ts'
import { DhcpError } from '../../../errors.ts'
import { decodeItems, encodeItems } from '../items.ts'

/** Option 60 (RFC 5970 section 3.2): parameters for what is booted. Undefined where its items do not tile it. */
export const decodeBootFileParameters = (bytes: Uint8Array): readonly string[] | undefined =>
  decodeItems(bytes)?.map((item) => readText(item))

/**
 * Encodes option 60. Not for EDK2: its PXE client reads the first parameter as the size of the boot file.
 * @throws {DhcpError} `ERR_DHCP_OPTION`, `ERR_DHCP_OPTION_TOO_LONG`
 */
export const encodeBootFileParameters = (parameters: readonly string[]): Uint8Array =>
  encodeItems(
    parameters.map((one) => {
      const bytes = writeText(one)
      if (bytes) return bytes
      throw new DhcpError(
        'ERR_DHCP_OPTION',
        `boot file parameter ${JSON.stringify(one)} is not Latin-1 text`,
      )
    }),
  )
