import type { Script } from '../syntax/index.ts'
import type { AnyProfile, BuildTraits, CommandSpec } from '../table/index.ts'
import { type Bytes, toText } from './bytes.ts'
import { causeOf } from './errno.ts'
import type { Arguments } from './getopt.ts'
import { type Image, ImageList } from './images.ts'
import type { Keyboard } from './keyboard.ts'
import type { Language } from './language.ts'
import type { Device } from './machine-settings.ts'
import type { Menu } from './menu.ts'
import type { Fetch } from './network.ts'
import { Halt, type Place } from './outcome.ts'
import type { Root } from './settings.ts'
import { formatUri, type Uri } from './uri.ts'

/** One executed command. */
export interface Step extends Place {
  /** The command with everything expanded. */
  readonly command: readonly string[]
  readonly status: number
}

/** Bounds of one run; what goes beyond them is reported as a hang. */
export interface Limits {
  /** Commands executed. Default: 100,000. */
  readonly steps: number
  /** Steps kept in the trace, the first ones. Default: 10,000. */
  readonly trace: number
  /** Characters printed that are kept. Default: 1,000,000. */
  readonly output: number
  /** Characters that expansion may produce in all. Default: 50,000,000. */
  readonly work: number
}

/** A script while it runs. */
export interface Running {
  readonly image: Image
  readonly script: Script
  /** Index of the line to run after this one. */
  next: number
  line: number
}

export interface Parameters {
  /** What `--method` said. */
  readonly method: Bytes | undefined
  readonly entries: { name: Bytes; value: Bytes; header: boolean }[]
}

/** A command with its words sorted out. */
export interface Call extends Arguments {
  readonly spec: CommandSpec
}

/** Does a command; gives its status, 0 for success. */
export type Handler = (vm: Vm, call: Call) => number | Promise<number>

export interface VmParts {
  readonly profile: AnyProfile
  readonly platform: string
  readonly drives: readonly number[]
  readonly longMode: boolean
  readonly root: Root
  readonly keyboard: Keyboard
  readonly fetch: Fetch
  readonly limits: Limits
  readonly language: Language
}

/** Everything that a running iPXE holds. */
export class Vm {
  readonly parts: VmParts
  readonly devices: Device[] = []
  readonly images: ImageList = new ImageList()
  readonly menus: Map<Bytes, Menu> = new Map()
  readonly parameters: Map<Bytes, Parameters> = new Map()
  readonly hooked: Map<number, readonly string[]> = new Map()
  readonly trace: Step[] = []
  readonly visits: Map<string, Place & { count: number }> = new Map()
  errno = 0
  /** What stops after the running command: the rest of its line, or the whole script. */
  stop: 'nothing' | 'line' | 'script' = 'nothing'
  running: Running | undefined
  depth = 0
  workingUri: Uri | undefined
  opened: Device | undefined
  steps = 0
  work = 0
  /** What the last failed command said about it. */
  reason = ''
  #output = ''

  constructor(parts: VmParts) {
    this.parts = parts
  }

  get output(): string {
    return this.#output
  }

  print(text: Bytes): void {
    if (this.#output.length < this.parts.limits.output) this.#output += text
  }

  /** Prints a message on a line of its own and keeps it as the reason for a failure. */
  complain(status: number, message: Bytes): number {
    this.print(`${message}\n`)
    this.reason = message
    return status
  }

  get place(): Place {
    return { script: this.running ? nameOf(this.running.image) : '', line: this.running?.line ?? 0 }
  }

  record(words: readonly Bytes[], status: number): void {
    if (this.trace.length < this.parts.limits.trace)
      this.trace.push({ ...this.place, command: words.map(toText), status })
    if (status !== 0) {
      this.errno = status
      if (this.reason === '') this.reason = causeOf(status)
    }
  }

  /** Counts a jump, so that a loop can be told by its most used one. */
  visit(): void {
    const place = this.place
    const key = `${place.line} ${place.script}`
    const seen = this.visits.get(key)
    if (seen) seen.count++
    else this.visits.set(key, { ...place, count: 1 })
  }

  /** Counts work done and leaves when there is too much of it. */
  spend(steps: number, work: number): void {
    this.steps += steps
    this.work += work
    const { limits } = this.parts
    if (this.steps > limits.steps) this.hang(`in a loop: ${limits.steps} commands and no end`)
    if (this.work > limits.work)
      this.hang(`in a loop: ${limits.work} characters expanded and no end`)
  }

  hang(reason: string): never {
    const [most] = [...this.visits.values()].toSorted((a, b) => b.count - a.count)
    const place =
      most && reason.startsWith('in a loop') ? { script: most.script, line: most.line } : this.place
    throw new Halt({ kind: 'hangs', ...place, reason })
  }

  /** The next key; leaves where a key is needed and none will come. */
  key(timeoutMs: number, what: string): number {
    const key = this.parts.keyboard.wait(timeoutMs)
    if (key === undefined) throw new Halt({ kind: 'waits', ...this.place, what })
    return key
  }

  device(name: Bytes): Device | undefined {
    return this.devices.find((device) => device.name === name)
  }

  get traits(): BuildTraits {
    return this.parts.profile.traits
  }

  has(feature: string): boolean {
    return this.parts.profile.features.has(feature)
  }
}

/** What a script is called in a trace: its URI, else its image's name; the first script has neither. */
const nameOf = ({ uri, name }: Image): string => toText(uri ? formatUri(uri) : name)
