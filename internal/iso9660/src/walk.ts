import type { Entry } from './entry.ts'
import { Iso9660Error } from './error.ts'
import { LIMITS } from './limits.ts'

/** An entry with its path from the root, which begins with no slash. */
export type Walked = Entry & { readonly path: string }

/** A folder as it was read. */
interface ReadFolder {
  readonly entries: ReadonlyMap<string, Entry>
  readonly bytes: number
}

/**
 * Every entry of a volume, a folder before what is in it; links are not followed. A folder that was met before is not
 * entered again: it may lie within itself.
 * @yields entries with their paths
 * @throws {Iso9660Error} `ERR_ISO9660_LIMIT` where there is more than {@link LIMITS} allows
 */
// oxlint-disable-next-line func-style -- a generator
export async function* walkTree(
  rootSector: number,
  read: (sector: number) => Promise<ReadFolder>,
  onSkipped: (why: string) => void,
): AsyncGenerator<Walked> {
  const met = new Set<number>()
  const waiting = [{ path: '', sector: rootSector, depth: 0 }]
  let [count, bytesRead] = [0, 0]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { path, sector, depth } = next
    if (met.has(sector)) {
      onSkipped(`the folder ${path} is one that was met before`)
      continue
    }
    met.add(sector)
    if (depth > LIMITS.depth) {
      onSkipped(`the folder ${path} is deeper than ${LIMITS.depth} folders`)
      continue
    }
    // oxlint-disable-next-line no-await-in-loop -- one folder after the other keeps memory small
    const { entries, bytes } = await read(sector)
    bytesRead += bytes
    count += entries.size
    if (count > LIMITS.walkEntries || bytesRead > LIMITS.walkBytes) {
      throw new Iso9660Error(
        'ERR_ISO9660_LIMIT',
        `the image has more than ${LIMITS.walkEntries} entries or ${LIMITS.walkBytes} bytes of directories`,
      )
    }
    for (const entry of entries.values()) {
      const walked = { ...entry, path: path === '' ? entry.name : `${path}/${entry.name}` }
      yield walked
      if (entry.kind === 'folder')
        waiting.push({ path: walked.path, sector: entry.sector, depth: depth + 1 })
    }
  }
}
