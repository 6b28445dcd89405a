import { mkdirSync, readFileSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'

import writeFileAtomic from 'write-file-atomic'

import { asideName } from '../host/data.ts'
import { messageOf, ServerError } from '../model/errors.ts'
import {
  NEW_MACHINE,
  transition,
  type MachineState,
  type StateEvent,
} from '../model/machine-state.ts'

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

/** A change that waits for the disk. */
interface Change {
  readonly mac: string
  readonly event: StateEvent
  readonly resolve: (state: MachineState) => void
  readonly reject: (error: unknown) => void
}

/**
 * The states of all machines, in memory and in one file that is replaced as a whole. A change is in memory once it is on
 * disk: what cannot be written has not happened. Changes that come while the file is being written go into the next
 * writing together.
 */
export class StateStore {
  readonly #path: string
  readonly #now: () => number
  #machines = new Map<string, MachineState>()
  #waiting: Change[] = []
  #writing: Promise<void> | undefined

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
      const keptAs = asideName(this.#path, this.#now())
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

  /** Changes a machine's state; resolves when it is on disk. When that fails, nothing has changed. */
  apply(mac: string, event: StateEvent): Promise<MachineState> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ mac, event, resolve, reject })
      this.#writing ??= this.#writeWaiting()
    })
  }

  /** Resolves when no change waits for the disk any more; whoever made one hears whether it succeeded. */
  async flush(): Promise<void> {
    await this.#writing
  }

  async #writeWaiting(): Promise<void> {
    while (this.#waiting.length > 0) {
      const changes = this.#waiting
      this.#waiting = []
      const machines = new Map(this.#machines)
      const states = changes.map(({ mac, event }) => {
        const state = transition(machines.get(mac) ?? NEW_MACHINE, event, this.#now())
        // Changed last, it is the last to be dropped.
        machines.delete(mac)
        machines.set(mac, state)
        return state
      })
      for (const oldest of machines.keys()) {
        if (machines.size <= MAX_MACHINES) break
        machines.delete(oldest)
      }
      try {
        // oxlint-disable-next-line no-await-in-loop -- one writing after the other
        await this.#write(machines)
        this.#machines = machines
        for (const [i, state] of states.entries()) changes[i]?.resolve(state)
      } catch (error) {
        for (const { reject } of changes) reject(error)
      }
    }
    // In the same step as the last look, so that no change comes in between.
    this.#writing = undefined
  }

  async #write(machines: ReadonlyMap<string, MachineState>): Promise<void> {
    const file: StateFile = { version: 1, machines: Object.fromEntries(machines) }
    try {
      await writeFileAtomic(this.#path, `${JSON.stringify(file)}\n`, { mode: 0o640 })
    } catch (error) {
      const why = `cannot write ${this.#path}: ${messageOf(error)}`
      const remedy =
        'no machine’s state has changed; make room on that disk, or make the folder writable'
      throw new ServerError('ERR_SERVER_DATA', `${why}; ${remedy}`, { cause: error })
    }
  }
}
