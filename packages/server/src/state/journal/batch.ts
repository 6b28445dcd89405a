import type { Identity } from '../identity.ts'
import { StateError } from '../state-error.ts'
import { indexChanges, type Write } from '../state-store.ts'
import { goneLine, keptOf, keysLine, putLine, type Kept } from './lines.ts'
import type { Records } from './records.ts'

/** What is to be written together or not at all. */
export interface Change {
  readonly writes: readonly Write[]
  readonly keys?: readonly Uint8Array[]
}

export interface Batch {
  /** The text of one frame; empty where nothing is to be written. */
  readonly lines: string
  readonly puts: ReadonlyMap<string, Kept | undefined>
  readonly keys?: readonly Uint8Array[]
  /** For each change: done, another was faster, or an error. */
  readonly results: readonly (boolean | Error)[]
}

/** Works out which of several changes hold, each after the ones before it, and what they write. */
export const planBatch = (
  changes: readonly Change[],
  records: Records,
  { limit, revision: first }: { readonly limit: number; readonly revision: number },
): Batch => {
  const puts = new Map<string, Kept | undefined>()
  const owners = new Map<Identity, string | undefined>()
  let revision = first
  let size = records.size
  let keys: readonly Uint8Array[] | undefined
  let lines = ''
  const keptNow = (id: string) => (puts.has(id) ? puts.get(id) : records.kept(id))
  const ownerNow = (identity: Identity) =>
    owners.has(identity) ? owners.get(identity) : records.ownerOf(identity)

  const put = (id: string, kept: Kept | undefined): void => {
    size += Number(kept !== undefined) - Number(keptNow(id) !== undefined)
    puts.set(id, kept)
    lines += kept ? putLine(id, kept) : goneLine(id, revision)
  }

  /** Gives up records that nothing is lost with, until `count` more have room. */
  const makeRoom = (count: number, isTaken: (id: string) => boolean): boolean => {
    for (let missing = size + count - limit; missing > 0; missing--) {
      const id = records.victim((each) => puts.has(each) || isTaken(each))
      const victim = id === undefined ? undefined : records.get(id)
      if (!victim) return false
      for (const identity of victim.record.identities) owners.set(identity, undefined)
      put(victim.record.id, undefined)
    }
    return true
  }

  const isCurrent = ({ before, after }: Write): boolean => {
    const id = before?.record.id ?? after?.id
    return id !== undefined && keptNow(id)?.revision === before?.revision
  }

  const apply = ({ writes, keys: newKeys }: Change): boolean | Error => {
    const index = indexChanges(writes)
    if (!index?.every(({ identity, from }) => ownerNow(identity) === from)) return false
    if (!writes.every(isCurrent)) return false
    const added = writes.filter(({ before }) => !before).length
    const removed = writes.filter(({ after }) => !after).length
    const ids = new Set(writes.flatMap(({ before }) => before?.record.id ?? []))
    if (added > removed && !makeRoom(added - removed, (id) => ids.has(id))) return fullError(limit)
    for (const { before, after } of writes) {
      revision++
      if (after) put(after.id, keptOf(after, revision))
      else if (before) put(before.record.id, undefined)
    }
    for (const { identity, to } of index) owners.set(identity, to)
    if (newKeys) {
      keys = newKeys
      lines += keysLine(newKeys)
    }
    return true
  }

  const results = changes.map((change) => apply(change))
  return { lines, puts, results, ...(keys && { keys }) }
}

const fullError = (limit: number): StateError =>
  new StateError(
    'BW-STATE-FULL',
    `the state holds ${limit} machines, the most it can, and all of them are installed or in use; forget those that are gone`,
  )
