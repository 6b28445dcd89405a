import { DhcpError } from '../../errors.ts'

/** Option 93 (RFC 4578 §2.1): 16-bit codes, most wanted first. Undefined for an empty or odd length. */
export const decodeArchitectures = (bytes: Uint8Array): readonly number[] | undefined => {
  if (bytes.length === 0 || bytes.length % 2 !== 0) return undefined
  const codes: number[] = []
  for (let at = 0; at < bytes.length; at += 2) codes.push((bytes[at]! << 8) | bytes[at + 1]!)
  return codes
}

/** @throws {DhcpError} `ERR_DHCP_OPTION` */
export const encodeArchitectures = (codes: readonly number[]): Uint8Array => {
  return Uint8Array.from(
    codes.flatMap((code) => {
      if (!Number.isInteger(code) || code < 0 || code > 0xffff) {
        throw new DhcpError('ERR_DHCP_OPTION', `architecture ${code} is outside 0–65535`)
      }
      return [code >> 8, code & 0xff]
    }),
  )
}
