import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { NETWORK, type Bed } from './bed.ts'
import { KERNEL_ARGS } from './payload.ts'

/** One line of the daemon's JSON log. */
export interface DaemonEvent {
  readonly event: string
  readonly mac?: string
  readonly boot?: string
  readonly [field: string]: unknown
}

/** Boots the payload on every machine. */
export const PAYLOAD_CONFIG = `
assets: assets
profiles:
  payload: { kernel: vmlinuz, initrd: initrd.img, args: ${KERNEL_ARGS} }
groups:
  - { name: everyone, match: { mac: { regex: . } }, profile: payload }
`

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
const PATIENCE_MS = 60_000

/** The source runs as it is: a test must not depend on whether somebody has built it. */
const fromSource = ['--conditions=@bootwire/source', '--import', import.meta.resolve('tsx'), CLI]

const dataFolder = (bed: Bed): string => join(bed.folder, 'data')

interface Waiter {
  readonly matches: (event: DaemonEvent) => boolean
  readonly found: (event: DaemonEvent) => void
  readonly ended: () => void
}

export interface DaemonStart {
  /** The configuration says where to serve. Default: on the bed's network. */
  readonly anywhere?: boolean
}

/** `bootwire serve` in its namespace, and what it has logged. */
export class Daemon {
  readonly events: DaemonEvent[] = []
  readonly configPath: string
  readonly #bed: Bed
  readonly #child: ChildProcess
  readonly #waiters = new Set<Waiter>()
  readonly #listeners: ((event: DaemonEvent) => void)[] = []
  #said = ''

  private constructor(bed: Bed, config: string, { anywhere = false }: DaemonStart) {
    this.#bed = bed
    this.configPath = join(bed.folder, 'bootwire.yaml')
    writeFileSync(this.configPath, config)
    const where = anywhere ? [] : ['--interface', 'eth0', '--address', NETWORK.boot]
    const options = ['--config', this.configPath, ...where]
    const quiet = ['--log', 'json', '--data-dir', dataFolder(bed)]
    this.#child = bed.spawn('boot', process.execPath, [
      ...fromSource,
      'serve',
      ...options,
      ...quiet,
    ])
    createInterface({ input: this.#child.stdout! }).on('line', (line) => this.#hear(line))
    createInterface({ input: this.#child.stderr! }).on('line', (line) => this.#hear(line))
    this.#child.once('close', () => {
      for (const waiter of this.#waiters) waiter.ended()
    })
  }

  static async start(
    bed: Bed,
    config: string = PAYLOAD_CONFIG,
    how: DaemonStart = {},
  ): Promise<Daemon> {
    const daemon = new Daemon(bed, config, how)
    await daemon.logs(({ event }) => event === 'ready')
    return daemon
  }

  /** Hands every later event to the listener. */
  watch(listener: (event: DaemonEvent) => void): void {
    this.#listeners.push(listener)
  }

  /** What it logged about one machine, in order. */
  eventsOf(mac: string): readonly DaemonEvent[] {
    return this.events.filter((event) => event.mac === mac)
  }

  /** Waits for an event; one that has already been logged counts, from index `from` on. */
  async logs(
    matches: (event: DaemonEvent) => boolean,
    { from = 0, timeoutMs = PATIENCE_MS }: { from?: number; timeoutMs?: number } = {},
  ): Promise<DaemonEvent> {
    const known = this.events.slice(from).find(matches)
    if (known) return known
    return new Promise((resolve, reject) => {
      const settle = (action: () => void): void => {
        clearTimeout(timer)
        this.#waiters.delete(waiter)
        action()
      }
      const fail = (why: string) => () =>
        reject(new Error(`the daemon did not log it (${why}); it said:\n${this.#tail()}`))
      const waiter: Waiter = {
        matches,
        found: (event) => settle(() => resolve(event)),
        ended: () => settle(fail('it ended')),
      }
      const timer = setTimeout(() => settle(fail(`${timeoutMs / 1000} s are over`)), timeoutMs)
      this.#waiters.add(waiter)
      if (this.#child.exitCode !== null) waiter.ended()
    })
  }

  /** Replaces its configuration and asks it to read that. */
  reload(config: string): void {
    writeFileSync(this.configPath, config)
    this.signal('SIGHUP')
  }

  /** Runs another command of `bootwire` beside it; resolves to what that printed. */
  async command(name: string, args: readonly string[]): Promise<string> {
    const data = ['--data-dir', dataFolder(this.#bed)]
    return this.#bed.run('boot', process.execPath, [...fromSource, name, ...args, ...data])
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  /** Stops it as a service manager does; resolves to its exit code. */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode !== null) return this.#child.exitCode
    const closed = once(this.#child, 'close')
    this.signal('SIGTERM')
    await closed
    return this.#child.exitCode
  }

  #hear(line: string): void {
    this.#said += `${line}\n`
    const event = parseEvent(line)
    if (!event) return
    this.events.push(event)
    for (const listener of this.#listeners) listener(event)
    for (const waiter of this.#waiters) if (waiter.matches(event)) waiter.found(event)
  }

  #tail(): string {
    return this.#said.split('\n').slice(-30).join('\n')
  }
}

const isEvent = (value: unknown): value is DaemonEvent =>
  typeof value === 'object' && value !== null && 'event' in value && typeof value.event === 'string'

const parseEvent = (line: string): DaemonEvent | undefined => {
  if (!line.startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(line)
    return isEvent(value) ? value : undefined
  } catch {
    return undefined // a line of another program, kept in the text that failures show
  }
}
