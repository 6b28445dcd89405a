import type { CommandName, CommandTable } from './commands.ts'

/** The row that holds a command's own facts. */
type Real<C extends CommandName> = CommandTable[C] extends {
  readonly like: infer L extends CommandName
}
  ? CommandTable[L]
  : CommandTable[C]

/** The arguments of a command as the table lists them: `['uri', 'text*']`. */
export type ArgumentsOf<C extends CommandName> =
  Real<C> extends { readonly args: infer A extends readonly string[] } ? A : readonly []

type OptionRows<C extends CommandName> = Real<C> extends { readonly options: infer O } ? O : unknown

export type OptionName<C extends CommandName> = keyof OptionRows<C> & string

/** What an option takes: `flag`, `ms`, … */
export type OptionKind<C extends CommandName, O extends OptionName<C>> = OptionRows<C>[O] extends {
  readonly value: infer V
}
  ? V
  : never

/** Letters of the builds that have a command or an option. */
type CommandOn<C extends CommandName> =
  Real<C> extends { readonly on: infer L extends string } ? L : 'DBES'

type OptionOn<C extends CommandName, O extends OptionName<C>> = OptionRows<C>[O] extends {
  readonly on: infer L extends string
}
  ? L
  : CommandOn<C>

/** Something that a build may lack: a command, or one of its options: `chain`, `chain --autofree`. */
export type Feature = {
  [C in CommandName]: C | `${C} --${OptionName<C>}`
}[CommandName]

type Has<On extends string, Letter extends string> = On extends `${string}${Letter}${string}`
  ? true
  : never

/** Every feature of the builds with one of these letters, see `Availability`. */
export type FeaturesOn<Letter extends string> = {
  [C in CommandName]:
    | (true extends Has<CommandOn<C>, Letter> ? C : never)
    | {
        [O in OptionName<C>]: true extends Has<OptionOn<C, O>, Letter> ? `${C} --${O}` : never
      }[OptionName<C>]
}[CommandName]
