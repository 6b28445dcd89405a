import { IpxeScriptError } from '../errors.ts'
import { MAX_ARGUMENTS } from '../syntax/index.ts'
import {
  commandNamed,
  type ArgumentKind,
  type ArgumentsOf,
  type CommandName,
  type CommandOption,
  type CommandSpec,
  type Feature,
  type OptionKind,
  type OptionName,
} from '../table/index.ts'
import { Duration, wholeSeconds } from './duration.ts'
import { Net } from './facts.ts'
import { keyCode, type Key } from './key.ts'
import { type IntegerType, Setting } from './setting.ts'
import { Command, type Fate } from './step.ts'
import { encodeText, encodeToken, isOptionLike, isText, Template, type Text } from './text.ts'
import { encodeUri, isUriOptionLike, schemeOf, type UriLike } from './uri.ts'

/** What an option takes in TypeScript. */
interface OptionValues {
  flag: boolean
  string: Text
  int: number | Setting<IntegerType>
  ms: Duration | Setting<IntegerType>
  key: Key
  setting: Setting
}

/** What a positional argument takes in TypeScript. */
interface ArgumentValues {
  text: Text
  int: number | Setting<IntegerType>
  seconds: Duration | Setting<IntegerType>
  label: never
  setting: Setting
  existing: Setting
  uri: UriLike
  image: UriLike | Template
  name: Text
  net: Net
  scope: Text
  command: Command
}

type ArgumentValue<K extends string> = K extends keyof ArgumentValues ? ArgumentValues[K] : never

type Positional<A extends readonly string[]> = A extends readonly [
  infer Head extends string,
  ...infer Rest extends readonly string[],
]
  ? Head extends `${infer K}*`
    ? ArgumentValue<K>[]
    : Head extends `${infer K}?`
      ? [ArgumentValue<K>?, ...Positional<Rest>]
      : [ArgumentValue<Head>, ...Positional<Rest>]
  : []

/** Positional arguments of a command. */
export type CommandArguments<C extends CommandName> = Positional<ArgumentsOf<C>>

/** Options of a command, by their long names. */
export type CommandOptions<C extends CommandName> = {
  readonly [O in OptionName<C>]?: OptionValues[OptionKind<C, O> & keyof OptionValues]
}

/** A command as a function: options first where there are any, as iPXE wants them. */
export interface CommandFunction<C extends CommandName, K extends Fate = 'fallible'> {
  (...args: CommandArguments<C>): Command<C, K>
  <O extends OptionName<C>>(
    options: Pick<CommandOptions<C>, O>,
    ...args: CommandArguments<C>
  ): Command<C | Extract<Feature, `${C} --${O}`>, K>
}

const refuseOption = (command: string, option: string, why: string): never => {
  throw new IpxeScriptError('ERR_IPXE_OPTION', `${command} --${option} ${why}`)
}

const numberOption = (command: string, option: CommandOption, value: unknown): string => {
  if (value instanceof Setting) return value.expansion
  if (typeof value !== 'number' || !Number.isInteger(value))
    return refuseOption(command, option.long, `${String(value)} is not a whole number`)
  // Drives are known by their BIOS numbers: 0x80 is the first disk.
  return option.long === 'drive' && value >= 0 ? `0x${value.toString(16)}` : String(value)
}

/** The value of an option, and whether it must be glued to the option with `=`. */
const optionValue = (command: string, option: CommandOption, value: unknown): string => {
  const { long } = option
  if (option.value === 'int') return numberOption(command, option, value)
  if (option.value === 'ms')
    return value instanceof Duration
      ? String(value.milliseconds)
      : value instanceof Setting
        ? value.expansion
        : refuseOption(command, long, `${String(value)} is not a time: use seconds(5) or ms(500)`)
  if (option.value === 'key')
    return typeof value === 'string'
      ? keyCode(value)
      : refuseOption(command, long, `${String(value)} is not a key`)
  if (option.value === 'setting')
    return value instanceof Setting
      ? value.path
      : refuseOption(command, long, `${String(value)} is not a setting`)
  return isText(value)
    ? encodeToken(value)
    : refuseOption(command, long, `${String(value)} is not text`)
}

const encodeOptions = (spec: CommandSpec, options: Readonly<Record<string, unknown>>): string => {
  let line = ''
  for (const long in options) {
    const value = options[long]
    const option = spec.options.find((candidate) => candidate.long === long)
    if (!option)
      return refuseOption(
        spec.name,
        long,
        `is not one of its options (${spec.options.map((known) => `--${known.long}`).join(' ') || 'it has none'})`,
      )
    if (!isGiven(value)) continue
    if (option.value === 'flag') {
      if (value !== true) refuseOption(spec.name, long, 'is a flag: true or false')
      line += ` --${long}`
      continue
    }
    const word = optionValue(spec.name, option, value)
    // A separate value must not begin with a dash, and a setting's value is not known yet.
    const glue = word.startsWith('-') || word.startsWith('$') ? '=' : ' '
    line += ` --${long}${glue}${word}`
  }
  return line
}

const isOptions = (value: unknown): value is Readonly<Record<string, unknown>> => {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

const isUriLike = (value: unknown): value is UriLike | Text => isText(value) || value instanceof URL

const refuseArgument = (spec: CommandSpec, kind: ArgumentKind, value: unknown): never => {
  throw new IpxeScriptError(
    'ERR_IPXE_ARGUMENT',
    `${spec.name}: ${String(value)} where ${kind} belongs`,
  )
}

/** A URI or the name of a loaded image; only what looks like a URI is percent-encoded. */
const encodeImage = (value: UriLike | Text): string =>
  typeof value === 'string' && !/[:/]/.test(value)
    ? encodeToken(value)
    : value instanceof Template
      ? encodeToken(value)
      : encodeUri(value)

/** One argument that is not text, as one word. */
const encodeArgument = (spec: CommandSpec, kind: ArgumentKind, value: unknown): string => {
  switch (kind) {
    case 'uri':
      if (isUriLike(value)) return encodeUri(value)
      break
    case 'image':
      if (isUriLike(value)) return encodeImage(value)
      break
    case 'setting':
    case 'existing':
      if (value instanceof Setting) return value.path
      break
    case 'seconds':
      if (value instanceof Duration) return String(wholeSeconds(value))
      if (value instanceof Setting) return value.expansion
      break
    case 'int':
      if (typeof value === 'number' && Number.isInteger(value)) return String(value)
      if (value instanceof Setting) return value.expansion
      break
    case 'net':
      if (value instanceof Net) return value.name
      break
    case 'command':
      if (value instanceof Command) return value.text
      break
    default:
      if (isText(value)) return encodeToken(value)
  }
  return refuseArgument(spec, kind, value)
}

const areTexts = (values: readonly unknown[], from: number): values is readonly Text[] => {
  for (let at = from; at < values.length; at++) if (!isText(values[at])) return false
  return true
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== false

const usedOptions = (options: Readonly<Record<string, unknown>>): readonly string[] => {
  const names = Object.keys(options)
  return names.every((name) => isGiven(options[name]))
    ? names
    : names.filter((name) => isGiven(options[name]))
}

const countWords = (line: string): number => (line === '' ? 0 : line.split(' ').length)

const checkCount = (spec: CommandSpec, given: number): void => {
  if (given >= spec.min && given <= spec.max) return
  const wanted = spec.min === spec.max ? String(spec.min) : `${spec.min} to ${spec.max}`
  throw new IpxeScriptError(
    given > MAX_ARGUMENTS ? 'ERR_IPXE_LIMIT' : 'ERR_IPXE_ARGUMENT',
    `${spec.name} has ${given} arguments and takes ${wanted}`,
  )
}

const checkWords = (spec: CommandSpec, words: string): void => {
  // A word and a blank are two characters at least, so a short line cannot have too many.
  if (words.length < 2 * MAX_ARGUMENTS) return
  const count = countWords(words)
  if (count > MAX_ARGUMENTS)
    throw new IpxeScriptError(
      'ERR_IPXE_LIMIT',
      `${spec.name} has ${count} words and takes ${MAX_ARGUMENTS}, iPXE's MAX_ARGUMENTS`,
    )
}

/** Where a line of text can begin with a dash, iPXE needs to be told that no option follows. */
const mustGuard = (kind: ArgumentKind, first: unknown): boolean => {
  if (kind === 'uri' || kind === 'image') return isUriLike(first) && isUriOptionLike(first)
  if (kind === 'int' || kind === 'seconds')
    return (
      (typeof first === 'number' && first < 0) || (first instanceof Setting && first.optionLike)
    )
  return (
    isText(first) &&
    !(first instanceof Setting && (kind === 'setting' || kind === 'existing')) &&
    isOptionLike(first)
  )
}

/** Puts a command together from what its function was given. */
export const buildCommand = (
  spec: CommandSpec,
  given: readonly unknown[],
  fallible: boolean = spec.fails === 'sometimes' ||
    (spec.fails === 'with arguments' && given.length > 0),
): Command => {
  const options = isOptions(given[0]) ? given[0] : undefined
  const args = options ? given.slice(1) : given
  checkCount(spec, args.length)
  let words = ''
  let scheme: string | undefined
  let guard = false
  for (let at = 0, row = 0; at < args.length; at++) {
    const { kind, repeated } = spec.arguments[row]!
    if (at === 0) guard = mustGuard(kind, args[0])
    if (kind === 'text' && repeated) {
      if (!areTexts(args, at))
        return refuseArgument(
          spec,
          kind,
          args.find((value, index) => index >= at && !isText(value)),
        )
      const text = encodeText(args, at)
      words = words === '' ? text : `${words} ${text}`
      break
    }
    const word = encodeArgument(spec, kind, args[at])
    if (kind === 'uri' || kind === 'image') scheme ??= schemeOf(word)
    words = words === '' ? word : `${words} ${word}`
    if (!repeated) row++
  }
  checkWords(spec, words)
  const head = options ? spec.name + encodeOptions(spec, options) : spec.name
  const line = words === '' ? head : guard ? `${head} -- ${words}` : `${head} ${words}`
  return new Command(spec.name, line, fallible, options && usedOptions(options), scheme)
}

/** The function of one command of the table. */
export const commandFunction = <C extends CommandName, K extends Fate>(
  name: C,
): CommandFunction<C, K> => {
  const spec = commandNamed(name)!
  const made: unknown = (...given: unknown[]) => buildCommand(spec, given)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table gives this type and the checks at run time
  return made as CommandFunction<C, K>
}
