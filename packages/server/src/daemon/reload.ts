import { stat } from 'node:fs/promises'

import { tooManyReinstalls } from '../boot/reinstalls.ts'
import type { BootService } from '../boot/service.ts'
import { formatIssue } from '../config/format.ts'
import { findIpxe } from '../ipxe/find.ts'
import { loadInThread } from '../load/thread.ts'
import { messageOf } from '../model/errors.ts'
import type { ServerOverrides, ServerSettings } from '../model/plan.ts'

const WATCH_MS = 1000
/** A configuration that was refused for a file that is missing is read again after this, until that is there. */
const RETRY_MS = 10_000
const MISSING = new Set(['no-file', 'no-folder', 'no-secret'])
/** Files looked at; a change in others needs SIGHUP. */
const MAX_WATCHED = 1000

export interface ReloaderOptions {
  readonly file: string
  readonly service: BootService
  /** What the command line says. */
  readonly overrides: ServerOverrides
  readonly ipxeFolders: readonly string[]
  readonly load?: typeof loadInThread
  /** How often files are looked at, and a file that is missing is waited for. Default: every second, 10 s. */
  readonly watchMs?: number
  readonly retryMs?: number
}

const FIXED = [
  'interface',
  'address',
  'interfaces',
  'data',
  'dhcp',
  'tftp',
  'http',
  'admin',
  'state',
] as const

/** Settings that differ and cannot change while the daemon runs. */
const restartNeeded = (running: ServerSettings, wanted: ServerSettings): string[] =>
  FIXED.filter((key) => JSON.stringify(running[key]) !== JSON.stringify(wanted[key])).map(
    (key) => `server.${key}`,
  )

/** Keys of features that differ. */
const changedFeatures = (
  running: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
): string[] =>
  [...new Set([...Object.keys(running), ...Object.keys(wanted)])].filter(
    (key) => JSON.stringify(running[key]) !== JSON.stringify(wanted[key]),
  )

const fingerprint = async (files: readonly string[]): Promise<string> => {
  const parts = await Promise.all(
    files.slice(0, MAX_WATCHED).map(async (file) => {
      try {
        const { mtimeMs, size, ino } = await stat(file)
        return `${mtimeMs} ${size} ${ino}`
      } catch {
        return 'gone' // it may be on its way back: an editor replaces files
      }
    }),
  )
  return parts.join('\n')
}

/** Replaces the configuration in force when its files change. A bad one changes nothing but log and status. */
export class Reloader {
  readonly #options: ReloaderOptions
  #running: Promise<boolean> | undefined
  #next: Promise<boolean> | undefined
  #timer: NodeJS.Timeout | undefined
  #seen = ''
  #closed = false
  /** Of `performance.now()`. */
  #retryAtMs: number | undefined

  constructor(options: ReloaderOptions) {
    this.#options = options
  }

  /** Looks at the files from now on. */
  async watch(): Promise<void> {
    this.#seen = await fingerprint(this.#files)
    this.#schedule()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  /**
   * Loads now; while it is loading already, once more after that, for all who ask meanwhile: what they want loaded may
   * have been written after the first one was read. Resolves with whether it is in force.
   */
  reload(): Promise<boolean> {
    if (this.#next) return this.#next
    if (!this.#running) return this.#start()
    this.#next = this.#running.then(() => {
      this.#next = undefined
      return this.#start()
    })
    return this.#next
  }

  #start(): Promise<boolean> {
    this.#running = this.#load().finally(() => (this.#running = undefined))
    return this.#running
  }

  get #files(): string[] {
    return [this.#options.file, ...this.#options.service.configuration.files]
  }

  #schedule(): void {
    if (this.#closed) return
    this.#timer = setTimeout(() => void this.#look(), this.#options.watchMs ?? WATCH_MS)
    this.#timer.unref()
  }

  async #look(): Promise<void> {
    const now = await fingerprint(this.#files)
    const isDue = this.#retryAtMs !== undefined && performance.now() >= this.#retryAtMs
    if ((now !== this.#seen || isDue) && !this.#closed) {
      const before = this.#files.join('\n')
      await this.reload()
      // Taken before loading, so that what changed meanwhile is seen; other files have to be looked at anew.
      this.#seen = this.#files.join('\n') === before ? now : await fingerprint(this.#files)
    }
    this.#schedule()
  }

  async #load(): Promise<boolean> {
    const { file, service, overrides, ipxeFolders, load = loadInThread } = this.#options
    const startedMs = performance.now()
    if (this.#closed) return false
    try {
      const loaded = await load(file, { overrides })
      this.#retryAtMs = undefined
      if (!loaded.ok) {
        const isMissing = loaded.issues.some(({ code }) => MISSING.has(code))
        if (isMissing) this.#retryAtMs = performance.now() + (this.#options.retryMs ?? RETRY_MS)
        return this.#reject(loaded.issues.map(formatIssue))
      }
      if (this.#closed) return false
      const refused = await tooManyReinstalls(loaded.configuration, service.store)
      if (refused !== undefined) return this.#reject([refused])
      const running = service.configuration.server
      const wanted = loaded.configuration.server
      // What cannot change while the daemon runs stays as it is.
      const { allowReinstall } = wanted
      const server = { ...running, allowReinstall }
      const { features } = service.configuration
      const changed = changedFeatures(features, loaded.configuration.features)
      const configuration = { ...loaded.configuration, server, features }
      service.use({ configuration, ipxe: findIpxe(configuration, ipxeFolders) })
      this.#accept([...restartNeeded(running, wanted), ...changed], startedMs)
      return true
    } catch (error) {
      return this.#reject([messageOf(error)])
    }
  }

  #accept(needed: readonly string[], startedMs: number): void {
    const { service } = this.#options
    const { source, revision, rules } = service.configuration
    service.loadStatus = { loadedAt: new Date().toISOString(), restartNeeded: needed }
    if (needed.length > 0) {
      service.log.emit('config.restart-needed', {
        settings: needed,
        why: 'these take effect after a restart',
      })
    }
    service.log.emit('config.reloaded', {
      configuration: source,
      revision,
      rules: rules.size,
      durationMs: Math.round(performance.now() - startedMs),
    })
  }

  #reject(problems: readonly string[]): false {
    const { service } = this.#options
    const known = service.loadStatus.rejected?.problems.join('\n')
    if (known === problems.slice(0, 100).join('\n')) return false
    const at = new Date().toISOString()
    service.loadStatus = {
      ...service.loadStatus,
      rejected: { at, problems: problems.slice(0, 100) },
    }
    service.log.emit('config.rejected', {
      problems: problems.slice(0, 20),
      count: problems.length,
      why: 'the configuration before it stays in force',
    })
    return false
  }
}
