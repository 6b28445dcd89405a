import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Identity } from '../identity.ts'
import { StateError } from '../state-error.ts'
import type { StateStore, Stored, Usage, Watcher, Write } from '../state-store.ts'
import { KEY_BYTES, MAX_KEYS } from '../tokens.ts'
import { planBatch, type Change } from './batch.ts'
import { DISK, type Disk } from './disk.ts'
import { folderError } from './folder-errors.ts'
import { lockFolder, type FolderLock } from './folder-lock.ts'
import { JournalFile, turn } from './journal-file.ts'
import { CLOSED_LINE, goneLine, keptOf, keysLine, putLine, readLine } from './lines.ts'
import { migrateOldState } from './migrate.ts'
import { Records } from './records.ts'

export interface EmbeddedOptions {
  /** Made where it is not there. */
  readonly folder: string
  /** Most machines; default 100,000. */
  readonly limit?: number
  /** Told what an operator should know: a torn write that was cut, a store that is nearly full, a migration. */
  readonly onNotice?: (text: string) => void
  readonly disk?: Disk
  readonly now?: () => number
  /** A journal is written anew when it is longer than this, and than three times what it holds. */
  readonly compactBytes?: number
}

/** Machines whose records are kept unless told. */
const DEFAULT_LIMIT = 100_000
const JOURNAL = 'machines.journal'
/** Writes that one frame takes: what comes in the meantime waits for the next. */
const MAX_BATCH = 256
const COMPACT_BYTES = 8 * 2 ** 20
/** A piece of work that others wait for. */
const SLICE_MS = 3
const WARN_AT = 0.9

interface Waiting {
  readonly change: Change
  readonly resolve: (done: boolean) => void
  readonly reject: (error: unknown) => void
}

/**
 * Machine records in memory and in a journal on this host's disk. Changes that come while the disk is busy share the next
 * write; none is in memory, or answered, before the disk has confirmed it.
 */
export class EmbeddedStore implements StateStore {
  readonly #folder: string
  readonly #path: string
  readonly #disk: Disk
  readonly #limit: number
  readonly #compactBytes: number
  readonly #notice: (text: string) => void
  readonly #records = new Records()
  readonly #watchers = new Set<Watcher>()
  #keys: readonly Uint8Array[] = []
  #revision = 0
  #lock: FolderLock | undefined
  #journal: JournalFile | undefined
  #waiting: Waiting[] = []
  #draining: Promise<void> | undefined
  #closed = false
  #warned = false
  /** Ids changed since the compaction that is under way read them. */
  #changed: Set<string> | undefined
  #compacting: Promise<void> | undefined
  #compactAt: number
  /** A journal that is ready to take the place of the old one. */
  #successor: JournalFile | undefined

  private constructor(options: EmbeddedOptions) {
    this.#folder = options.folder
    this.#path = join(options.folder, JOURNAL)
    this.#disk = options.disk ?? DISK
    this.#limit = options.limit ?? DEFAULT_LIMIT
    this.#notice = options.onNotice ?? (() => {})
    this.#compactBytes = options.compactBytes ?? COMPACT_BYTES
    this.#compactAt = this.#compactBytes
  }

  /**
   * Opens the state in a folder, and migrates that of Bootwire 0.1 (`state.json`) once.
   * @throws {StateError} locked, damaged, of another version or user, or not writable
   */
  static async open(options: EmbeddedOptions): Promise<EmbeddedStore> {
    const store = new EmbeddedStore(options)
    try {
      mkdirSync(options.folder, { recursive: true, mode: 0o750 })
      store.#lock = await lockFolder(options.folder)
      await store.#load(options.now ?? Date.now)
      return store
    } catch (error) {
      await store.#journal?.close()
      await store.#lock?.release()
      throw folderError(options.folder, error)
    }
  }

  async #load(now: () => number): Promise<void> {
    if (!existsSync(this.#path)) {
      await this.#begin()
      return
    }
    for (const left of ['new', 'rescue']) await this.#disk.remove(`${this.#path}.${left}`)
    let since = performance.now()
    const pause = async () => {
      if (performance.now() - since < SLICE_MS) return
      await turn()
      since = performance.now()
    }
    const { journal, cut } = await JournalFile.open(this.#disk, this.#path, async (text) => {
      for (let from = 0; from < text.length;) {
        const to = text.indexOf('\n', from)
        this.#loadLine(text, from, to)
        from = to + 1
      }
      await pause()
    })
    this.#journal = journal
    const pieces = this.#records.indexAll()
    while (!pieces.next().done) await pause()
    if (cut) {
      const name = `${this.#path}.cut-${new Date(now()).toISOString().replaceAll(':', '')}`
      await writeFile(name, cut.bytes, { mode: 0o640 })
      await journal.removeCut()
      this.#notice(
        `the last write to ${this.#path} was interrupted by a crash before anything was answered; it was cut at byte ${cut.position} and kept as ${name}`,
      )
    }
    if (this.#keys.length === 0) await this.#writeKeys([randomBytes(KEY_BYTES)])
    this.#compactAt = Math.max(this.#compactBytes, 3 * this.#records.textLength)
  }

  #loadLine(text: string, from: number, to: number): void {
    const line = to < 0 ? undefined : readLine(text, from, to)
    if (!line)
      throw new StateError(
        'BW-STATE-VERSION',
        `${this.#path} holds lines that this Bootwire does not know; run the one that wrote it`,
      )
    if (line.kind === 'keys') this.#keys = line.keys
    if (line.kind === 'put') this.#records.load(line.id, line.kept)
    if (line.kind === 'gone') this.#records.load(line.id, undefined)
    if (line.kind === 'put' || line.kind === 'gone')
      this.#revision = Math.max(
        this.#revision,
        line.kind === 'put' ? line.kept.revision : line.revision,
      )
  }

  /** A first journal: empty, or what the old state file held. */
  async #begin(): Promise<void> {
    const old = migrateOldState(this.#folder)
    for (const record of old?.records ?? [])
      this.#records.put(record.id, keptOf(record, ++this.#revision))
    this.#keys = [randomBytes(KEY_BYTES)]
    this.#journal = await this.#writeAnew()
    await this.#journal.moveTo(this.#path)
    if (old) this.#notice(old.keepAside())
  }

  get usage(): Usage {
    return { machines: this.#records.size, limit: this.#limit }
  }

  get(id: string): Promise<Stored | undefined> {
    return Promise.resolve(this.#records.get(id))
  }

  find(identities: readonly Identity[]): Promise<readonly Stored[]> {
    return Promise.resolve(this.#records.find(identities))
  }

  peek(identities: readonly Identity[]): readonly Stored[] {
    return this.#records.find(identities)
  }

  async *list(): AsyncGenerator<Stored> {
    for (const ids of this.#records.pieces()) {
      for (const id of ids) {
        const stored = this.#records.get(id)
        if (stored) yield stored
      }
      await turn()
    }
  }

  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  keys(): Promise<readonly Uint8Array[]> {
    return Promise.resolve(this.#keys)
  }

  async rotateKey(): Promise<void> {
    await this.#writeKeys([randomBytes(KEY_BYTES), ...this.#keys].slice(0, MAX_KEYS))
  }

  async #writeKeys(keys: readonly Uint8Array[]): Promise<void> {
    await this.#submit({ writes: [], keys })
  }

  commit(writes: readonly Write[]): Promise<boolean> {
    return this.#submit({ writes })
  }

  #submit(change: Change): Promise<boolean> {
    if (this.#closed)
      return Promise.reject(new StateError('BW-STATE-CLOSED', 'the state store is closed'))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, resolve, reject })
      this.#draining ??= this.#drain()
    })
  }

  async #drain(): Promise<void> {
    // What comes in the same turn goes into the first write.
    await Promise.resolve()
    while (this.#waiting.length > 0 || this.#successor) {
      // oxlint-disable-next-line no-await-in-loop -- one write after the other
      if (this.#successor) await this.#switch(this.#successor)
      const batch = this.#waiting.splice(0, MAX_BATCH)
      // oxlint-disable-next-line no-await-in-loop -- as above
      await this.#write(batch)
    }
    // In the same step as the last look, so that no change comes in between.
    this.#draining = undefined
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    const { lines, puts, keys, results } = planBatch(
      batch.map(({ change }) => change),
      this.#records,
      { limit: this.#limit, revision: this.#revision },
    )
    try {
      if (lines !== '') {
        if (this.#journal!.isLost) await this.#replaceLost()
        await this.#journal!.append(lines)
      }
    } catch (error) {
      const failure = folderError(this.#folder, error)
      for (const [i, { resolve, reject }] of batch.entries())
        if (results[i] === false) resolve(false)
        else reject(results[i] instanceof Error ? results[i] : failure)
      return
    }
    for (const [id, kept] of puts) {
      this.#revision = Math.max(this.#revision, kept?.revision ?? this.#revision + 1)
      this.#records.put(id, kept)
      this.#changed?.add(id)
    }
    if (keys) this.#keys = keys
    for (const [i, { resolve, reject }] of batch.entries()) {
      const result = results[i]
      if (result instanceof Error) reject(result)
      else resolve(result ?? false)
    }
    for (const watcher of this.#watchers)
      for (const id of puts.keys()) watcher(id, this.#records.get(id))
    this.#look()
  }

  /** Warns before the store is full, and has the journal written anew when most of it is of the past. */
  #look(): void {
    const { machines, limit } = this.usage
    const isNearlyFull = machines >= limit * WARN_AT
    if (isNearlyFull && !this.#warned)
      this.#notice(
        `the state holds ${machines} of at most ${limit} machines; forget those that are gone`,
      )
    this.#warned = isNearlyFull
    if (this.#journal!.bytes < this.#compactAt || this.#compacting || this.#successor) return
    this.#compacting = this.#compact().finally(() => {
      this.#compacting = undefined
    })
  }

  /** Writes all records to a new file while changes go on; those are added before it takes the old one's place. */
  async #compact(): Promise<void> {
    this.#changed = new Set()
    let fresh: JournalFile | undefined
    try {
      fresh = await this.#writeAnew()
      while (this.#changed.size > MAX_BATCH) {
        const changed = [...this.#changed]
        this.#changed = new Set()
        // oxlint-disable-next-line no-await-in-loop -- each round is shorter than the one before
        await this.#writeIds(fresh, changed)
      }
      await fresh.sync()
      this.#successor = fresh
      this.#draining ??= this.#drain()
    } catch (error) {
      this.#giveUp(error)
      await fresh?.close().catch(() => {
        // It is not in use: what matters is the error that led here.
      })
    }
  }

  #giveUp(error: unknown): void {
    this.#changed = undefined
    this.#compactAt = this.#journal!.bytes * 1.5
    this.#notice(
      `the journal of the state could not be written anew, and goes on as it is: ${folderError(this.#folder, error).message}`,
    )
  }

  /** The new journal takes over, between two writes. */
  async #switch(fresh: JournalFile): Promise<void> {
    this.#successor = undefined
    try {
      await this.#writeIds(fresh, [...(this.#changed ?? [])])
      await fresh.append(keysLine(this.#keys))
    } catch (error) {
      this.#giveUp(error)
      await fresh.close()
      return
    }
    this.#changed = undefined
    const old = this.#journal!
    try {
      await fresh.moveTo(this.#path)
    } catch (error) {
      this.#giveUp(error)
      // Which of the two files has the name now cannot be known: neither is written to again.
      old.isLost = true
      await fresh.close()
      return
    }
    this.#journal = fresh
    this.#compactAt = Math.max(this.#compactBytes, 3 * fresh.bytes)
    await old.close()
  }

  /** After a failed sync nothing in the old file is certain but what is in memory: all of it is written again. */
  async #replaceLost(): Promise<void> {
    const fresh = await this.#writeAnew('rescue')
    await fresh.moveTo(this.#path)
    const old = this.#journal!
    this.#journal = fresh
    await old.close()
  }

  /** @param suffix - two may be written at the same time */
  async #writeAnew(suffix = 'new'): Promise<JournalFile> {
    const fresh = await JournalFile.create(this.#disk, `${this.#path}.${suffix}`)
    try {
      await fresh.append(keysLine(this.#keys), false)
      for (const ids of this.#records.pieces()) {
        // oxlint-disable-next-line no-await-in-loop -- in pieces, so that others have their turn
        if (ids.length > 0) await this.#writeIds(fresh, ids)
      }
      return fresh
    } catch (error) {
      await fresh.close()
      throw error
    }
  }

  async #writeIds(journal: JournalFile, ids: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += MAX_BATCH) {
      const lines = ids.slice(from, from + MAX_BATCH).map((id) => {
        const kept = this.#records.kept(id)
        return kept ? putLine(id, kept) : goneLine(id, this.#revision)
      })
      // oxlint-disable-next-line no-await-in-loop -- as above
      await journal.append(lines.join(''), false)
    }
  }

  /** Waits for the changes under way, and says in the journal that all is well. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    while (this.#draining ?? this.#compacting) {
      // oxlint-disable-next-line no-await-in-loop -- one may start the other
      await (this.#draining ?? this.#compacting)
    }
    try {
      if (!this.#journal!.isLost) await this.#journal!.append(CLOSED_LINE)
    } catch {
      // Everything that was answered is on disk without it.
    } finally {
      await this.#journal!.close()
      await this.#lock?.release()
    }
  }
}
