import { parseArgs } from 'node:util'

import { messageOf, nearest } from '@bootwire-internal/common'

import type { Command } from './command.ts'
import { isSwitch, type Option, type Options } from './option.ts'
import { checkPositionals } from './positionals.ts'
import { UsageError } from './usage-error.ts'

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number]
type OptionToken = Extract<Token, { kind: 'option' }>

/** A command line of one command, checked. */
interface Arguments {
  readonly options: Readonly<Record<string, unknown>>
  readonly positionals: readonly string[]
}

/** A value as the person typed it; quoted where it could not be seen otherwise. */
const shown = (text: string): string => (/^[!-~]+$/.test(text) ? text : JSON.stringify(text))

/** Splits a command line by a command's options; unknown ones stay in as they are. */
const tokensOf = (args: readonly string[], options: Options): readonly Token[] =>
  parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(options).map(([name, option]) => [
        name,
        {
          type: isSwitch(option) ? ('boolean' as const) : ('string' as const),
          ...(option.short !== undefined && { short: option.short }),
        },
      ]),
    ),
  }).tokens

const textOf = ({ rawName, value, inlineValue }: OptionToken, { value: what }: Option): string => {
  if (value === undefined)
    throw new UsageError(`${rawName} needs a value: ${rawName} ${what ?? ''}`.trim())
  if (!inlineValue && /^-./.test(value))
    throw new UsageError(`${rawName} needs a value; if ${value} is it, write ${rawName}=${value}`)
  return value
}

/** The value of one text; `name` is how the person wrote the option. */
const readText = (name: string, text: string, { choices, read }: Option): unknown => {
  if (choices && !choices.includes(text)) {
    const guess = nearest(text, choices)
    const hint = guess === undefined ? '' : `; did you mean "${guess}"?`
    throw new UsageError(`${name} ${shown(text)} is not one of ${choices.join(', ')}${hint}`)
  }
  if (!read) return text
  try {
    return read(text)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new UsageError(`${name} ${shown(text)} ${messageOf(error)}`, { cause: error })
  }
}

const valueOf = (name: string, option: Option, tokens: readonly OptionToken[]): unknown => {
  const [first, second] = tokens
  if (isSwitch(option)) {
    const valued = tokens.find(({ value }) => value !== undefined)
    if (valued)
      throw new UsageError(`${valued.rawName} takes no value; "${valued.value}" was given`)
    return first !== undefined
  }
  if (option.multiple)
    return tokens.map((token) => readText(token.rawName, textOf(token, option), option))
  if (second) throw new UsageError(`${second.rawName} is given twice; one value counts`)
  if (first) return readText(first.rawName, textOf(first, option), option)
  if (option.required) {
    const allowed = option.choices ? `; allowed: ${option.choices.join(', ')}` : ''
    throw new UsageError(`--${name} is missing${allowed}`)
  }
  return option.default === undefined ? undefined : readText(`--${name}`, option.default, option)
}

/** True where the help was asked for, wherever it stands among the options. */
export const asksFor = (
  what: 'help' | 'version',
  args: readonly string[],
  options: Options,
): boolean =>
  !Object.hasOwn(options, what) &&
  tokensOf(args, options).some(
    (token) =>
      token.kind === 'option' &&
      (token.name === what ||
        (what === 'help' && token.rawName === '-h' && !hasShort(options, 'h'))),
  )

const hasShort = (options: Options, letter: string): boolean =>
  Object.values(options).some(({ short }) => short === letter)

/** Says of an option that a command does not have where it belongs, or what was meant. */
export type ExplainUnknown = (rawName: string) => Promise<string>

/**
 * Reads the command line of one command.
 * @throws {UsageError} for whatever the command does not take: nothing is accepted and ignored
 */
export const readArguments = async (
  args: readonly string[],
  command: Command,
  call: string,
  explainUnknown: ExplainUnknown,
): Promise<Arguments> => {
  const { options, positionals: usage } = command
  const given = new Map<string, OptionToken[]>()
  const positionals: string[] = []
  for (const token of tokensOf(args, options)) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    if (!Object.hasOwn(options, token.name))
      throw new UsageError(await explainUnknown(token.rawName))
    given.set(token.name, [...(given.get(token.name) ?? []), token])
  }
  const values = Object.entries(options).map(([name, option]): [string, unknown] => [
    name,
    valueOf(name, option, given.get(name) ?? []),
  ])
  checkPositionals(usage, positionals, call)
  return { options: Object.fromEntries(values), positionals }
}
