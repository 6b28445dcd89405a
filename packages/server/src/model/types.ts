import type { FactName } from './facts.ts'

/** One condition on a fact as the YAML writes it: a value, a list (any of), or one named test. */
export type TestInput = string | number | readonly (string | number)[] | NamedTest

export interface NamedTest {
  readonly is?: string | number | undefined
  readonly in?: readonly (string | number)[] | undefined
  readonly prefix?: string | undefined
  readonly regex?: string | undefined
  readonly cidr?: string | undefined
}

/** Conditions that all must hold. `query` holds conditions on labels of the script's URL. */
export type MatchInput = Partial<Readonly<Record<FactName, TestInput | undefined>>> & {
  readonly query?: Readonly<Record<string, TestInput>> | undefined
}

export type Vars = Readonly<Record<string, unknown>>

export interface AnswerInput {
  readonly template?: string | undefined
  readonly text?: string | undefined
  readonly format?: AnswerFormat | undefined
}

/** What a rendered answer is, and so how values are escaped in it and which content type it has. */
export type AnswerFormat =
  | 'kickstart'
  | 'preseed'
  | 'shell'
  | 'cloud-init'
  | 'yaml'
  | 'ignition'
  | 'json'
  | 'xml'
  | 'ipxe'
  | 'text'

export interface MenuItem {
  readonly profile: string
  readonly label?: string | undefined
  readonly key?: string | undefined
}

export interface MenuInput {
  readonly title?: string | undefined
  readonly items: readonly (string | MenuItem)[]
  readonly default?: string | undefined
  readonly timeoutSeconds?: number | undefined
}

export interface OnceInput {
  readonly after?: string | undefined
  readonly done?: 'report' | 'script' | undefined
}

export interface ProfileInput {
  readonly extends?: string | undefined
  readonly description?: string | undefined
  readonly kernel?: string | undefined
  readonly initrd?: string | readonly string[] | undefined
  readonly args?: string | readonly string[] | undefined
  readonly console?: string | Readonly<Record<string, string>> | undefined
  readonly edit?: boolean | undefined
  readonly script?: string | undefined
  readonly module?: string | undefined
  readonly chain?: string | undefined
  readonly menu?: MenuInput | undefined
  readonly local?: true | undefined
  readonly ignore?: true | undefined
  readonly efi?: string | undefined
  readonly httpBoot?: string | undefined
  readonly answers?: Readonly<Record<string, AnswerInput>> | undefined
  readonly once?: boolean | OnceInput | undefined
  readonly vars?: Vars | undefined
}

export interface MachineInput {
  readonly mac?: string | readonly string[] | undefined
  readonly uuid?: string | undefined
  readonly serial?: string | undefined
  readonly profile?: string | undefined
  readonly tags?: readonly string[] | undefined
  readonly vars?: Vars | undefined
}

export interface GroupInput {
  readonly name: string
  readonly match: MatchInput
  readonly profile: string
  readonly vars?: Vars | undefined
}

export interface UnknownInput {
  readonly waitSeconds?: number | undefined
  readonly after?: string | undefined
}

export interface ServerInput {
  readonly interface?: string | undefined
  readonly address?: string | undefined
  readonly data?: string | undefined
  readonly dhcp?:
    | {
        readonly enabled?: boolean | undefined
        readonly port?: number | undefined
        readonly bootServerPort?: number | undefined
      }
    | undefined
  readonly tftp?: { readonly port?: number | undefined } | undefined
  readonly http?:
    | { readonly port?: number | undefined; readonly admin?: readonly string[] | undefined }
    | undefined
}

export interface SecretInput {
  readonly file?: string | undefined
  readonly env?: string | undefined
}

/** The configuration file as written, once it has been found valid. */
export interface ConfigInput {
  readonly server?: ServerInput | undefined
  readonly assets?: string | undefined
  readonly ipxe?: { readonly [slot in IpxeSlot]?: string | undefined } | undefined
  readonly secrets?: Readonly<Record<string, SecretInput>> | undefined
  readonly vars?: Vars | undefined
  readonly profiles?: Readonly<Record<string, ProfileInput>> | undefined
  readonly machines?: Readonly<Record<string, MachineInput>> | undefined
  readonly groups?: readonly GroupInput[] | undefined
  readonly unknown?: UnknownInput | undefined
  readonly squid?: unknown
}

/** The kinds of firmware that get an iPXE binary of their own. */
export type IpxeSlot = 'bios' | 'efi-x64' | 'efi-ia32' | 'efi-arm64'

/** One finding in a configuration: where (path into the data), which, and a sentence for people. */
export interface ConfigIssue {
  readonly code: string
  readonly message: string
  readonly path: readonly (string | number)[]
  /** 1-based; absent when the finding is in no line, such as a file that cannot be read. */
  readonly line?: number
  readonly column?: number
  readonly file?: string
}
