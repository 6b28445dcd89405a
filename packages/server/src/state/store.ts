import { mkdirSync, readFileSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'

import writeFileAtomic from 'write-file-atomic'

import { messageOf, ServerError } from '../errors.ts'
import { NEW_MACHINE, transition, type MachineState, type StateEvent } from './machine-state.ts'

/** Machines whose state is kept; the one changed longest ago is dropped first. */
const MAX_MACHINES = 100_000

interface StateFile {
  readonly version: 1
  readonly machines: Readonly<Record<string, MachineState>>
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isState = (value: unknown): value is MachineState =>
  isObject(value) && typeof value['boots'] === 'number'

const parseState = (text: string): Map<string, MachineState> => {
  const file: unknown = JSON.parse(text)
  if (!isObject(file) || file['version'] !== 1 || !isObject(file['machines'])) {
    throw new Error('it is not a state file of this version')
  }
  const entries = Object.entries(file['machines'])
  return new Map(
    entries.map(([mac, state]) => {
      if (!isState(state)) throw new Error(`the entry of ${mac} is not a machine's state`)
      return [mac, state]
    }),
  )
}

/**
 * The states of all machines, in memory and in one file that is replaced as a whole. Changes that come while the
 * file is being written go into the next writing together.
 */
export class StateStore {
  readonly #path: string
  readonly #now: () => number
  #machines = new Map<string, MachineState>()
  #writing: Promise<void> | undefined
  #again: Promise<void> | undefined

  constructor(path: string, now: () => number) {
    this.#path = path
    this.#now = now
  }

  /**
   * Reads the file. One that cannot be understood is renamed, so that nothing is lost and the daemon starts.
   * @returns what was wrong, and where the file now is
   */
  open(): { readonly problem: string; readonly keptAs: string } | undefined {
    let text: string
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o750 })
      text = readFileSync(this.#path, 'utf8')
    } catch (error) {
      if (isObject(error) && error['code'] === 'ENOENT') return undefined
      throw new ServerError('ERR_SERVER_DATA', `cannot use ${this.#path}: ${messageOf(error)}`, {
        cause: error,
      })
    }
    try {
      this.#machines = parseState(text)
      return undefined
    } catch (error) {
      const keptAs = `${this.#path}.corrupt-${new Date(this.#now()).toISOString().replaceAll(':', '')}`
      renameSync(this.#path, keptAs)
      return { problem: messageOf(error), keptAs }
    }
  }

  get size(): number {
    return this.#machines.size
  }

  get(mac: string): MachineState {
    return this.#machines.get(mac) ?? NEW_MACHINE
  }

  /** The machine that awaits the report with this token's hash. */
  findPending(tokenHash: string): { readonly mac: string; readonly expired: boolean } | undefined {
    for (const [mac, { pending }] of this.#machines) {
      if (pending?.token === tokenHash)
        return { mac, expired: Date.parse(pending.expires) < this.#now() }
    }
    return undefined
  }

  /** Changes a machine's state; resolves when it is on disk. */
  async apply(mac: string, event: StateEvent): Promise<MachineState> {
    const state = transition(this.get(mac), event, this.#now())
    this.#machines.delete(mac)
    this.#machines.set(mac, state)
    if (this.#machines.size > MAX_MACHINES) {
      const oldest = this.#machines.keys().next().value
      if (oldest !== undefined) this.#machines.delete(oldest)
    }
    await this.flush()
    return state
  }

  /** Resolves when everything changed so far is on disk. */
  flush(): Promise<void> {
    if (!this.#writing) {
      this.#writing = this.#write().finally(() => (this.#writing = undefined))
      return this.#writing
    }
    this.#again ??= this.#writing
      .catch(() => {
        // whoever waits for that writing hears of it; the next one writes everything anyway
      })
      .then(() => {
        this.#again = undefined
        return this.flush()
      })
    return this.#again
  }

  async #write(): Promise<void> {
    const file: StateFile = { version: 1, machines: Object.fromEntries(this.#machines) }
    try {
      await writeFileAtomic(this.#path, `${JSON.stringify(file)}\n`, { mode: 0o640 })
    } catch (error) {
      throw new ServerError('ERR_SERVER_DATA', `cannot write ${this.#path}: ${messageOf(error)}`, {
        cause: error,
      })
    }
  }
}
