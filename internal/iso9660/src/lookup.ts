import type { Entry } from './entry.ts'
import { LIMITS } from './limits.ts'

/** What a look-up needs of a volume. */
export interface Folders {
  readonly rootSector: number
  /** Rock Ridge tells upper from lower case, as POSIX does; the others do not. */
  readonly isCaseSensitive: boolean
  readonly folder: (sector: number) => Promise<ReadonlyMap<string, Entry>>
}

/** What a path leads to; links have been followed. */
export type Found = Exclude<Entry, { readonly kind: 'link' }>

const partsOf = (path: string): string[] =>
  path.split('/').filter((part) => part !== '' && part !== '.')

const entryIn = (
  entries: ReadonlyMap<string, Entry>,
  name: string,
  isCaseSensitive: boolean,
): Entry | undefined => {
  const exact = entries.get(name)
  if (exact || isCaseSensitive) return exact
  const wanted = name.toLowerCase()
  for (const [each, entry] of entries) if (each.toLowerCase() === wanted) return entry
  return undefined
}

/**
 * Finds what a path names. Links are followed within the image, whose root is their root: no path leads out of it.
 * Undefined: there is nothing, or links lead in a circle.
 */
export const findPath = async (folders: Folders, path: string): Promise<Found | undefined> => {
  const root: Found = { kind: 'folder', name: '', sector: folders.rootSector }
  /** Folders from the root to where we are. */
  const above: Extract<Found, { readonly kind: 'folder' }>[] = [root]
  const left = partsOf(path).toReversed()
  let links = 0
  for (let part = left.pop(); part !== undefined; part = left.pop()) {
    if (left.length > LIMITS.depth || above.length > LIMITS.depth) return undefined
    if (part === '..') {
      if (above.length > 1) above.pop()
      continue
    }
    // oxlint-disable-next-line no-await-in-loop -- each folder says where the next one is
    const entries = await folders.folder(above.at(-1)!.sector)
    const entry = entryIn(entries, part, folders.isCaseSensitive)
    if (!entry) return undefined
    if (entry.kind === 'folder') {
      above.push(entry)
    } else if (entry.kind === 'link') {
      if (++links > LIMITS.links) return undefined
      if (entry.target.startsWith('/')) above.length = 1
      left.push(...partsOf(entry.target).toReversed())
    } else {
      return left.length === 0 && !path.endsWith('/') ? entry : undefined
    }
  }
  return above.at(-1)
}
