import { DhcpError } from '../../errors.ts'
import { readText, writeText } from '../text.ts'

/** Option 60 of a PXE client, `PXEClient:Arch:00007:UNDI:003016`: the numbers in it are decimal (RFC 4578 section 2.1). */
export interface PxeVendorClass {
  readonly name: string
  readonly architecture?: number
  readonly undi?: { readonly major: number; readonly minor: number }
}

/** Option 60 as text, one character a byte. */
export const decodeVendorClass = (bytes: Uint8Array): string => {
  return readText(bytes)
}

/** @throws {DhcpError} `ERR_DHCP_OPTION` */
export const encodeVendorClass = (text: string): Uint8Array => {
  const bytes = writeText(text)
  if (bytes && bytes.length > 0) return bytes
  throw new DhcpError(
    'ERR_DHCP_OPTION',
    `vendor class ${JSON.stringify(text)} is not Latin-1 text of at least one byte`,
  )
}

/** The five digits of an architecture. Some builds of U-Boot write hexadecimal, which only a letter among them tells. */
const architectureNumber = (digits: string): number =>
  Number.parseInt(digits, /[a-f]/i.test(digits) ? 16 : 10)

/** What the text says beyond its name. Fields that are not there, or are no numbers, stay away. */
export const parseVendorClass = (text: string): PxeVendorClass => {
  const [name = ''] = text.split(':', 1)
  const architecture = /:Arch:([\da-f]{5})(?::|$)/i.exec(text)?.[1]
  const undi = /:UNDI:(\d{3})(\d{3})(?::|$)/.exec(text)
  return {
    name,
    ...(architecture && { architecture: architectureNumber(architecture) }),
    ...(undi && { undi: { major: Number(undi[1]), minor: Number(undi[2]) } }),
  }
}
