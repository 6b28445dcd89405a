import { didYouMean, messageOf, nearest } from '@bootwire-internal/common'

import { asksFor, readArguments } from './arguments.ts'
import { painter } from './colour.ts'
import type { Command, UntypedContext } from './command.ts'
import { commandHelp, programHelp } from './help.ts'
import {
  processOf,
  isAbandoned,
  isReaderGone,
  type ProcessLike,
  type ProcessOverrides,
} from './process-like.ts'
import { Signals } from './signals.ts'
import { UsageError } from './usage-error.ts'

/** Runs a command line and gives its exit code: 0 done, 1 failed, 2 wrong usage. */
export type Main = (args: readonly string[], host?: ProcessOverrides) => Promise<number>

/** A row of the command table: a command, one that is loaded when asked for, or another program's. */
type Row =
  | Command
  | { readonly summary: string; readonly load: () => Promise<Command> }
  | { readonly summary: string; readonly delegate: () => Promise<Main> }

/** What is said of an error, and the exit code. */
export interface ErrorReport {
  readonly exitCode: 1 | 2
  /**
   * `usage`: with the program's name, and where its help is. `line`: with the name alone. `whole`: as it is, where it is
   * several lines with a place each.
   */
  readonly form: 'usage' | 'line' | 'whole'
}

interface Program {
  readonly name: string
  readonly version: string
  /** One phrase. */
  readonly summary: string
  readonly commands: Readonly<Record<string, Row>>
  /** Paragraphs at the end of the help. */
  readonly notes?: string
  /** How the program's own errors are reported where that is not exit code 1. */
  readonly reportOf?: (error: unknown) => ErrorReport | undefined
}

/** A program, ready to run. */
export interface Cli {
  readonly main: Main
}

const isHelp = (word: string): boolean => ['--help', '-h', 'help'].includes(word)

const loaded = async (row: Row): Promise<Command | undefined> => {
  if ('delegate' in row) return undefined
  return 'load' in row ? row.load() : row
}

/** The names of the commands that have this option, other than `except`. */
const commandsWith = async (
  { commands }: Program,
  rawName: string,
  except?: string,
): Promise<readonly string[]> => {
  const found: string[] = []
  for (const [name, row] of Object.entries(commands)) {
    const options = Object.entries((await loaded(row))?.options ?? {})
    const hasIt = options.some(
      ([long, { short }]) => rawName === `--${long}` || rawName === `-${short}`,
    )
    if (name !== except && hasIt) found.push(name)
  }
  return found
}

/** Why an option is not taken: it is another command's, or misspelt. */
const unknownOption = async (
  program: Program,
  rawName: string,
  name: string,
  { options }: Command,
): Promise<string> => {
  const others = await commandsWith(program, rawName, name)
  if (others.length > 0)
    return `${name} has no option ${rawName}; ${others.join(', ')} ${others.length === 1 ? 'has' : 'have'} it`
  const own = Object.keys(options).map((each) => `--${each}`)
  return `${name} has no option ${rawName}${own.length === 0 ? '' : didYouMean(rawName, own)}`
}

const rowOf = async (program: Program, word: string): Promise<Row> => {
  const names = Object.keys(program.commands)
  const row = Object.hasOwn(program.commands, word) ? program.commands[word] : undefined
  if (row) return row
  if (!word.startsWith('-'))
    throw new UsageError(`there is no command ${JSON.stringify(word)}${didYouMean(word, names)}`)
  const owners = await commandsWith(program, word.replace(/=.*$/s, ''))
  if (owners.length > 0)
    throw new UsageError(`${word} belongs behind a command: ${program.name} ${owners[0]} ${word}`)
  const guess = nearest(word, ['--help', '--version'])
  throw new UsageError(
    `there is no option ${word}${guess === undefined ? `; a command comes first: ${names.join(', ')}` : `; did you mean "${guess}"?`}`,
  )
}

const runCommand = async (
  program: Program,
  name: string,
  command: Command,
  args: readonly string[],
  host: ProcessLike,
  signals: Signals,
): Promise<number> => {
  const { stdout, stderr } = host
  const call = `${program.name} ${name}`
  const paint = painter(stdout, host.environment)
  if (asksFor('help', args, command.options)) {
    stdout.write(commandHelp(call, command, paint))
    return 0
  }
  if (asksFor('version', args, command.options)) {
    stdout.write(`${program.version}\n`)
    return 0
  }
  const { options, positionals } = await readArguments(args, command, call, (rawName) =>
    unknownOption(program, rawName, name, command),
  )
  const print = (line: string): void => {
    if (!isAbandoned(stdout)) stdout.write(`${line}\n`)
  }
  const context: UntypedContext = {
    ...host,
    options,
    positionals,
    get signal() {
      return signals.signal
    },
    print,
    printJson: (data) => print(JSON.stringify(data, null, 2)),
    warn: (line) => void stderr.write(`${program.name}: ${line}\n`),
    paint,
  }
  return (await command.run(context)) ?? 0
}

/** True for what can go wrong in a faultless program: errors with a code, our own and the system's. */
const isExpected = (error: unknown): error is Error & { readonly code: string } =>
  error instanceof Error &&
  !(error instanceof TypeError || error instanceof RangeError) &&
  'code' in error &&
  typeof error.code === 'string'

const USAGE: ErrorReport = { exitCode: 2, form: 'usage' }

const report = (
  program: Program,
  call: string,
  error: unknown,
  { stderr, environment }: ProcessLike,
): number => {
  const head = painter(stderr, environment)('red', `${program.name}:`)
  const text = messageOf(error)
  const own = error instanceof UsageError ? USAGE : program.reportOf?.(error)
  if (own) {
    const help = own.form === 'usage' ? ` (${call} --help tells more)` : ''
    stderr.write(own.form === 'whole' ? `${text}\n` : `${head} ${text}${help}\n`)
    return own.exitCode
  }
  if (!isExpected(error)) throw error
  stderr.write(`${head} ${text}${error.code.startsWith('ERR_') ? ` (${error.code})` : ''}\n`)
  return 1
}

const dispatch = async (
  program: Program,
  args: readonly string[],
  overrides: ProcessOverrides,
  host: ProcessLike,
  signals: Signals,
): Promise<number> => {
  const [word, ...rest] = args
  const names = Object.keys(program.commands)
  if (word === undefined) throw new UsageError(`no command; there are: ${names.join(', ')}`)
  if (word === '--version') {
    host.stdout.write(`${program.version}\n`)
    return 0
  }
  if (isHelp(word)) {
    const rows = Object.entries(program.commands).map(([name, row]): readonly [string, string] => [
      'positionals' in row && row.positionals !== '' ? `${name} ${row.positionals}` : name,
      row.summary,
    ])
    host.stdout.write(programHelp({ ...program, rows }, painter(host.stdout, host.environment)))
    return 0
  }
  const row = await rowOf(program, word)
  if ('delegate' in row) return (await row.delegate())(rest, overrides)
  const command = 'load' in row ? await row.load() : row
  return runCommand(program, word, command, rest, host, signals)
}

/** Makes a program of its commands. */
export const defineCli = (program: Program): Cli => ({
  main: async (args, overrides = {}) => {
    const host = processOf(overrides)
    using signals = new Signals(overrides.signal)
    try {
      return await dispatch(program, args, overrides, host, signals)
    } catch (error) {
      if (isReaderGone(error, host)) return 0
      if (signals.exitCode !== undefined) return signals.exitCode
      const [word = ''] = args
      const call = Object.hasOwn(program.commands, word) ? `${program.name} ${word}` : program.name
      return report(program, call, error, host)
    }
  },
})
