import type { AnswerFormat } from './answer-formats.ts'
import type { IpxeSlot } from './ipxe-binaries.ts'
import type { Rule } from './rule.ts'
import type { Scope } from './scopes.ts'

/** Values for templates, by name. */
export type Vars = Readonly<Record<string, unknown>>

/** What a profile boots; the kind of profile that it is of knows the rest of it. */
export interface Target {
  readonly kind: string
}

/** What one firmware gets from DHCP instead of iPXE. */
export interface BootProgram {
  /** The key of the profile that names it. */
  readonly key: string
  /** Path below the assets; over HTTP also a URL. */
  readonly file: string
  /** The firmware, for people. */
  readonly title: string
  readonly over: 'tftp' | 'http'
}

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
  /** DHCP never answers a machine of it. */
  readonly ignoresDhcp?: true
  /** By the firmware that asks. */
  readonly programs: Readonly<Partial<Record<string, BootProgram>>>
  readonly answers: Readonly<Record<string, Answer>>
  readonly once?: {
    readonly after: string
    readonly done: 'report' | 'script'
    /** Written by hand; another one asks for another installation. */
    readonly id?: string
    /** Reported failures that are followed by another attempt. */
    readonly retries: number
  }
  readonly vars: Vars
}

/** Where machine records are kept; absent: in the data folder. */
export interface StateSettings {
  readonly etcd?: {
    readonly endpoints: readonly string[]
    readonly prefix?: string
    /** PEM texts. */
    readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string }
  }
}

/** Something that may use the admin door over TCP. */
export interface AdminToken {
  readonly name: string
  /** Of the token itself, in hexadecimal. */
  readonly sha256: string
  readonly scopes: readonly Scope[]
}

/** The admin door over TCP; the socket in the data folder is always there. */
export interface AdminSettings {
  readonly listen?: { readonly address: string; readonly port: number }
  readonly tokens: readonly AdminToken[]
  /** Names beside the address by which it may be asked. */
  readonly hosts: readonly string[]
}

export interface ServerSettings {
  readonly interface?: string
  readonly address?: string
  /** Several interfaces, each at whichever address it has. */
  readonly interfaces?: readonly string[]
  readonly data: string
  readonly dhcp: {
    readonly enabled: boolean
    readonly port: number
    readonly bootServerPort: number
    /** Whether a DHCP server on this host keeps unicast on port 67; `auto` looks for one. */
    readonly shared: boolean | 'auto'
  }
  readonly tftp: { readonly port: number }
  readonly http: {
    readonly port: number
    /** What machines are told, where that is not the address and port that are bound; without a slash at its end. */
    readonly url?: string
    /** Networks of reverse proxies whose X-Forwarded-For is believed. */
    readonly trustedProxies: readonly string[]
  }
  readonly admin: AdminSettings
  readonly state?: StateSettings
  /** Most installed machines that a change of the file may install again. */
  readonly allowReinstall: number
}

/** What the command line says of where to serve: it wins over the file. */
export interface ServerOverrides {
  readonly interface?: string | undefined
  readonly address?: string | undefined
  readonly data?: string | undefined
  readonly dhcpPort?: number | undefined
  readonly bootServerPort?: number | undefined
  readonly tftpPort?: number | undefined
  readonly httpPort?: number | undefined
}

/** A script module of the configuration, loaded. */
export type ScriptModule = (machine: Readonly<Record<string, unknown>>) => unknown

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
  /** What stands under the keys of features. */
  readonly features: Readonly<Record<string, unknown>>
  /** What templates can name because a feature gives it. */
  readonly given: Readonly<Record<string, unknown>>
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
