import type { Rule } from '../model/rule.ts'
import type { AnswerFormat, IpxeSlot, MenuItem, Vars } from './types.ts'

/** What a profile boots. Paths are URLs or paths below the assets. */
export type Target =
  | {
      readonly kind: 'linux'
      readonly kernel: string
      readonly initrd: readonly string[]
      readonly args: readonly string[]
      readonly console: Readonly<Record<string, string>>
      readonly edit: boolean
    }
  | { readonly kind: 'script'; readonly file: string; readonly text: string }
  | { readonly kind: 'module'; readonly file: string; readonly version: string }
  | { readonly kind: 'chain'; readonly url: string }
  | {
      readonly kind: 'menu'
      readonly title: string
      readonly items: readonly MenuItem[]
      readonly default?: string
      readonly timeoutSeconds: number
    }
  | { readonly kind: 'local' }
  | { readonly kind: 'ignore' }
  | { readonly kind: 'none' }

export interface Answer {
  readonly format: AnswerFormat
  readonly text: string
  /** The template's file, or undefined when it stands in the configuration. */
  readonly file?: string
}

/** A profile with everything inherited, read and checked. */
export interface Profile {
  readonly name: string
  readonly description?: string
  readonly target: Target
  readonly efi?: string
  readonly httpBoot?: string
  readonly answers: Readonly<Record<string, Answer>>
  readonly once?: { readonly after: string; readonly done: 'report' | 'script' }
  readonly vars: Vars
}

export interface ServerSettings {
  readonly interface?: string
  readonly address?: string
  readonly data: string
  readonly dhcp: {
    readonly enabled: boolean
    readonly port: number
    readonly bootServerPort: number
  }
  readonly tftp: { readonly port: number }
  readonly http: { readonly port: number; readonly admin: readonly string[] }
}

/** A configuration ready for decisions: plain data, so that it can be made in another thread. */
export interface Plan {
  /** Hash of the file and of all that it names. */
  readonly revision: string
  readonly source: string
  readonly server: ServerSettings
  readonly assets?: string
  readonly ipxe: Readonly<Partial<Record<IpxeSlot, string>>>
  readonly secrets: Readonly<Record<string, string>>
  readonly vars: Vars
  readonly profiles: Readonly<Record<string, Profile>>
  readonly unknown: { readonly waitSeconds: number; readonly after: string }
  readonly squid?: unknown
  /** Files to watch for a reload. */
  readonly files: readonly string[]
}

/** The rules of a plan, apart because they may be many and arrive in slices. */
export interface PlanRules {
  /** `machines` without and with a profile, to find name, tags and vars. */
  readonly machines: readonly Rule[]
  /** What decides: machines with a profile, and groups. */
  readonly rules: readonly Rule[]
}
