/*
 * PE image (Microsoft, "PE Format"), as far as it is needed: UEFI programs, and kernels that are ones too.
 *
 *     0     'MZ'
 *     0x3c  offset of:  'PE\0\0'  machine(2) sections(2) …  optional header size(2) …      20 bytes of COFF header
 *                       optional header: magic 0x10b (32 bit) or 0x20b (64 bit) … data directories of 8 bytes
 *                       section headers of 40 bytes: … raw size(4) at 16, raw offset(4) at 20
 */

export interface PeImage {
  /** 0x8664 x64, 0x14c ia32, 0xaa64 arm64, 0x1c0/0x1c2/0x1c4 arm32, 0x5064 riscv64, 0x6264 loong64. */
  readonly machine: number
  /** The file's size at the least: all that its headers name. */
  readonly bytes: number
  /** Whether there is a signature; whose is not looked at. */
  readonly isSigned: boolean
}

const COFF_BYTES = 24
const SECTION_BYTES = 40
const CERTIFICATES = 4
const CERTIFICATE_ENTRY_BYTES = 8

/** Where the data directories begin in the optional header, by its magic. */
const DIRECTORIES_AT: Readonly<Record<number, number>> = { 0x10b: 96, 0x20b: 112 }

/** Reads the headers at a file's beginning; undefined where it is no PE image. */
export const readPe = (head: Buffer): PeImage | undefined => {
  if (head.length < 0x40 || head.toString('latin1', 0, 2) !== 'MZ') return undefined
  const pe = head.readUInt32LE(0x3c)
  if (pe + COFF_BYTES + 2 > head.length || head.readUInt32LE(pe) !== 0x4550) return undefined
  const optionalBytes = head.readUInt16LE(pe + 20)
  const optional = pe + COFF_BYTES
  const sectionsAt = optional + optionalBytes
  let bytes = 0
  for (let i = 0; i < head.readUInt16LE(pe + 6); i++) {
    const at = sectionsAt + i * SECTION_BYTES
    if (at + SECTION_BYTES > head.length) break
    bytes = Math.max(bytes, head.readUInt32LE(at + 16) + head.readUInt32LE(at + 20))
  }
  const directories = DIRECTORIES_AT[head.readUInt16LE(optional)]
  const at = directories === undefined ? 0 : optional + directories + CERTIFICATES * 8
  const isThere = at > 0 && at + CERTIFICATE_ENTRY_BYTES <= Math.min(sectionsAt, head.length)
  // The one directory whose address is a place in the file.
  const certificates = isThere ? head.readUInt32LE(at) + head.readUInt32LE(at + 4) : 0
  return {
    machine: head.readUInt16LE(pe + 4),
    bytes: Math.max(bytes, certificates),
    isSigned: isThere && head.readUInt32LE(at + 4) > 0,
  }
}
