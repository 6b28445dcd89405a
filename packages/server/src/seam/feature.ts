import type { Cli, Command } from '@bootwire-internal/cli'
import type { z } from 'zod'

import type { BootService } from '../boot/service.ts'
import type { Configuration } from '../decide/configuration.ts'
import type { HostAddress } from '../host/interfaces.ts'
import type { EventName, LogRecord } from '../log/names.ts'
import type { ConfigHost, Path } from '../model/issues.ts'
import type { Route } from './route.ts'

/** What `bootwire serve` would do, for an option that does something else instead. */
export interface ServeContext {
  readonly configuration: Configuration
  readonly served: HostAddress
  /** The options as they were given, by name. */
  readonly given: Readonly<Record<string, string | number | boolean | undefined>>
}

/** What a check may use, and where it says what it found. */
export interface CheckTools {
  /** Files as the configuration names them. */
  readonly host: ConfigHost
  /** `path` is within the feature's own key. */
  readonly report: (path: Path, message: string) => void
}

/** A table that a status shows. */
export interface Panel {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: () => readonly (readonly string[])[]
}

/** What a running feature may use of the daemon. */
export interface FeatureHost {
  readonly service: BootService
  /** A folder of the feature's own, made when first asked for; it outlives restarts. */
  readonly folder: () => string
  /** The panels of every feature. */
  readonly panels: () => readonly Panel[]
}

/** A feature for one value of its key. */
export interface OpenFeature {
  /** Finds what cannot work, while the configuration is loaded. Opens no port and changes nothing. */
  readonly check?: (tools: CheckTools) => void | Promise<void>
  /** What templates can name besides; no name of the core's. */
  readonly values?: Readonly<Record<string, unknown>>
  readonly routes?: readonly Route[]
  /** Told of events of the log, in the same step: do little, and queue what takes long. */
  readonly hears?: Readonly<Partial<Record<EventName, (record: LogRecord) => void>>>
  readonly panels?: readonly Panel[]
  /** Before the first request comes. Where it fails, the daemon does not start. */
  readonly start?: (host: FeatureHost) => void | Promise<void>
  readonly stop?: () => void | Promise<void>
}

/** A command line of its own: gives the exit code. */
export type Main = Cli['main']

/** What the module of a feature exports. */
export interface Feature {
  /** Schema of its key; its description is what the reference says. */
  readonly schema?: z.ZodType
  readonly commands?: Readonly<Record<string, Command>>
  readonly delegates?: Readonly<Record<string, Main>>
  readonly serveOptions?: Readonly<Record<string, (context: ServeContext) => string>>
  /** Pure: reads, opens and starts nothing. Called in the loading thread, and again in the daemon. */
  readonly open?: (settings: unknown) => OpenFeature
}

/** A feature's row: what the core must know of it without loading it. */
export interface FeatureRow {
  /** Name of its folder. */
  readonly name: string
  /** Its key of the configuration; without one it has commands only. */
  readonly key?: string
  /** Its commands, each with a line for `bootwire --help`. */
  readonly commands?: Readonly<Record<string, string>>
  /** Commands that read their arguments themselves, each with a line for `bootwire --help`. */
  readonly delegates?: Readonly<Record<string, string>>
  /** Options of `serve` that do something else instead of serving, each with a line for its help. */
  readonly serveOptions?: Readonly<Record<string, string>>
  readonly load: () => Promise<Feature>
}

/** States a feature with the types of its own settings. */
export const defineFeature = <Settings>(feature: {
  readonly schema?: z.ZodType<Settings>
  readonly commands?: Readonly<Record<string, Command>>
  readonly delegates?: Readonly<Record<string, Main>>
  readonly serveOptions?: Readonly<Record<string, (context: ServeContext) => string>>
  readonly open?: (settings: Settings) => OpenFeature
}): Feature => {
  const { schema, open, commands = {}, delegates = {}, serveOptions = {} } = feature
  if (!schema || !open) return { commands, delegates, serveOptions }
  return {
    schema,
    commands,
    delegates,
    serveOptions,
    open: (settings) => open(schema.parse(settings)),
  }
}
