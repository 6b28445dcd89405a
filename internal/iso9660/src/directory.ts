import type { Buffer } from 'node:buffer'

import { SECTOR_BYTES } from './codec/descriptor.ts'
import { decodeRecord, type DirectoryRecord } from './codec/record.ts'
import { decodeRockRidge, type RockRidge } from './codec/rock-ridge.ts'
import { decodeContinuation, decodeSystemUse, type SystemUseEntry } from './codec/system-use.ts'
import { textOf, ucs2TextOf } from './codec/text.ts'
import { joinExtents, type Entry } from './entry.ts'
import { Iso9660Error } from './error.ts'
import { LIMITS } from './limits.ts'
import { readAll, type ByteSource } from './source.ts'

/** Which names a volume is read by: the richest that it has. */
export type Naming = 'rock-ridge' | 'joliet' | 'iso9660'

/** What is needed to read directories of a volume. */
export interface Tree {
  readonly source: ByteSource
  readonly naming: Naming
  /** Bytes that are not Rock Ridge's at the start of each system use area. */
  readonly skippedBytes: number
  /** Told of what is left out. */
  readonly onSkipped: (why: string) => void
}

const readDirectory = async (
  { source }: Tree,
  sector: number,
  lengthBytes: number,
): Promise<Buffer> => {
  if (lengthBytes > LIMITS.directoryBytes) {
    throw new Iso9660Error(
      'ERR_ISO9660_LIMIT',
      `the directory at sector ${sector} has ${lengthBytes} bytes, at most ${LIMITS.directoryBytes} are read`,
    )
  }
  return readAll(source, sector * SECTOR_BYTES, lengthBytes, `the directory at sector ${sector}`)
}

/** Length of a directory of which only the sector is known: its first record is its own. */
const lengthAt = async ({ source }: Tree, sector: number): Promise<number> => {
  const what = `the directory at sector ${sector}`
  const own = decodeRecord(await readAll(source, sector * SECTOR_BYTES, SECTOR_BYTES, what))
  if (own?.isFolder && own.sector === sector) return own.lengthBytes
  throw new Iso9660Error(
    'ERR_ISO9660_MALFORMED',
    `the sector ${sector} begins with no record of its own directory`,
  )
}

/** Records never cross sectors: a length of zero, or a record that is broken, means the next sector. */
const recordsIn = (directory: Buffer): readonly DirectoryRecord[] => {
  const records: DirectoryRecord[] = []
  for (let sector = 0; sector < directory.length; sector += SECTOR_BYTES) {
    const bytes = directory.subarray(sector, sector + SECTOR_BYTES)
    for (let at = 0; at < bytes.length;) {
      const record = decodeRecord(bytes.subarray(at))
      if (!record) break
      records.push(record)
      at += bytes[at]!
    }
  }
  return records
}

/** The entries of a record, with those of its continuation areas. */
const systemUseOf = async (tree: Tree, record: DirectoryRecord): Promise<SystemUseEntry[]> => {
  const entries: SystemUseEntry[] = []
  let area: Buffer | undefined = record.systemUse.subarray(tree.skippedBytes)
  for (let count = 0, bytes = 0; area; count++) {
    const found = decodeSystemUse(area)
    entries.push(...found)
    const ce = found.find(({ signature }) => signature === 'CE')
    const next = ce && decodeContinuation(ce)
    if (!next) break
    bytes += next.lengthBytes
    if (count >= LIMITS.continuations || bytes > LIMITS.systemUseBytes) {
      throw new Iso9660Error(
        'ERR_ISO9660_LIMIT',
        `a record has more than ${LIMITS.continuations} continuations or ${LIMITS.systemUseBytes} bytes of system use`,
      )
    }
    const offset = next.sector * SECTOR_BYTES + next.offset
    // oxlint-disable-next-line no-await-in-loop -- each area says where the next one is
    area = await readAll(tree.source, offset, next.lengthBytes, 'a continuation area')
  }
  return entries
}

/** An ISO 9660 name without its version, and without the dot of an empty extension. */
const plainName = (name: Buffer): string =>
  textOf(name)
    .replace(/;\d*$/, '')
    .replace(/(?<=.)\.$/, '')

const NOTHING: RockRidge = { isRelocated: false, isEncoded: false }

const nameOf = ({ naming }: Tree, record: DirectoryRecord, rockRidge: RockRidge): string => {
  if (naming === 'joliet') return ucs2TextOf(record.name).replace(/;\d*$/, '')
  return rockRidge.name ?? plainName(record.name)
}

/** A name that would mean another folder, or that nothing can be called. */
const isForbidden = (name: string): boolean =>
  name === '' || name === '.' || name === '..' || /[/\0]/.test(name)

/** File type bits of a POSIX mode. */
const [TYPE, REGULAR, FOLDER] = [0o170_000, 0o100_000, 0o040_000]

const unreadableBecause = (
  source: ByteSource,
  parts: readonly DirectoryRecord[],
  isEncoded: boolean,
): string | undefined => {
  if (isEncoded) return 'its data is compressed or sparse (zisofs)'
  if (parts.some(({ isInterleaved }) => isInterleaved)) return 'its data is interleaved'
  if (parts.length > LIMITS.extents) return `it has more than ${LIMITS.extents} parts`
  if (parts.at(-1)!.continues) return 'its last part is missing'
  return parts.some(
    ({ sector, lengthBytes }) =>
      lengthBytes > 0 && sector * SECTOR_BYTES + lengthBytes > source.sizeBytes,
  )
    ? 'its data is beyond the end of the image'
    : undefined
}

/** The entry of a record and those that go on with its data; undefined: it is shown elsewhere. */
const entryOf = async (
  tree: Tree,
  parts: readonly DirectoryRecord[],
): Promise<Entry | undefined> => {
  const record = parts[0]!
  const rockRidge =
    tree.naming === 'rock-ridge' ? decodeRockRidge(await systemUseOf(tree, record)) : NOTHING
  if (rockRidge.isRelocated) return undefined
  const { target, mode, childSector } = rockRidge
  const name = nameOf(tree, record, rockRidge)
  if (childSector !== undefined) return { kind: 'folder', name, sector: childSector }
  if (target !== undefined) return { kind: 'link', name, target }
  if (record.isFolder) return { kind: 'folder', name, sector: record.sector }
  const type = mode === undefined ? REGULAR : mode & TYPE
  if (type !== REGULAR && type !== FOLDER && type !== 0) return { kind: 'other', name }
  const unreadable = unreadableBecause(tree.source, parts, rockRidge.isEncoded)
  return {
    kind: 'file',
    name,
    file: {
      sizeBytes: parts.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0),
      extents: joinExtents(
        parts.map(({ sector, lengthBytes }) => ({ offset: sector * SECTOR_BYTES, lengthBytes })),
      ),
      ...(unreadable !== undefined && { unreadable }),
    },
  }
}

/** Records of one file together: all but the last say that they continue. */
const filesIn = (records: readonly DirectoryRecord[]): readonly DirectoryRecord[][] => {
  const files: DirectoryRecord[][] = []
  for (const record of records) {
    const last = files.at(-1)
    const before = last?.at(-1)
    if (before?.continues && before.name.equals(record.name)) last!.push(record)
    else files.push([record])
  }
  return files
}

/** The records `\0` and `\1` are the folder itself and the one above. */
const isDot = ({ name }: DirectoryRecord): boolean => name.length === 1 && name[0]! <= 1

/** What stands in the folder at a sector, by name, and the bytes that were read. Of two of one name the first counts. */
export const readFolder = async (
  tree: Tree,
  sector: number,
): Promise<{ readonly entries: ReadonlyMap<string, Entry>; readonly bytes: number }> => {
  const directory = await readDirectory(tree, sector, await lengthAt(tree, sector))
  const records = recordsIn(directory).filter((each) => !isDot(each) && !each.isAssociated)
  const entries = new Map<string, Entry>()
  for (const parts of filesIn(records)) {
    // oxlint-disable-next-line no-await-in-loop -- in the order of the directory, and seldom a read
    const entry = await entryOf(tree, parts)
    if (!entry) continue
    if (isForbidden(entry.name)) {
      tree.onSkipped(`the directory at sector ${sector} has the name ${JSON.stringify(entry.name)}`)
    } else if (entries.has(entry.name)) {
      tree.onSkipped(`the directory at sector ${sector} has ${JSON.stringify(entry.name)} twice`)
    } else {
      entries.set(entry.name, entry)
    }
  }
  return { entries, bytes: directory.length }
}
