/** One option of a command; without `value` and `choices` it is a switch. */
export interface Option {
  /** One phrase for the help. */
  readonly summary: string
  /** What stands for its value in the help: `PORT`. */
  readonly value?: string
  /** One letter: `c` for `-c`. */
  readonly short?: string
  /** It may be given more than once. */
  readonly multiple?: true
  /** The command is refused without it. */
  readonly required?: true
  /** Used where it is not given; read as if it had been typed. */
  readonly default?: string
  /** The only values it takes. */
  readonly choices?: readonly string[]
  /** Makes the value of the text, or throws a `UsageError` whose message continues `--port 70000 …`. */
  readonly read?: (text: string) => unknown
}

/** The options of a command by their long names. */
export type Options = Readonly<Record<string, Option>>

/** What one occurrence gives. */
type Single<O extends Option> = O extends { read: (text: string) => infer T }
  ? T
  : O extends { choices: readonly (infer Choice)[] }
    ? Choice
    : string

type IsSwitch<O extends Option> = O extends { value: string } | { choices: readonly string[] }
  ? false
  : true

/** What `run` gets for an option. */
export type ValueOf<O extends Option> =
  IsSwitch<O> extends true
    ? boolean
    : O extends { multiple: true }
      ? readonly Single<O>[]
      : O extends { required: true } | { default: string }
        ? Single<O>
        : Single<O> | undefined

/** What `run` gets for all of them. */
export type ValuesOf<T extends Options> = { readonly [Name in keyof T]: ValueOf<T[Name]> }

/** True where an option takes no value. */
export const isSwitch = ({ value, choices }: Option): boolean =>
  value === undefined && choices === undefined
