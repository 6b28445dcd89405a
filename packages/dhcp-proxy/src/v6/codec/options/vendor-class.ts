import { readText, writeText } from '../../../codec/text.ts'
import { DhcpError } from '../../../errors.ts'
import { joined, u32, u32Bytes } from '../bytes.ts'
import { decodeItems, encodeItems } from '../items.ts'

// Option 16 (RFC 8415 section 21.16): enterprise (4) | items

/** Enterprise of PXE and HTTP Boot clients: Intel's. */
export const PXE_ENTERPRISE = 343

/** What made the client, or what the client takes for an answer to it. */
export interface VendorClass6 {
  readonly enterprise: number
  /** One character a byte: `PXEClient:Arch:00007:UNDI:003016` alone, of PXE firmware. */
  readonly classes: readonly string[]
}

/** Undefined where it is too short, or its items do not tile it. */
export const decodeVendorClass6 = (bytes: Uint8Array): VendorClass6 | undefined => {
  if (bytes.length < 4) return undefined
  const items = decodeItems(bytes, 4)
  return items && { enterprise: u32(bytes, 0), classes: items.map((item) => readText(item)) }
}

/** @throws {DhcpError} `ERR_DHCP_FIELD`, `ERR_DHCP_OPTION`, `ERR_DHCP_OPTION_TOO_LONG` */
export const encodeVendorClass6 = ({ enterprise, classes }: VendorClass6): Uint8Array => {
  const items = classes.map((one) => {
    const bytes = writeText(one)
    if (bytes) return bytes
    throw new DhcpError(
      'ERR_DHCP_OPTION',
      `vendor class ${JSON.stringify(one)} is not Latin-1 text`,
    )
  })
  return joined([u32Bytes('enterprise', enterprise), encodeItems(items)])
}
