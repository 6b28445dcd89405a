import type { Identity } from './identity.ts'
import type { MachineRecord } from './machine-record.ts'

/** A record as a store holds it. Its revision is another after every change. */
export interface Stored {
  readonly record: MachineRecord
  readonly revision: number
}

/** One record from what was read to what it shall be. Without `before` it must be new; without `after` it goes. */
export interface Write {
  readonly before?: Stored
  readonly after?: MachineRecord
}

/** Records a store can hold, and holds. */
export interface Usage {
  readonly machines: number
  readonly limit: number
}

/** Called after a change: the record as it is now, or undefined where it is gone. */
export type Watcher = (id: string, stored: Stored | undefined) => void

/**
 * Where machine records are kept. A commit is all or nothing: it holds only if every record still is what was read and no
 * identity belongs to a record outside of it; what it answered is durable.
 */
export interface StateStore {
  /** The newest record of that id; `undefined` where there is none. */
  get(id: string): Promise<Stored | undefined>
  /** The newest records that have any of these identities. */
  find(identities: readonly Identity[]): Promise<readonly Stored[]>
  /**
   * As {@link find}, at once and from this process's memory: good for a DHCP answer and for the status, not to install by.
   */
  peek(identities: readonly Identity[]): readonly Stored[]
  /**
   * Changes records.
   * @returns false where another was faster: read again
   * @throws {StateError} nothing has changed, as far as can be told
   */
  commit(writes: readonly Write[]): Promise<boolean>
  /** All records, in no order, as this process knows them. */
  list(): AsyncIterable<Stored>
  /** Hears every change from now on, whoever made it; returns how to stop. */
  watch(watcher: Watcher): () => void
  /** Keys for tokens and URLs, the newest first: the same for all who use this store. */
  keys(): Promise<readonly Uint8Array[]>
  /** Puts a new key in front; tokens made with the ones before stay good. */
  rotateKey(): Promise<void>
  readonly usage: Usage
  close(): Promise<void>
}

/** What a commit does to the index of identities. */
export interface IndexChange {
  readonly identity: Identity
  /** The record that has it until now, which is part of the same commit; undefined: it must be nobody's. */
  readonly from?: string
  /** The record that has it then; undefined: nobody. */
  readonly to?: string
}

/** The changes of the index that these writes mean, or undefined where two of them claim one identity. */
export const indexChanges = (writes: readonly Write[]): readonly IndexChange[] | undefined => {
  const from = new Map<Identity, string>()
  const to = new Map<Identity, string>()
  for (const { before, after } of writes) {
    for (const identity of before?.record.identities ?? []) from.set(identity, before!.record.id)
    for (const identity of after?.identities ?? []) {
      if (to.has(identity)) return undefined
      to.set(identity, after!.id)
    }
  }
  const changes: IndexChange[] = []
  for (const identity of new Set([...from.keys(), ...to.keys()])) {
    const [was, is] = [from.get(identity), to.get(identity)]
    if (was === is) continue
    changes.push({
      identity,
      ...(was !== undefined && { from: was }),
      ...(is !== undefined && { to: is }),
    })
  }
  return changes
}
