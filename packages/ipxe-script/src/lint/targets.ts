import { type GivenCommand, isDynamic, type Model, optionOf } from './model.ts'

/** A `choose`, and the entries of the menu that it shows. */
interface ShownMenu {
  readonly choose: GivenCommand
  readonly entries: readonly GivenCommand[]
  /** Every entry is among them, and their names are known. */
  readonly complete: boolean
}

/** Where a jump can lead. */
export interface Target {
  /** Labels, each once, in a list that jumps with the same labels may share; `any`: every label of the script. */
  readonly labels: readonly string[] | 'any'
  /** The menu whose choice it follows, where nothing else can be in the setting. */
  readonly menu?: ShownMenu
}

export interface Targets {
  readonly of: (command: GivenCommand) => Target
  /** The menu that a `choose` shows. */
  readonly shownBy: (choose: GivenCommand) => ShownMenu | undefined
}

/** Patterns compared with labels before all of them are taken for reachable. */
const MAX_COMPARISONS = 2_000_000

const bare = (name: string): string => name.replace(/:.*$/, '')

const menuOf = (command: GivenCommand, option: string): string =>
  optionOf(command, option)?.value ?? ''

/** A menu while its entries are collected. */
interface Begun {
  readonly order: number
  readonly entries: GivenCommand[]
  complete: boolean
}

/** Entries between a `menu` and the `choose` that shows it. A menu of another name may be made in between. */
const collectMenus = ({ commands }: Model): ReadonlyMap<GivenCommand, ShownMenu> => {
  const begun = new Map<string, Begun>()
  // Another script may add entries of its own.
  let lastChain = -1
  const shown = new Map<GivenCommand, ShownMenu>()
  for (const command of commands) {
    const name = command.spec?.name
    if (name === 'menu')
      begun.set(menuOf(command, 'name'), { order: command.order, entries: [], complete: true })
    else if (name === 'item') {
      const menu = begun.get(menuOf(command, 'menu'))
      const [entry] = command.args
      if (!menu || !entry || optionOf(command, 'gap') || optionOf(command, 'form')) continue
      if (isDynamic(entry.text)) menu.complete = false
      else menu.entries.push(command)
    } else if (name === 'choose') {
      const key = menuOf(command, 'menu')
      const menu = begun.get(key)
      if (!menu || isDynamic(key)) continue
      const { entries, complete, order } = menu
      shown.set(command, { choose: command, entries, complete: complete && lastChain < order })
    } else if ((name === 'chain' || command.name.text === 'boot') && command.args.length > 0)
      lastChain = command.order
  }
  return shown
}

const STORE_ANYTHING = new Set(['chain', 'shell', 'config', 'present', 'login'])

/** The setting that a command stores in. */
const storesIn = ({ spec, args, options }: GivenCommand): string | undefined => {
  if (['set', 'read', 'clear', 'inc', 'choose', 'imgset', 'nslookup'].includes(spec?.name ?? ''))
    return args[0] && bare(args[0].text)
  return options.find(({ option }) => option?.value === 'setting')?.value
}

/** Whether the line goes on only where the command succeeded. */
const mustSucceed = (model: Model, command: GivenCommand): boolean => {
  if (command.after === undefined || command.after === '&&') return command.before === undefined
  const { segments } = model.lines[command.row]!
  const next = segments[command.index + 1]
  return (
    (command.before === undefined &&
      command.after === '||' &&
      ['exit', 'reboot', 'poweroff'].includes(next?.name.text ?? '')) ||
    (next?.name.text === 'goto' && model.labels.has(next.args[0]?.text ?? ''))
  )
}

/** The setting that a jump reads its target from, where it is all of it: `${name}`. */
const readBy = ({ spec, args }: GivenCommand): string | undefined =>
  spec?.name === 'goto'
    ? /^\$\{([^${}:]+)(?::string)?\}$/.exec(args[0]?.text ?? '')?.[1]
    : undefined

/** For each jump to `${name}`: what stored last in the setting, on every way from the last label to the jump. */
const collectSources = (model: Model): ReadonlyMap<GivenCommand, GivenCommand> => {
  const sources = new Map<GivenCommand, GivenCommand>()
  const stored = new Map<string, GivenCommand>()
  for (const { line, segments } of model.lines) {
    if (line.label) stored.clear()
    for (const command of segments) {
      if (!command) continue
      const name = readBy(command)
      const source = name === undefined ? undefined : stored.get(name)
      if (source && mustSucceed(model, source)) sources.set(command, source)
      const setting = storesIn(command)
      // What another script or a person does there is not known, nor which setting a computed name is.
      if (STORE_ANYTHING.has(command.spec?.canonical ?? '') || isDynamic(setting ?? ''))
        stored.clear()
      else if (setting !== undefined) stored.set(setting, command)
    }
  }
  return sources
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** The fixed parts of a name that is put together: `deb_${type}` is `deb_` and nothing. */
const partsOf = (text: string): readonly string[] => {
  let flat = text
  for (let next = ''; next !== flat;) {
    next = flat
    flat = flat.replace(/\$\{[^${}]*\}/g, '\0')
  }
  return flat.split(/\0+/)
}

/** Labels of a script by pattern, each pattern once. */
const createMatcher = (model: Model): ((text: string) => readonly string[] | 'any') => {
  const labels = [...model.labels.keys()]
  const known = new Map<string, readonly string[] | 'any'>()
  let comparisons = 0
  return (text) => {
    const parts = partsOf(text)
    if (parts.every((part) => part === '')) return 'any'
    const pattern = parts.map(escaped).join('.*')
    const seen = known.get(pattern)
    if (seen) return seen
    comparisons += labels.length
    if (comparisons > MAX_COMPARISONS) return 'any'
    const expression = new RegExp(`^${pattern}$`, 's')
    const found = labels.filter((label) => expression.test(label))
    known.set(pattern, found)
    return found
  }
}

/** Works out where the jumps of a script can lead. */
export const createTargets = (model: Model): Targets => {
  const menus = collectMenus(model)
  const sources = collectSources(model)
  const match = createMatcher(model)
  /** Labels of a menu's entries: many jumps may follow one menu. */
  const labelsOf = new Map<ShownMenu['entries'], readonly string[]>()
  const labelled = (entries: ShownMenu['entries']): readonly string[] =>
    [...new Set(entries.map(({ args }) => args[0]!.text))].filter((name) => model.labels.has(name))
  const targetOf = (command: GivenCommand): Target => {
    const text = command.args[0]?.text ?? ''
    if (!isDynamic(text)) return { labels: model.labels.has(text) ? [text] : [] }
    const source = sources.get(command)
    if (source?.spec?.name === 'set') {
      const value = source.args.slice(1).map((word) => word.text)
      if (!value.some(isDynamic) && !source.args[0]!.text.includes(':'))
        return { labels: model.labels.has(value.join(' ')) ? [value.join(' ')] : [] }
    }
    const menu = source && menus.get(source)
    if (!menu) return { labels: match(text) }
    if (!menu.complete) return { labels: 'any' }
    const labels = labelsOf.get(menu.entries) ?? labelled(menu.entries)
    labelsOf.set(menu.entries, labels)
    return { labels, menu }
  }
  const cache = new Map<GivenCommand, Target>()
  return {
    of: (command) => {
      const known = cache.get(command)
      if (known) return known
      const target = targetOf(command)
      cache.set(command, target)
      return target
    },
    shownBy: (choose) => menus.get(choose),
  }
}
