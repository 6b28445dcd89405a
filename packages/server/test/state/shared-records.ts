import type { Identity } from '../../src/state/identity.ts'
import { indexChanges, type Stored, type Write } from '../../src/state/state-store.ts'

/** A store in memory with compare-and-set. */
export class SharedRecords {
  readonly records = new Map<string, Stored>()
  #revision = 0

  find(identities: readonly Identity[]): Stored[] {
    return [...this.records.values()].filter(({ record }) =>
      record.identities.some((identity) => identities.includes(identity)),
    )
  }

  commit(writes: readonly Write[]): boolean {
    const index = indexChanges(writes)
    const owner = (identity: Identity) => this.find([identity])[0]?.record.id
    if (!index?.every(({ identity, from }) => owner(identity) === from)) return false
    for (const { before, after } of writes)
      if (this.records.get(before?.record.id ?? after!.id)?.revision !== before?.revision)
        return false
    for (const { before, after } of writes) {
      if (after) this.records.set(after.id, { record: after, revision: ++this.#revision })
      else this.records.delete(before!.record.id)
    }
    return true
  }
}
