/** What an option takes. `ms` is a time in milliseconds; `flag` takes nothing. */
export type OptionValueKind = 'flag' | 'string' | 'int' | 'ms' | 'key' | 'setting'

/**
 * What a positional argument is; `?` may be left out, `*` may be repeated.
 *
 * `image` is the name of a loaded image or a URI; `setting` is made when it is not there, `existing` is not.
 */
export const ARGUMENT_KINDS = [
  'text',
  'int',
  'seconds',
  'label',
  'setting',
  'existing',
  'uri',
  'image',
  'name',
  'net',
  'scope',
  'command',
] as const

export type ArgumentKind = (typeof ARGUMENT_KINDS)[number]

/**
 * Which stock builds have it, a letter each: `D` Debian 12 (2019), `B` iPXE 2.0 for BIOS, `E` iPXE 2.0 for EFI,
 * `S` the signed EFI build for Secure Boot; `b` and `e` only builds of 2026-07 and later, for BIOS and EFI.
 * `''`: switched off in all of them. Left out: `DBES` for a command, the command's own for an option.
 */
export type Availability = string

export interface OptionRow {
  readonly short: string
  readonly value: OptionValueKind
  readonly on?: Availability
}

/** One row of the command table: either a row of its own or another name (`like`) of one. */
export interface CommandRow {
  readonly summary: string
  readonly like?: string
  readonly args?: readonly (ArgumentKind | `${ArgumentKind}?` | `${ArgumentKind}*`)[]
  readonly options?: Readonly<Record<string, OptionRow>>
  readonly on?: Availability
  /** Left out: it can fail. `with arguments`: it cannot fail without any. */
  readonly fails?: 'never' | 'with arguments'
}
