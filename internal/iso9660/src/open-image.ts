import { Buffer } from 'node:buffer'

import {
  decodeDescriptor,
  FIRST_DESCRIPTOR_SECTOR,
  SECTOR_BYTES,
  type Descriptor,
  type Labels,
} from './codec/descriptor.ts'
import { decodeBootCatalog, type BootEntry } from './codec/el-torito.ts'
import { decodeRecord } from './codec/record.ts'
import { skippedBytesOf } from './codec/system-use.ts'
import { readFolder, type Naming, type Tree } from './directory.ts'
import { rangesOf, type Entry, type IsoFile } from './entry.ts'
import { Iso9660Error } from './error.ts'
import { LIMITS } from './limits.ts'
import { findPath, type Folders, type Found } from './lookup.ts'
import { readAll, type ByteSource } from './source.ts'
import { walkTree, type Walked } from './walk.ts'

/** An image that is open. It holds what it has read of directories, and nothing that must be closed. */
export interface IsoImage {
  readonly labels: Labels
  /** Those of the Joliet volume: longer, and in any script. */
  readonly jolietLabels?: Labels
  readonly naming: Naming
  /** A UDF file system is here as well; it is not read, and on Windows media it holds the files. */
  readonly hasUdf: boolean
  /** What firmware can boot, as El Torito says. */
  readonly bootEntries: readonly BootEntry[]
  /** What a path leads to, links followed; undefined: nothing. */
  readonly find: (path: string) => Promise<Found | undefined>
  /** What stands in a folder; undefined: there is no such folder. */
  readonly list: (path: string) => Promise<readonly Entry[] | undefined>
  /** A file to be read by ranges; undefined: there is no such file, or its bytes cannot be given. */
  readonly open: (path: string) => Promise<IsoFile | undefined>
  /** Bytes of a file; fewer where it ends. */
  readonly read: (file: IsoFile, start: number, length: number) => Promise<Buffer>
  readonly walk: () => AsyncGenerator<Walked>
}

export interface OpenOptions {
  /** Told of names that are left out. */
  readonly onSkipped?: (why: string) => void
  /** Which names to read, of those that are there. Default: the richest. */
  readonly naming?: Naming
}

type Volume = Extract<Descriptor, { readonly kind: 'primary' | 'joliet' }>

const descriptorsOf = async (source: ByteSource): Promise<readonly Descriptor[]> => {
  const found: Descriptor[] = []
  let hasEnded = false
  for (let i = 0; i < LIMITS.descriptors; i++) {
    const offset = (FIRST_DESCRIPTOR_SECTOR + i) * SECTOR_BYTES
    if (offset + SECTOR_BYTES > source.sizeBytes) break
    // oxlint-disable-next-line no-await-in-loop -- the terminator says where they end
    const descriptor = decodeDescriptor(await readAll(source, offset, SECTOR_BYTES, 'a descriptor'))
    if (!descriptor) break
    // UDF's own come behind the terminator (ECMA-167 part 2 section 8.3.1).
    if (!hasEnded || descriptor.kind === 'udf') found.push(descriptor)
    hasEnded ||= descriptor.kind === 'end'
  }
  return found
}

const bootEntriesOf = async (
  source: ByteSource,
  descriptors: readonly Descriptor[],
): Promise<readonly BootEntry[]> => {
  const boot = descriptors.find((each) => each.kind === 'boot')
  const offset = boot ? boot.catalogSector * SECTOR_BYTES : source.sizeBytes
  if (offset + SECTOR_BYTES > source.sizeBytes) return []
  return decodeBootCatalog(await readAll(source, offset, SECTOR_BYTES, 'the boot catalogue')) ?? []
}

/** Bytes to skip in system use areas of a volume with Rock Ridge; undefined: it has none. */
const rockRidgeOf = async (source: ByteSource, { root }: Volume): Promise<number | undefined> => {
  const what = 'the root folder'
  const sector = await readAll(source, root.sector * SECTOR_BYTES, SECTOR_BYTES, what)
  const own = decodeRecord(sector)
  return own && skippedBytesOf(own.systemUse)
}

/** Folders that were read last, up to so many entries. */
const rememberFolders = (tree: Tree): ((sector: number) => ReturnType<typeof readFolder>) => {
  const remembered = new Map<number, Awaited<ReturnType<typeof readFolder>>>()
  let total = 0
  return async (sector) => {
    const known = remembered.get(sector)
    if (known) return known
    const folder = await readFolder(tree, sector)
    if (!remembered.has(sector)) {
      remembered.set(sector, folder)
      total += folder.entries.size + 1
    }
    for (const [oldest, { entries }] of remembered) {
      if (total <= LIMITS.rememberedEntries) break
      remembered.delete(oldest)
      total -= entries.size + 1
    }
    return folder
  }
}

/**
 * Opens an image.
 * @throws {Iso9660Error} `ERR_ISO9660_NONE` for what is no ISO 9660 image, and for broken ones as its code says
 */
export const openImage = async (
  source: ByteSource,
  { onSkipped = () => {}, naming: wanted }: OpenOptions = {},
): Promise<IsoImage> => {
  const descriptors = await descriptorsOf(source)
  const primary = descriptors.find((each): each is Volume => each.kind === 'primary')
  const joliet = descriptors.find((each): each is Volume => each.kind === 'joliet')
  if (!primary) {
    throw new Iso9660Error(
      'ERR_ISO9660_NONE',
      'sector 16 begins no ISO 9660 volume; an image has CD001 at byte 32769',
    )
  }
  const skippedBytes = await rockRidgeOf(source, primary)
  const has = { 'rock-ridge': skippedBytes !== undefined, joliet: joliet !== undefined }
  const richest = has['rock-ridge'] ? 'rock-ridge' : has.joliet ? 'joliet' : 'iso9660'
  const naming = wanted ?? richest
  if (naming !== 'iso9660' && !has[naming])
    throw new Iso9660Error('ERR_ISO9660_NONE', `the image has no ${naming} names, but ${richest}`)
  const tree: Tree = { source, naming, skippedBytes: skippedBytes ?? 0, onSkipped }
  const read = rememberFolders(tree)
  const folders: Folders = {
    rootSector: (naming === 'joliet' && joliet ? joliet : primary).root.sector,
    isCaseSensitive: naming === 'rock-ridge',
    folder: async (sector) => (await read(sector)).entries,
  }
  const find: IsoImage['find'] = (path) => findPath(folders, path)
  return {
    labels: primary.labels,
    ...(joliet && { jolietLabels: joliet.labels }),
    naming,
    hasUdf: descriptors.some(({ kind }) => kind === 'udf'),
    bootEntries: await bootEntriesOf(source, descriptors),
    find,
    list: async (path) => {
      const found = await find(path)
      return found?.kind === 'folder'
        ? [...(await folders.folder(found.sector)).values()]
        : undefined
    },
    open: async (path) => {
      const found = await find(path)
      return found?.kind === 'file' && found.file.unreadable === undefined ? found.file : undefined
    },
    read: async (file, start, length) =>
      Buffer.concat(
        await Promise.all(
          rangesOf(file, start, length).map((range) =>
            readAll(source, range.offset, range.lengthBytes, 'a file'),
          ),
        ),
      ),
    walk: () => walkTree(folders.rootSector, read, onSkipped),
  }
}
