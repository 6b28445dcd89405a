/** What a shared object of 64 bits, little-endian, needs and gives: enough of ELF to hold the prebuilt files to their promise. */
export interface DynamicFacts {
  /** Libraries it is linked with. */
  readonly needed: readonly string[]
  readonly imports: readonly { readonly name: string; readonly isWeak: boolean }[]
  readonly exports: readonly string[]
  readonly machine: number
}

const SHT_DYNSYM = 11
const SHT_DYNAMIC = 6
const DT_NEEDED = 1
const STB_LOCAL = 0
const STB_WEAK = 2

interface Section {
  readonly type: number
  readonly at: number
  readonly size: number
  readonly link: number
}

export const dynamicFactsOf = (file: Buffer): DynamicFacts => {
  const u64 = (at: number) => Number(file.readBigUInt64LE(at))
  const sectionsAt = u64(40)
  const sectionBytes = file.readUInt16LE(58)
  const sections: Section[] = Array.from({ length: file.readUInt16LE(60) }, (_, i) => {
    const start = sectionsAt + i * sectionBytes
    return {
      type: file.readUInt32LE(start + 4),
      at: u64(start + 24),
      size: u64(start + 32),
      link: file.readUInt32LE(start + 40),
    }
  })
  const textAt = (table: number, offset: number): string => {
    const start = (sections[table]?.at ?? 0) + offset
    return file.toString('latin1', start, file.indexOf(0, start))
  }
  const entries = (type: number, size: number): readonly [section: Section, at: number][] =>
    sections
      .filter((section) => section.type === type)
      .flatMap((section) =>
        Array.from({ length: section.size / size }, (_, i): [Section, number] => [
          section,
          section.at + i * size,
        ]),
      )
  const symbols = entries(SHT_DYNSYM, 24)
    .map(([section, at]) => ({
      name: textAt(section.link, file.readUInt32LE(at)),
      binding: file.readUInt8(at + 4) >> 4,
      isDefined: file.readUInt16LE(at + 6) !== 0,
    }))
    .filter(({ binding }) => binding !== STB_LOCAL)
  return {
    machine: file.readUInt16LE(18),
    needed: entries(SHT_DYNAMIC, 16)
      .filter(([, at]) => u64(at) === DT_NEEDED)
      .map(([section, at]) => textAt(section.link, u64(at + 8))),
    imports: symbols
      .filter(({ isDefined }) => !isDefined)
      .map(({ name, binding }) => ({ name, isWeak: binding === STB_WEAK })),
    exports: symbols.filter(({ isDefined }) => isDefined).map(({ name }) => name),
  }
}
