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

/** Whether nothing after the lines can run. */
const leaves = (lines: ScriptLine): boolean =>
  Array.isArray(lines) ? lines.length > 0 && leaves(lines.at(-1)) : lines instanceof Jump

/**
 * A whole menu with what its entries do.
 *
 *     menu({ title: 'Boot', default: 'disk', timeout: seconds(10), cancelled: exit(1) }, {
 *       disk: { text: 'Local disk', lines: localBoot() },
 *       memtest: { text: 'Memory test', key: 'm', lines: memtest({ uri }).orContinue() },
 *     })
 */
export const menu = <const N extends string, F extends Feature, G extends Feature>(
  options: MenuOptions<NoInfer<N>, G>,
  entries: Readonly<Record<N, MenuEntry<F>>>,
): readonly ScriptLine<F | G | MenuFeature>[] => {
  const { title, timeout, cancelled, into = setting('selected') } = options
  const top = localLabel('menu')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a record's own keys
  const names = Object.keys(entries) as N[]
  if (names.length === 0)
    throw new IpxeScriptError(
      'ERR_IPXE_RECIPE',
      'menu has no entries, and iPXE fails for one without',
    )
  const pick = choice(into, names, localLabel)
  const shown = choose(
    {
      ...(options.default !== undefined && { default: options.default }),
      ...(timeout && { timeout }),
    },
    pick,
  )
  return [
    top,
    menuCommand(title),
    ...names.map((name): ScriptLine<MenuFeature> => {
      const { heading } = entries[name]
      const line = itemOf(pick.at[name], entries[name])
      return heading === undefined ? line : [item({ gap: true }, heading).orEnd(), line]
    }),
    shown.or(cancelled),
    goto(pick),
    ...names.map((name): ScriptLine<F | MenuFeature> => {
      const { lines } = entries[name]
      return [pick.at[name], lines, leaves(lines) ? [] : goto(top)]
    }),
  ]
}
