import { DhcpError } from '../../errors.ts'
import { joined, u16, u16Bytes } from './bytes.ts'

// Options 15, 16 and 60 hold items, one behind the other: length (2) | bytes

/** The items from `from` to the end; undefined where they do not end with it. */
export const decodeItems = (bytes: Uint8Array, from = 0): readonly Uint8Array[] | undefined => {
  const items: Uint8Array[] = []
  let at = from
  while (at + 2 <= bytes.length) {
    const end = at + 2 + u16(bytes, at)
    if (end > bytes.length) return undefined
    items.push(new Uint8Array(bytes.buffer, bytes.byteOffset + at + 2, end - at - 2))
    at = end
  }
  return at === bytes.length ? items : undefined
}

/** @throws {DhcpError} `ERR_DHCP_OPTION_TOO_LONG` */
export const encodeItems = (items: readonly Uint8Array[]): Uint8Array =>
  joined(
    items.flatMap((item) => {
      if (item.length > 0xffff)
        throw new DhcpError(
          'ERR_DHCP_OPTION_TOO_LONG',
          `an item of ${item.length} bytes is longer than 65535`,
        )
      return [u16Bytes('length', item.length), item]
    }),
  )
