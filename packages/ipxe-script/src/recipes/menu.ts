import {
  choice,
  choose,
  type Duration,
  goto,
  isset,
  item,
  Jump,
  type Key,
  type Label,
  type ScriptLine,
  localLabel,
  menu as menuCommand,
  type Setting,
  setting,
  type Text,
} from '../build/index.ts'
import { IpxeScriptError } from '../errors.ts'
import type { Feature } from '../table/index.ts'
import { checkOptions } from './options.ts'

export interface MenuEntry<F extends Feature> {
  readonly text: Text
  readonly key?: Key
  /** Shown only when this setting is not empty. */
  readonly when?: Setting
  /** A heading above the entry. */
  readonly heading?: Text
  /** What runs when it is chosen; the menu comes back where that does not leave. */
  readonly lines: readonly ScriptLine<F>[]
}

export interface MenuOptions<N extends string, F extends Feature> {
  readonly title: Text
  readonly default?: N
  /** Chooses the default by itself after this time; any key stops the clock. Default: waits for ever. */
  readonly timeout?: Duration
  /** Where Escape goes. */
  readonly cancelled: Jump<F>
  /** Where the chosen name is stored. Default: `selected`. */
  readonly into?: Setting<'string'>
}

type MenuFeature =
  | 'menu'
  | 'item'
  | 'item --gap'
  | 'item --key'
  | 'choose'
  | 'choose --default'
  | 'choose --timeout'
  | 'goto'
  | 'isset'

const itemOf = (at: Label, entry: MenuEntry<Feature>): ScriptLine<MenuFeature> => {
  const shown =
    entry.key === undefined ? item(at, entry.text) : item({ key: entry.key }, at, entry.text)
  return entry.when === undefined ? shown.orEnd() : isset(entry.when).and(shown).orIgnore()
}

/** An entry with its name, for menus made of a list. */
export interface NamedMenuEntry<N extends string, F extends Feature> extends MenuEntry<F> {
  /** What the menu stores when it is chosen. */
  readonly name: N
}

/** The last step or label of nested lines; empty lists hold none. */
const lastOf = (lines: ScriptLine): ScriptLine | undefined =>
  Array.isArray(lines) ? lines.map(lastOf).findLast((line) => line !== undefined) : lines

/** Whether nothing after the lines can run. */
const leaves = (lines: ScriptLine): boolean => lastOf(lines) instanceof Jump

const refuse = (why: string): never => {
  throw new IpxeScriptError('ERR_IPXE_RECIPE', why)
}

/** Entries of a list as they are, those of an object with their keys for names. */
const listEntries = <N extends string, F extends Feature>(
  entries: Readonly<Record<N, MenuEntry<F>>> | readonly NamedMenuEntry<N, F>[],
): readonly NamedMenuEntry<N, F>[] => {
  if (typeof entries !== 'object' || entries === null)
    return refuse(`menu is given ${JSON.stringify(entries)} for entries and takes a list of them`)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an array is the second form
  if (Array.isArray(entries)) return entries as readonly NamedMenuEntry<N, F>[]
  return Object.entries<MenuEntry<F>>(entries).map(([key, entry]) => {
    // JavaScript puts such keys before all others, in the order of their numbers.
    if (/^(?:0|[1-9]\d*)$/.test(key))
      return refuse(
        `menu: the key ${key} of an object is a number, and JavaScript sorts those; give a list: [{ name: '${key}', text: … }, …]`,
      )
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a record's own keys
    return { ...entry, name: key as N }
  })
}

const checkEntries = (entries: readonly NamedMenuEntry<string, Feature>[]): void => {
  if (entries.length === 0) refuse('menu has no entries, and iPXE fails for one without')
  const names = new Set<string>()
  for (const entry of entries) {
    checkOptions('an entry of menu', entry)
    if (names.has(entry.name)) refuse(`menu has two entries named ${entry.name}`)
    names.add(entry.name)
  }
}

/**
 * A whole menu with what its entries do.
 *
 *     menu({ title: 'Boot', default: 'disk', timeout: seconds(10), cancelled: exit(1) }, [
 *       { name: 'disk', text: 'Local disk', lines: localBoot() },
 *       { name: 'memtest', text: 'Memory test', key: 'm', lines: memtest({ uri }).orContinue() },
 *     ])
 *
 * Entries may also be an object whose keys are the names; names that are numbers need the list.
 */
export const menu = <const N extends string, F extends Feature, G extends Feature>(
  options: MenuOptions<NoInfer<N>, G>,
  entries: Readonly<Record<N, MenuEntry<F>>> | readonly NamedMenuEntry<N, F>[],
): readonly ScriptLine<F | G | MenuFeature>[] => {
  checkOptions('menu', options)
  const { title, timeout, cancelled, into = setting('selected') } = options
  const rows = listEntries(entries)
  checkEntries(rows)
  const top = localLabel('menu')
  const pick = choice(
    into,
    rows.map(({ name }) => name),
    localLabel,
  )
  const shown = choose(
    {
      ...(options.default !== undefined && { default: options.default }),
      ...(timeout && { timeout }),
    },
    pick,
  )
  const comesBack = rows.some(({ lines }) => !leaves(lines))
  return [
    comesBack ? top : [],
    menuCommand(title),
    ...rows.map((entry): ScriptLine<MenuFeature> => {
      const line = itemOf(pick.at[entry.name], entry)
      return entry.heading === undefined ? line : [item({ gap: true }, entry.heading).orEnd(), line]
    }),
    shown.or(cancelled),
    goto(pick),
    ...rows.map(({ name, lines }): ScriptLine<F | MenuFeature> => [
      pick.at[name],
      lines,
      leaves(lines) ? [] : goto(top),
    ]),
  ]
}
