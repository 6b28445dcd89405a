import type { Paint } from './colour.ts'
import type { Options, ValuesOf } from './option.ts'
import type { PositionalsOf } from './positionals.ts'
import type { ProcessLike } from './process-like.ts'

/** What every command gets besides its own arguments. */
interface Surroundings extends ProcessLike {
  /** Aborted by SIGINT and SIGTERM. Who reads it promises to stop by it; the second signal ends the process. */
  readonly signal: AbortSignal
  /** Prints a line. */
  readonly print: (line: string) => void
  /** Prints data as JSON. */
  readonly printJson: (data: unknown) => void
  /** Prints a line to standard error, after the command's name. */
  readonly warn: (line: string) => void
  /** Colours text for standard output. */
  readonly paint: Paint
}

/** What `run` gets. */
export interface Context<O extends Options = Options, P extends string = ''> extends Surroundings {
  readonly options: ValuesOf<O>
  readonly positionals: PositionalsOf<P>
}

/** The same before the command's own types are known. */
export interface UntypedContext extends Surroundings {
  readonly options: Readonly<Record<string, unknown>>
  readonly positionals: readonly string[]
}

/** The exit code; nothing is 0. */
type ExitCode = number | void

interface CommandSpec<O extends Options, P extends string> {
  /** One phrase for the list of commands. */
  readonly summary: string
  /** Sentences for the command's own help. Default: the summary. */
  readonly description?: string
  /** The words after the command: `URL [FILE]`, `FILE…`. Default: none. */
  readonly positionals?: P
  readonly options?: O
  readonly run: (context: Context<O, P>) => ExitCode | Promise<ExitCode>
}

/** A command, ready for `defineCli`. */
export interface Command {
  readonly summary: string
  readonly description?: string
  readonly positionals: string
  readonly options: Options
  readonly run: (context: UntypedContext) => ExitCode | Promise<ExitCode>
}

/** A command whose `run` knows the types of its own options and words. */
export const defineCommand = <
  const O extends Options = Readonly<Record<string, never>>,
  const P extends string = '',
>(
  spec: CommandSpec<O, P>,
): Command => {
  const { run, options, positionals = '', ...rest } = spec
  return {
    ...rest,
    positionals,
    options: options ?? {},
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `readArguments` fills exactly these options and words
    run: (context) => run(context as unknown as Context<O, P>),
  }
}
