import type { Identity } from '../identity.ts'
import type { Stored } from '../state-store.ts'
import { identitiesOfKept, recordOf, type Kept } from './lines.ts'
import { ShardedMap } from './sharded-map.ts'

/** Shards that are looked through for a record to give up: some 800 records of a hundred thousand. */
const EVICTION_SAMPLE = 8

/** All records of an embedded store in memory, and the index of their identities. */
export class Records {
  readonly #kept = new ShardedMap<Kept>()
  readonly #index = new ShardedMap<string>()
  #forgettable = 0
  #textLength = 0
  #nextShard = 0

  get size(): number {
    return this.#kept.size
  }

  /** How long a journal of these records alone would be, about. */
  get textLength(): number {
    return this.#textLength
  }

  kept(id: string): Kept | undefined {
    return this.#kept.get(id)
  }

  get(id: string): Stored | undefined {
    const kept = this.#kept.get(id)
    return kept && { record: recordOf(id, kept), revision: kept.revision }
  }

  ownerOf(identity: Identity): string | undefined {
    return this.#index.get(identity)
  }

  find(identities: readonly Identity[]): Stored[] {
    const ids = new Set(identities.map((identity) => this.#index.get(identity)))
    return [...ids].flatMap((id) => (id === undefined ? [] : (this.get(id) ?? [])))
  }

  /** Puts a record in, without its identities in the index: for loading, where a later line may take them away. */
  load(id: string, kept: Kept | undefined): void {
    const before = this.#kept.get(id)
    this.#textLength += (kept?.text.length ?? 0) - (before?.text.length ?? 0)
    this.#forgettable +=
      Number(kept?.isForgettable ?? false) - Number(before?.isForgettable ?? false)
    if (kept) this.#kept.set(id, kept)
    else this.#kept.delete(id)
  }

  /**
   * Puts the identities of all records into the index; one piece a step, so that others have
   * their turn.
   * @yields after each piece
   */
  *indexAll(): Generator<void> {
    for (const shard of this.#kept.shards()) {
      for (const [id, kept] of shard)
        for (const identity of identitiesOfKept(kept)) this.#index.set(identity, id)
      yield
    }
  }

  /** Changes one record and the index. */
  put(id: string, kept: Kept | undefined): void {
    const before = this.#kept.get(id)
    // A record that gave an identity to another in the same commit may come after it.
    for (const identity of before ? identitiesOfKept(before) : [])
      if (this.#index.get(identity) === id) this.#index.delete(identity)
    this.load(id, kept)
    for (const identity of kept ? identitiesOfKept(kept) : []) this.#index.set(identity, id)
  }

  /**
   * Ids in pieces; a record that changes meanwhile may be in none or in one of them.
   * @yields some ids
   */
  *pieces(): Generator<readonly string[]> {
    for (const shard of this.#kept.shards()) yield [...shard.keys()]
  }

  /**
   * A record that may be given up, changed longest ago among some; undefined where there is none.
   * @param isTaken - records that may not, since they are being changed
   */
  victim(isTaken: (id: string) => boolean): string | undefined {
    if (this.#forgettable === 0) return undefined
    let found: { readonly id: string; readonly revision: number } | undefined
    for (let looked = 0; looked < this.#kept.shardCount; looked++) {
      if (found && looked >= EVICTION_SAMPLE) break
      for (const [id, { isForgettable, revision }] of this.#kept.shard(this.#nextShard++)) {
        if (!isForgettable || isTaken(id)) continue
        if (!found || revision < found.revision) found = { id, revision }
      }
    }
    return found?.id
  }
}
