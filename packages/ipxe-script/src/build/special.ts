import { IpxeScriptError } from '../errors.ts'
import { commandNamed, type Feature, type OptionName } from '../table/index.ts'
import { buildCommand, type CommandOptions } from './command.ts'
import { Label, label } from './label.ts'
import { type IntegerType, rangeOf, Setting, type SettingType } from './setting.ts'
import { Command, Jump, LabelCommand } from './step.ts'
import { encodeText, encodeToken, isText, Template, type Text } from './text.ts'
import { encodeUri, type UriLike } from './uri.ts'

/** What a menu lets the person choose: a setting that holds the name of one of these labels. */
export class Choice<N extends string = string> {
  readonly setting: Setting<'string'>
  /** The labels by the names the menu stores. */
  readonly at: Readonly<Record<N, Label>>

  constructor(setting: Setting<'string'>, at: Readonly<Record<N, Label>>) {
    this.setting = setting
    this.at = at
  }

  get labels(): readonly Label[] {
    return Object.values<Label>(this.at)
  }
}

/** Makes the labels of a menu and the setting that `choose` stores one of their names in. */
export const choice = <const N extends string>(
  into: Setting<'string'>,
  names: readonly N[],
  make: (name: string) => Label = label,
): Choice<N> => {
  const entries = names.map((name): [string, Label] => [name, make(name)])
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fromEntries forgets which keys it was given
  return new Choice(into, Object.fromEntries(entries) as Record<N, Label>)
}

/** Goes on at a label of this script, or at the one chosen in a menu. */
export const goto = (target: Label | Choice): Jump<'goto'> => {
  if (target instanceof Choice)
    return new Jump('goto', `goto ${target.setting.expansion}`, target.labels)
  if (target instanceof Label) return new Jump('goto', '', [target])
  throw new IpxeScriptError(
    'ERR_IPXE_UNKNOWN_LABEL',
    `goto is given ${JSON.stringify(target)}, which is neither a label('name') nor a choice(…)`,
  )
}

const checkInteger = (to: Setting, value: number): void => {
  const [least, most] = rangeOf(to.type) ?? [0, 0]
  if (!Number.isInteger(value) || value < least || value > most)
    throw new IpxeScriptError(
      'ERR_IPXE_VALUE',
      `set ${to.path}: ${value} is not a whole number from ${least} to ${most} (${to.type})`,
    )
}

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/

/** The words after the setting's name, and whether iPXE may refuse to store them. */
const encodeValue = (
  to: Setting,
  values: readonly (Text | UriLike)[],
): readonly [string, boolean] => {
  const [first] = values
  if (
    to.type === 'uri' &&
    values.length === 1 &&
    !(first instanceof Template) &&
    typeof first !== 'number'
  )
    return [encodeUri(first!), false]
  const texts = values.filter(isText)
  if (texts.length !== values.length)
    throw new IpxeScriptError(
      'ERR_IPXE_ARGUMENT',
      `set ${to.path}: a URI goes into a setting of type uri, alone`,
    )
  if (to.type === 'string' || to.type === 'uri') return [encodeText(texts), false]
  if (texts.length !== 1)
    throw new IpxeScriptError(
      'ERR_IPXE_ARGUMENT',
      `set ${to.path} has ${texts.length} values and takes 1 (${to.type})`,
    )
  const value = texts[0]!
  if (typeof value === 'number') checkInteger(to, value)
  const isAddress = to.type === 'ipv4' && typeof value === 'string'
  if (isAddress && !IPV4.test(value))
    throw new IpxeScriptError(
      'ERR_IPXE_VALUE',
      `set ${to.path}: ${JSON.stringify(value)} is not an IPv4 address`,
    )
  return [encodeToken(value), !(typeof value === 'number' || isAddress)]
}

/** Types that iPXE can print and not store. */
const PRINT_ONLY: ReadonlySet<SettingType> = new Set(['busdevfn', 'dnssl'])

/** Settings of the script's own keep the type they are stored with; those of iPXE have theirs already. */
const storedAs = ({ path, type, expansion }: Setting): string =>
  type === 'string' || type === 'uri' || (path.includes('/') && !expansion.includes(':'))
    ? path
    : `${path}:${type}`

/**
 * Sets a setting. Text and literal numbers are always stored; a value that iPXE has to read first may be refused, so
 * that such a `set` must be dealt with.
 */
export function set(to: Setting<'string'>, ...value: Text[]): Command<'set', 'sure'>
export function set(
  to: Setting<'uri'>,
  value: UriLike | Setting<'string'> | Template,
): Command<'set', 'sure'>
export function set(to: Setting<IntegerType>, value: number): Command<'set', 'sure'>
export function set(to: Setting<IntegerType>, value: Setting): Command<'set', 'fallible'>
export function set(
  to: Setting<Exclude<SettingType, IntegerType>>,
  value: Text,
): Command<'set', 'fallible'>
export function set(to: Setting, ...value: (Text | UriLike)[]): Command<'set'> {
  if (!(to instanceof Setting))
    throw new IpxeScriptError(
      'ERR_IPXE_SETTING',
      `set is given ${JSON.stringify(to)} to store in and takes a setting: setting('name')`,
    )
  if (PRINT_ONLY.has(to.type))
    throw new IpxeScriptError(
      'ERR_IPXE_SETTING',
      `set ${to.path}: iPXE prints type ${to.type} and cannot store it`,
    )
  if (value.length === 0)
    throw new IpxeScriptError(
      'ERR_IPXE_ARGUMENT',
      `set ${to.path} has no value; clear() deletes a setting`,
    )
  const [words, fallible] = encodeValue(to, value)
  return new Command('set', `set ${storedAs(to)} ${words}`, fallible)
}

/** Adds to a setting of an integer type; iPXE fails for any other. */
export const inc = (
  what: Setting<IntegerType>,
  by: number | Setting<IntegerType> = 1,
): Command<'inc', 'fallible'> => {
  if (rangeOf(what.type) === undefined)
    throw new IpxeScriptError(
      'ERR_IPXE_SETTING',
      `inc ${what.path}: type ${what.type} is not an integer type`,
    )
  const command = buildCommand(commandNamed('inc')!, by === 1 ? [what] : [what, by], true)
  return new Command('inc', command.text, true)
}

const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

const optionsFirst = (
  given: readonly unknown[],
): readonly [Readonly<Record<string, unknown>>, readonly unknown[]] =>
  isPlainObject(given[0]) ? [given[0], given.slice(1)] : [{}, given]

type WithOptions<C extends 'choose' | 'item', O extends OptionName<C>> =
  | C
  | Extract<Feature, `${C} --${O}`>

type ChooseOptions<N extends string> = Omit<CommandOptions<'choose'>, 'default'> & {
  readonly default?: N
}

/** Shows the menu made last. Escape, Ctrl-C and a menu without entries fail. */
export function choose(into: Choice): Command<'choose', 'fallible'>
export function choose<N extends string, O extends OptionName<'choose'>>(
  options: Pick<ChooseOptions<NoInfer<N>>, O>,
  into: Choice<N>,
): Command<WithOptions<'choose', O>, 'fallible'>
export function choose(...given: readonly unknown[]): Command<Feature, 'fallible'> {
  const into = given.find((value) => value instanceof Choice)
  const [options, rest] = optionsFirst(given)
  const made = buildCommand(commandNamed('choose')!, [
    options,
    ...rest.map((value) => (value instanceof Choice ? value.setting : value)),
  ])
  const name = options['default']
  if (typeof name !== 'string' || !into) return new Command('choose', made.text, true, made.options)
  // iPXE silently picks the first entry for a default it does not know.
  if (!Object.hasOwn(into.at, name))
    throw new IpxeScriptError(
      'ERR_IPXE_OPTION',
      `choose --default ${name} is not one of ${Object.keys(into.at).join(', ')}`,
    )
  const from = made.text.indexOf(' --default ') + ' --default '.length
  const after = made.text.slice(from + name.length)
  return new LabelCommand('choose', made.text.slice(0, from), into.at[name]!, after, made.options)
}

type ItemOptions = CommandOptions<'item'>

/** Adds an entry to the menu made last: a label of a choice and its text; without a label, a heading. */
export function item(at: Label, ...words: Text[]): Command<'item', 'fallible'>
export function item<O extends OptionName<'item'>>(
  options: Pick<ItemOptions, O>,
  ...rest: readonly (Label | Setting | Text)[]
): Command<WithOptions<'item', O>, 'fallible'>
export function item(...given: readonly unknown[]): Command<Feature, 'fallible'> {
  const spec = commandNamed('item')!
  const [options, rest] = optionsFirst(given)
  const [first] = rest
  if (first instanceof Label) {
    const before = buildCommand(spec, [options]).text
    const words = rest.slice(1).filter(isText)
    const after = words.length === 0 ? '' : ` ${encodeText(words)}`
    return new LabelCommand('item', `${before} `, first, after, Object.keys(options))
  }
  // A heading has no name: all its words are text.
  const heading = options['gap'] === true ? { ...spec, arguments: spec.arguments.slice(1) } : spec
  const made = buildCommand(heading, [options, ...rest])
  return new Command('item', made.text, true, made.options)
}

/** Discards all images, or those named; a name that is not loaded fails. */
export function imgfree(): Command<'imgfree', 'sure'>
export function imgfree(first: Text, ...names: Text[]): Command<'imgfree', 'fallible'>
export function imgfree(...names: Text[]): Command<'imgfree'> {
  const { text, fallible } = buildCommand(commandNamed('imgfree')!, names)
  return new Command('imgfree', text, fallible)
}

/** Lists all images, or those named; a name that is not loaded fails. */
export function imgstat(): Command<'imgstat', 'sure'>
export function imgstat(first: Text, ...names: Text[]): Command<'imgstat', 'fallible'>
export function imgstat(...names: Text[]): Command<'imgstat'> {
  const { text, fallible } = buildCommand(commandNamed('imgstat')!, names)
  return new Command('imgstat', text, fallible)
}
