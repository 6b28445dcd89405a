import { DhcpError } from '../../errors.ts'
import { putHex, textOfCodes } from '../text.ts'

// Option 97 (RFC 4578 §2.3): type 0, then 16 bytes as the EFI specification lays a GUID out: the first three
// fields little-endian. SMBIOS tools and iPXE's ${uuid} print those fields in reading order, and so does this.

const ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
/** Where each byte stands in the text, dashes between. */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34]
const codes = Array.from({ length: 36 }, () => '-'.charCodeAt(0))
const TEXT = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The machine's UUID as text; undefined where the option is no UUID of type 0. */
export const decodeMachineId = (bytes: Uint8Array): string | undefined => {
  if (bytes.length !== 17 || bytes[0] !== 0) return undefined
  for (let i = 0; i < 16; i++) putHex(codes, PLACES[i]!, bytes[1 + ORDER[i]!]!)
  return textOfCodes(codes)
}

const reversed = (field: string): string => (field.match(/../g) ?? []).toReversed().join('')

/** The same 16 bytes read in the other byte order: U-Boot, and EDK2 over IPv6, write the fields big-endian. */
export const swapUuid = (uuid: string): string => {
  const [a = '', b = '', c = '', ...rest] = uuid.split('-')
  return [reversed(a), reversed(b), reversed(c), ...rest].join('-')
}

/** @throws {DhcpError} `ERR_DHCP_OPTION` */
export const encodeMachineId = (uuid: string): Uint8Array => {
  const text = uuid.toLowerCase()
  if (!TEXT.test(text))
    throw new DhcpError('ERR_DHCP_OPTION', `${JSON.stringify(uuid)} is not a UUID`)
  const plain = text.replaceAll('-', '')
  const read = ORDER.map((_, i) => Number.parseInt(plain.slice(i * 2, i * 2 + 2), 16))
  return Uint8Array.from([0, ...ORDER.map((at) => read[at]!)])
}
