import { messageOf } from '../../model/errors.ts'
import type { Identity } from '../identity.ts'
import { keptOf } from '../journal/lines.ts'
import { Records } from '../journal/records.ts'
import type { Stored, Watcher } from '../state-store.ts'
import { base64, field, fromBase64, numberOf, type EtcdGateway } from './gateway.ts'
import { eventsOf, pairsOf, rangeEnd, storedOf, type KeyNames } from './keys.ts'

const PAGE = 1000
const AGAIN_MS = 200

/** A revision that the watch begins at is not there any more: all has to be read again. */
class Compacted extends Error {}

/** All records as etcd told them last: what DHCP answers from, and what is left while etcd is away. */
export class Mirror {
  readonly #gateway: EtcdGateway
  readonly #names: KeyNames
  readonly #onNotice: (text: string) => void
  readonly #stop = new AbortController()
  readonly #watchers = new Set<Watcher>()
  #records = new Records()
  #revision = 0
  #running: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #wake: (() => void) | undefined

  constructor(gateway: EtcdGateway, names: KeyNames, onNotice: (text: string) => void) {
    this.#gateway = gateway
    this.#names = names
    this.#onNotice = onNotice
  }

  /** Reads all records, then follows the changes until it is closed. */
  async start(): Promise<void> {
    await this.#readAll()
    this.#running = this.#follow()
  }

  get size(): number {
    return this.#records.size
  }

  find(identities: readonly Identity[]): readonly Stored[] {
    return this.#records.find(identities)
  }

  *ids(): Generator<readonly string[]> {
    yield* this.#records.pieces()
  }

  get(id: string): Stored | undefined {
    return this.#records.get(id)
  }

  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  /** Reads in pages, all of one revision. */
  async #readAll(): Promise<void> {
    const { machines } = this.#names
    const fresh = new Records()
    const end = rangeEnd(machines)
    let from = base64(machines)
    let revision = 0
    for (let more: unknown = true; more === true;) {
      const at = revision === 0 ? {} : { revision }
      // oxlint-disable-next-line no-await-in-loop -- one page after the other
      const answer = await this.#gateway.call('/v3/kv/range', {
        key: from,
        range_end: end,
        limit: PAGE,
        ...at,
      })
      revision ||= numberOf(field(answer, 'header', 'revision'))
      const pairs = pairsOf(answer)
      for (const pair of pairs) this.#put(fresh, pair)
      more = field(answer, 'more')
      from = base64(`${fromBase64(field(pairs.at(-1), 'key'))}\0`)
    }
    this.#records = fresh
    this.#revision = revision
  }

  #put(records: Records, pair: unknown): string {
    const id = fromBase64(field(pair, 'key')).slice(this.#names.machines.length)
    const stored =
      field(pair, 'value') === undefined ? undefined : storedOf(pair, this.#names.machines)
    records.put(id, stored && keptOf(stored.record, stored.revision))
    return id
  }

  async #follow(): Promise<void> {
    let isAway = false
    while (!this.#stop.signal.aborted) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- a new watch where the one before ended
        await this.#watchOnce(() => {
          if (isAway)
            this.#onNotice('etcd answers again; changes are followed from where they were left')
          isAway = false
        })
      } catch (error) {
        if (!isAway && !this.#stop.signal.aborted)
          this.#onNotice(
            `changes in etcd cannot be followed: ${messageOf(error)}; what is known of machines may be old until it answers again`,
          )
        isAway = true
        // oxlint-disable-next-line no-await-in-loop -- as above
        if (error instanceof Compacted)
          await this.#readAll().catch(() => {
            // The next turn tries again, and says so.
          })
      }
      // oxlint-disable-next-line no-await-in-loop -- as above
      if (!this.#stop.signal.aborted) await this.#pause()
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
      this.#timer = setTimeout(resolve, AGAIN_MS)
    })
  }

  #watchOnce(onAnswer: () => void): Promise<void> {
    const { machines } = this.#names
    const create_request = {
      key: base64(machines),
      range_end: rangeEnd(machines),
      start_revision: this.#revision + 1,
      progress_notify: true,
    }
    const take = (answer: unknown): void => {
      if (numberOf(field(answer, 'result', 'compact_revision')) > 0)
        throw new Compacted('the watch begins too far back')
      if (field(answer, 'error') !== undefined)
        throw new Error(String(field(answer, 'error', 'message')))
      onAnswer()
      for (const event of eventsOf(answer)) {
        const id = this.#put(this.#records, field(event, 'kv'))
        for (const watcher of this.#watchers) watcher(id, this.#records.get(id))
      }
      this.#revision = Math.max(
        this.#revision,
        numberOf(field(answer, 'result', 'header', 'revision')),
      )
    }
    return this.#gateway.stream('/v3/watch', { create_request }, take, this.#stop.signal)
  }

  async close(): Promise<void> {
    this.#stop.abort()
    clearTimeout(this.#timer)
    this.#wake?.()
    await this.#running
  }
}
