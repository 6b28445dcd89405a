import { randomBytes } from 'node:crypto'

import type { Identity } from '../identity.ts'
import { StateError } from '../state-error.ts'
import {
  indexChanges,
  type StateStore,
  type Stored,
  type Usage,
  type Watcher,
  type Write,
} from '../state-store.ts'
import { KEY_BYTES, MAX_KEYS } from '../tokens.ts'
import { base64, EtcdGateway, field, fromBase64, numberOf, type GatewayOptions } from './gateway.ts'
import { keyNames, pairsOf, storedOf, valueOf, type KeyNames } from './keys.ts'
import { Mirror } from './mirror.ts'

export interface EtcdOptions extends GatewayOptions {
  /** Everything is below this; default `bootwire`. */
  readonly prefix?: string
  readonly onNotice?: (text: string) => void
}

const FORMAT = '1'
/** Told of in `usage`; etcd's own quota is the true limit. */
const LIMIT = 1_000_000

const compareRevision = (key: string, revision: number): object => ({
  key: base64(key),
  target: 'MOD',
  result: 'EQUAL',
  mod_revision: String(revision),
})

const compareValue = (key: string, value: string): object => ({
  key: base64(key),
  target: 'VALUE',
  result: 'EQUAL',
  value: base64(value),
})

const put = (key: string, value: string): object => ({
  request_put: { key: base64(key), value },
})

const remove = (key: string): object => ({ request_delete_range: { key: base64(key) } })

const range = (key: string): object => ({ request_range: { key: base64(key) } })

/**
 * Machine records in etcd, for several servers. Each commit is one transaction: it compares the revision of every record
 * and the owner of every identity that changes hands, so that two servers can neither both change a record nor both make
 * one for the same machine. A try whose answer was lost is made again; if it had succeeded, it fails then, and whoever
 * asked reads what there is.
 */
export class EtcdStore implements StateStore {
  readonly gateway: EtcdGateway
  readonly names: KeyNames
  readonly #mirror: Mirror

  private constructor(options: EtcdOptions) {
    this.gateway = new EtcdGateway(options)
    this.names = keyNames(options.prefix ?? 'bootwire')
    this.#mirror = new Mirror(this.gateway, this.names, options.onNotice ?? (() => {}))
  }

  /**
   * Opens the state in etcd, and makes what there must be in an empty one.
   * @throws {StateError} etcd is away, of another cluster, does not trust this server, or holds another version
   */
  static async open(options: EtcdOptions): Promise<EtcdStore> {
    const store = new EtcdStore(options)
    try {
      await store.#begin()
      await store.#mirror.start()
      return store
    } catch (error) {
      await store.close()
      throw error
    }
  }

  /** The first of several that start at once makes the key; all read it. */
  async #begin(): Promise<void> {
    const { keys, format } = this.names
    const key = randomBytes(KEY_BYTES).toString('base64')
    await this.#transact(
      [compareRevision(format, 0), compareRevision(keys, 0)],
      [put(format, base64(FORMAT)), put(keys, base64(key))],
    )
    const found = await this.#read(format)
    if (found !== FORMAT)
      throw new StateError(
        'BW-STATE-VERSION',
        `${format} in etcd says version ${found ?? 'none'} of the state, and this Bootwire reads version ${FORMAT}; give it another server.state.etcd.prefix, or run the Bootwire that wrote it`,
      )
  }

  /** The id of the cluster: kept by the caller, it tells another cluster at the next start. */
  get cluster(): string | undefined {
    return this.gateway.cluster
  }

  async #read(key: string): Promise<string | undefined> {
    const [pair] = pairsOf(await this.gateway.call('/v3/kv/range', { key: base64(key) }))
    return pair === undefined ? undefined : fromBase64(field(pair, 'value'))
  }

  async #transact(compare: readonly object[], success: readonly object[]): Promise<boolean> {
    const answer = await this.gateway.call('/v3/kv/txn', { compare, success })
    return field(answer, 'succeeded') === true
  }

  get usage(): Usage {
    return { machines: this.#mirror.size, limit: LIMIT }
  }

  async #getAll(ids: readonly string[]): Promise<readonly Stored[]> {
    if (ids.length === 0) return []
    const success = ids.map((id) => range(`${this.names.machines}${id}`))
    const answer = await this.gateway.call('/v3/kv/txn', { success })
    return pairsOf(answer).flatMap((pair) => storedOf(pair, this.names.machines) ?? [])
  }

  async get(id: string): Promise<Stored | undefined> {
    const [stored] = await this.#getAll([id])
    return stored
  }

  async find(identities: readonly Identity[]): Promise<readonly Stored[]> {
    if (identities.length === 0) return []
    const success = identities.map((identity) => range(`${this.names.identities}${identity}`))
    const answer = await this.gateway.call('/v3/kv/txn', { success })
    const ids = pairsOf(answer).map((pair) => fromBase64(field(pair, 'value')))
    return this.#getAll([...new Set(ids)])
  }

  peek(identities: readonly Identity[]): readonly Stored[] {
    return this.#mirror.find(identities)
  }

  commit(writes: readonly Write[]): Promise<boolean> {
    const index = indexChanges(writes)
    if (!index) return Promise.resolve(false)
    const { machines, identities } = this.names
    const compare: object[] = []
    const success: object[] = []
    for (const { before, after } of writes) {
      const id = before?.record.id ?? after?.id
      if (id === undefined) continue
      compare.push(compareRevision(`${machines}${id}`, before?.revision ?? 0))
      success.push(after ? put(`${machines}${id}`, valueOf(after)) : remove(`${machines}${id}`))
    }
    for (const { identity, from, to } of index) {
      const key = `${identities}${identity}`
      compare.push(from === undefined ? compareRevision(key, 0) : compareValue(key, from))
      success.push(to === undefined ? remove(key) : put(key, base64(to)))
    }
    return this.#transact(compare, success)
  }

  async *list(): AsyncGenerator<Stored> {
    for (const ids of this.#mirror.ids()) {
      for (const id of ids) {
        const stored = this.#mirror.get(id)
        if (stored) yield stored
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  watch(watcher: Watcher): () => void {
    return this.#mirror.watch(watcher)
  }

  async keys(): Promise<readonly Uint8Array[]> {
    const text = await this.#read(this.names.keys)
    return (text ?? '').split('\n').map((line) => Buffer.from(line, 'base64'))
  }

  async rotateKey(): Promise<void> {
    const { keys } = this.names
    const answer = await this.gateway.call('/v3/kv/range', { key: base64(keys) })
    const [pair] = pairsOf(answer)
    const old = fromBase64(field(pair, 'value')).split('\n')
    const lines = [randomBytes(KEY_BYTES).toString('base64'), ...old].slice(0, MAX_KEYS)
    const revision = numberOf(field(pair, 'mod_revision'))
    const done = await this.#transact(
      [compareRevision(keys, revision)],
      [put(keys, base64(lines.join('\n')))],
    )
    if (!done)
      throw new StateError(
        'BW-STATE-BUSY',
        'another server changed the key at the same moment; try again',
      )
  }

  async close(): Promise<void> {
    await this.#mirror.close()
    this.gateway.close()
  }
}
