/** Whose code an entry is: El Torito's numbers, and UEFI's. */
export type BootPlatform = 'bios' | 'powerpc' | 'mac' | 'efi' | 'other'

/** A boot image of the catalogue (El Torito 1.0 section 2). */
export interface BootEntry {
  readonly platform: BootPlatform
  readonly isBootable: boolean
  /** 0: no emulation; 1–3: a floppy; 4: a hard disk. */
  readonly media: number
  /** First byte in the image. */
  readonly offset: number
  /** What is loaded, in sectors of 512 bytes; for UEFI 0 and 1 mean up to the end of the medium. */
  readonly loadSectors: number
}

const ENTRY_BYTES = 32
const PLATFORMS: Readonly<Record<number, BootPlatform>> = {
  0: 'bios',
  1: 'powerpc',
  2: 'mac',
  0xef: 'efi',
}

const platformOf = (id: number | undefined): BootPlatform => PLATFORMS[id ?? -1] ?? 'other'

/** The validation entry: its sixteen words add up to nothing. */
const isValid = (entry: Buffer): boolean => {
  let sum = 0
  for (let at = 0; at < ENTRY_BYTES; at += 2) sum += entry.readUInt16LE(at)
  return entry[0] === 1 && entry[30] === 0x55 && entry[31] === 0xaa && (sum & 0xffff) === 0
}

const entryOf = (entry: Buffer, platform: BootPlatform): BootEntry => ({
  platform,
  isBootable: entry[0] === 0x88,
  media: entry[1]! & 0x0f,
  offset: entry.readUInt32LE(8) * 2048,
  loadSectors: entry.readUInt16LE(6),
})

/** Decodes a boot catalogue; undefined: it is none. Entries that are cut are left out. */
export const decodeBootCatalog = (catalog: Buffer): readonly BootEntry[] | undefined => {
  const count = Math.floor(catalog.length / ENTRY_BYTES)
  const at = (i: number): Buffer => catalog.subarray(i * ENTRY_BYTES, (i + 1) * ENTRY_BYTES)
  if (count < 2 || !isValid(at(0))) return undefined
  const entries = [entryOf(at(1), platformOf(at(0)[1]))]
  for (let i = 2; i < count;) {
    const header = at(i++)
    // 0x90: a section follows, 0x91: the last one.
    if (header[0] !== 0x90 && header[0] !== 0x91) break
    const platform = platformOf(header[1])
    for (let left = header.readUInt16LE(2); left > 0 && i < count; i++) {
      // 0x44: more of the entry before.
      if (at(i)[0] === 0x44) continue
      entries.push(entryOf(at(i), platform))
      left--
    }
    while (i < count && at(i)[0] === 0x44) i++
    if (header[0] === 0x91) break
  }
  return entries
}
