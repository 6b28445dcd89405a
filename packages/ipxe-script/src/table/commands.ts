import { coreCommands } from './core.ts'
import { imageCommands } from './image.ts'
import { machineCommands } from './machine.ts'
import { networkCommands } from './network.ts'
import { settingCommands } from './setting.ts'
import {
  ARGUMENT_KINDS,
  type ArgumentKind,
  type Availability,
  type CommandRow,
  type OptionValueKind,
} from './spec.ts'

/** The command table as literal data, which the builder's types are computed from. */
export type CommandTable = typeof coreCommands &
  typeof imageCommands &
  typeof settingCommands &
  typeof networkCommands &
  typeof machineCommands

export type CommandName = keyof CommandTable

/** The parts of the table, in the order of the reference page. */
export const COMMAND_GROUPS: Readonly<Record<string, Readonly<Record<string, CommandRow>>>> = {
  core: coreCommands,
  images: imageCommands,
  settings: settingCommands,
  network: networkCommands,
  machine: machineCommands,
}

export interface CommandOption {
  /** Without its dashes. */
  readonly long: string
  readonly short: string
  readonly value: OptionValueKind
  readonly on: Availability
}

export interface CommandArgument {
  readonly kind: ArgumentKind
  readonly optional: boolean
  readonly repeated: boolean
}

/** One command with everything worked out: other names resolved, arity counted, availability filled in. */
export interface CommandSpec {
  readonly name: string
  readonly group: string
  readonly summary: string
  /** The command that it is another name of; its own name if of none. */
  readonly canonical: string
  readonly arguments: readonly CommandArgument[]
  /** Fewest and most positional arguments; iPXE takes no more than 255. */
  readonly min: number
  readonly max: number
  readonly options: readonly CommandOption[]
  readonly on: Availability
  readonly fails: 'sometimes' | 'never' | 'with arguments'
}

const argumentOf = (text: string): CommandArgument => ({
  kind: ARGUMENT_KINDS.find((kind) => kind === text.replace(/[?*]$/, ''))!,
  optional: /[?*]$/.test(text),
  repeated: text.endsWith('*'),
})

const specOf = (
  name: string,
  group: string,
  row: CommandRow,
  rows: Readonly<Record<string, CommandRow>>,
): CommandSpec => {
  const real = row.like === undefined ? row : rows[row.like]!
  const on = real.on ?? 'DBES'
  const args = (real.args ?? []).map(argumentOf)
  return {
    name,
    group,
    summary: row.summary,
    canonical: row.like ?? name,
    arguments: args,
    min: args.filter((argument) => !argument.optional).length,
    max: args.some((argument) => argument.repeated) ? 255 : args.length,
    options: Object.entries(real.options ?? {}).map(([long, option]) => ({
      long,
      short: option.short,
      value: option.value,
      on: option.on ?? on,
    })),
    on,
    fails: real.fails ?? 'sometimes',
  }
}

const specs = (): CommandSpec[] =>
  Object.entries(COMMAND_GROUPS).flatMap(([group, rows]) =>
    Object.entries(rows).map(([name, row]) => specOf(name, group, row, rows)),
  )

/** Every command by name, other names too. Upper and lower case differ, as in iPXE. */
export const COMMANDS: ReadonlyMap<string, CommandSpec> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ specs().map((spec) => [spec.name, spec]),
)

export const commandNamed = (name: string): CommandSpec | undefined => COMMANDS.get(name)
