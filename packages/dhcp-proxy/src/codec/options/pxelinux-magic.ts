/** Option 208 (RFC 5071 §3): without these four bytes old PXELINUX ignores 209–211. */
const MAGIC: readonly number[] = [0xf1, 0x00, 0x74, 0x7e]

/** True for the magic and nothing else. */
export const decodePxelinuxMagic = (bytes: Uint8Array): boolean => {
  return bytes.length === MAGIC.length && MAGIC.every((byte, i) => byte === bytes[i])
}

export const encodePxelinuxMagic = (): Uint8Array => {
  return Uint8Array.from(MAGIC)
}
