import { PREDEFINED } from '../../table/predefined.ts'
import { typeOfSetting } from '../constants.ts'
import { type GivenCommand, isDynamic, type Model, optionOf } from '../model.ts'
import { at, type LintContext, type Remark, type Rule } from '../rule.ts'
import { listed } from '../suggest.ts'

const byName = ({ model }: Pick<LintContext, 'model'>, name: string): GivenCommand[] =>
  model.commands.filter((command) => command.name.text === name)

const bare = (name: string): string => name.replace(/:.*$/, '')

/** Entries that tests between a `choose` and a jump ask for: `iseq ${sel} back && exit ||`. */
const handledBetween = (
  { commands }: Model,
  choose: GivenCommand,
  jump: GivenCommand,
): ReadonlySet<string> =>
  new Set(
    commands
      .slice(choose.order, jump.order)
      .filter(({ name }) => name.text === 'iseq')
      .flatMap(({ args }) => args.map(({ text }) => text)),
  )

/** Names of a menu's entries; each list of entries is read once, as many commands may show it. */
const createNamesOf = (): ((entries: readonly GivenCommand[]) => ReadonlySet<string>) => {
  const known = new Map<readonly GivenCommand[], ReadonlySet<string>>()
  return (entries) => {
    const names = known.get(entries) ?? new Set(entries.map(({ args }) => args[0]!.text))
    known.set(entries, names)
    return names
  }
}

/** Whether a name of the 32-bit processor follows from the test: `&& set arch i386`. */
const concludesI386 = (model: Model, command: GivenCommand): boolean => {
  const { segments } = model.lines[command.row]!
  const next = segments[command.index + 1]
  return (
    command.after === '&&' &&
    next?.name.text === 'set' &&
    next.args.slice(1).some(({ text }) => /^(?:i[3-6]86|x86|x86_32|32)$/.test(text))
  )
}

const INTEGER_TYPES = /^u?int(?:8|16|32)$/

/** Rules about menus and settings. */
export const menuRules: readonly Rule[] = [
  {
    id: 'menu-entry-label',
    severity: 'error',
    summary: 'A menu entry has no label to go to',
    why: 'The script goes to the name that was chosen. An entry whose name is no label makes `goto` fail and ends the script.',
    bad: 'menu Boot\nitem disk Local disk\nitem rescue Rescue\nchoose sel || exit\ngoto ${sel}\n:disk\nexit 1\n',
    good: 'menu Boot\nitem disk Local disk\nitem rescue Rescue\nchoose sel || exit\ngoto ${sel}\n:disk\nexit 1\n:rescue\nshell\n',
    check: ({ model, targets, flow }) => {
      const seen = new Set<GivenCommand>()
      /** Entries of a menu that no label and no test before a jump has dealt with so far. */
      const left = new Map<readonly GivenCommand[], readonly GivenCommand[]>()
      return byName({ model }, 'goto').flatMap((jump) => {
        const { menu } = targets.of(jump)
        if (!menu || jump.after === '||' || !flow.before.has(jump)) return []
        // The first jump after a choice is the one before which the fewest tests were made.
        if (seen.has(menu.choose)) return []
        seen.add(menu.choose)
        const lacking =
          left.get(menu.entries) ??
          menu.entries.filter(
            (entry) => flow.before.has(entry) && !model.labels.has(entry.args[0]!.text),
          )
        const handled = handledBetween(model, menu.choose, jump)
        const isHandled = ({ args }: GivenCommand): boolean => handled.has(args[0]!.text)
        left.set(menu.entries, lacking.filter(isHandled))
        return lacking
          .filter((entry) => !isHandled(entry))
          .map(({ args: [word] }) =>
            at(word!, `there is no label ${word!.text}, where goto leads when this is chosen`),
          )
      })
    },
  },
  {
    id: 'menu-default',
    severity: 'error',
    summary: 'The default of a menu is not one of its entries',
    why: 'iPXE silently takes the first entry instead.',
    bad: 'menu Boot\nitem disk Local disk\nitem shell Shell\nchoose --default local sel || exit\n',
    good: 'menu Boot\nitem disk Local disk\nitem shell Shell\nchoose --default disk sel || exit\n',
    check: (context) => {
      const namesOf = createNamesOf()
      return byName(context, 'choose').flatMap((command) => {
        const chosen = optionOf(command, 'default')
        const menu = context.targets.shownBy(command)
        if (!menu?.complete || chosen?.value === undefined || isDynamic(chosen.value)) return []
        const names = namesOf(menu.entries)
        return names.has(chosen.value)
          ? []
          : [
              at(
                chosen.valueWord!,
                `${chosen.value} is no entry; entries are ${listed(names) || 'none'}`,
              ),
            ]
      })
    },
  },
  {
    id: 'unguarded-choose',
    severity: 'warning',
    summary: 'Escape in a menu ends the script',
    why: 'Escape and Ctrl-C make `choose` fail, and an unguarded line ends the script. Say where they lead: `choose sel || goto start`.',
    bad: 'menu Boot\nitem disk Local disk\nchoose sel\necho ${sel}\n',
    good: 'menu Boot\nitem disk Local disk\nchoose sel || exit 1\necho ${sel}\n',
    check: ({ flow }) =>
      flow.lines.flatMap((line) =>
        (line?.failures ?? [])
          .filter(({ name }) => name.text === 'choose')
          .map(({ name }) => at(name, 'where somebody presses Escape, the script ends here')),
      ),
  },
  {
    id: 'menu-replaced',
    severity: 'warning',
    summary: 'A menu is replaced before it was shown',
    why: 'A second `menu` of the same name discards the first with its entries.',
    bad: 'menu One\nitem a A\nmenu Two\nitem b B\nchoose sel || exit\n',
    good: 'menu One\nitem a A\nchoose sel || exit\nmenu Two\nitem b B\nchoose sel || exit\n',
    check: ({ model }) => {
      let begun: GivenCommand | undefined
      let entries = 0
      return model.lines.flatMap(({ line, segments }) => {
        // Other ways may lead to a label.
        if (line.label) begun = undefined
        return segments.flatMap((command): Remark[] => {
          const name = command?.spec?.name
          if (!command || name === undefined) return []
          if (name === 'item') entries++
          if (['choose', 'goto', 'chain', 'exit'].includes(command.spec!.canonical))
            begun = undefined
          if (name !== 'menu' || command.options.length > 0) return []
          const lost = entries > 0 && command.before === undefined ? begun : undefined
          begun = command.before === undefined ? command : undefined
          entries = 0
          return lost
            ? [at(lost.name, 'this menu and its entries are discarded by the next, unseen')]
            : []
        })
      })
    },
  },
  {
    id: 'builtin-shadow',
    severity: 'warning',
    summary: 'A setting hides one that iPXE has itself',
    why: 'What a script stores comes before what iPXE says: after `set platform x`, or a menu that stores in `version`, `${platform}` and `${version}` are what the script stored.',
    bad: 'set platform server\necho ${platform}\n',
    good: 'set role server\necho ${role}\n',
    check: ({ model }) =>
      model.commands
        .filter(({ name }) => ['set', 'read', 'choose', 'inc'].includes(name.text))
        .flatMap(({ args: [word] }) =>
          word && PREDEFINED.get(bare(word.text))?.scope === 'builtin'
            ? [at(word, `${bare(word.text)} is iPXE's own, and hidden from here on`)]
            : [],
        ),
  },
  {
    id: 'params-unused',
    severity: 'warning',
    summary: 'A list of parameters is sent nowhere',
    why: 'Only a URI that ends in `##params` (or `##params=NAME`) sends the list.',
    bad: 'params\nparam mac ${mac}\nchain https://boot.example/boot || shell\n',
    good: 'params\nparam mac ${mac}\nchain https://boot.example/boot##params || shell\n',
    profile: 'ipxe2-efi',
    check: (context) => {
      const isNamed = context.model.commands.some(({ name, words }) =>
        words.some(
          ({ text }) => text.includes('##params') || (name.text !== 'echo' && text.includes('##')),
        ),
      )
      const [first] = byName(context, 'params').filter((one) => !optionOf(one, 'delete'))
      const chains = context.model.commands.some(
        ({ spec, args }) => spec?.canonical === 'chain' && args.some(({ text }) => isDynamic(text)),
      )
      // A URI out of a setting may name it, and so may the next script.
      return first && !isNamed && !chains ? [at(first.name, 'no URI names this list')] : []
    },
  },
  {
    id: 'menu-missing',
    severity: 'error',
    summary: 'A menu is used that was not begun',
    why: '`item` and `choose` work on the menu that `menu` began. Without one they fail.',
    bad: 'item disk Local disk\nchoose sel || exit\n',
    good: 'menu Boot\nitem disk Local disk\nchoose sel || exit\n',
    check: (context) =>
      byName(context, 'menu').length + byName(context, 'form').length > 0
        ? []
        : [...byName(context, 'item'), ...byName(context, 'choose')]
            .slice(0, 1)
            .map(({ name }) => at(name, 'no menu was begun')),
  },
  {
    id: 'menu-entry-twice',
    severity: 'warning',
    summary: 'Two entries of a menu have the same name',
    why: 'Both lead to the same label, and a default picks the first.',
    bad: 'menu Boot\nitem disk First disk\nitem disk Second disk\nchoose sel || exit\ngoto ${sel}\n:disk\nexit 1\n',
    good: 'menu Boot\nitem disk1 First disk\nitem disk2 Second disk\nchoose sel || exit\ngoto ${sel}\n:disk1\nexit 1\n:disk2\nexit 2\n',
    check: (context) => {
      const menus = new Set(
        byName(context, 'choose').flatMap((choose) => [
          context.targets.shownBy(choose)?.entries ?? [],
        ]),
      )
      return [...menus].flatMap((entries) => {
        const rows = new Map<string, GivenCommand[]>()
        for (const entry of entries) {
          if (entry.before !== undefined) continue
          const name = entry.args[0]!.text
          const same = rows.get(name)
          if (same) same.push(entry)
          else rows.set(name, [entry])
        }
        // Rows of text share a name that nothing looks at; two entries lead somewhere.
        return [...rows].flatMap(([name, [, second, third]]) =>
          !second || third || !context.model.labels.has(name)
            ? []
            : [at(second.args[0]!, `the menu has an entry ${name} already`)],
        )
      })
    },
  },
  {
    id: 'params-used-up',
    severity: 'warning',
    summary: 'A list of parameters is named a second time',
    why: "The first URI that names a list takes it, whether the download works or not (core/uri.c, `claim_parameters`). A second one finds none and is sent as a plain request, without the machine's facts.",
    bad: 'params\nparam mac ${mac}\nchain https://a.example/boot##params || chain https://b.example/boot##params || shell\n',
    good: 'params\nparam mac ${mac}\nchain https://a.example/boot##params || goto second\n:second\nparams\nparam mac ${mac}\nchain https://b.example/boot##params || shell\n',
    profile: 'ipxe2-efi',
    check: ({ model }) => {
      const used = new Set<string>()
      return model.lines.flatMap(({ line, segments }) => {
        // Which lists there are at a label depends on where the script comes from.
        if (line.label) used.clear()
        return segments.flatMap((command) => {
          if (!command) return []
          if (command.spec?.name === 'params') used.delete(optionOf(command, 'name')?.value ?? '')
          if (command.spec?.name === 'echo') return []
          return command.words.flatMap((word) => {
            const found = /##params(?:=([\w.-]+))?$/.exec(word.text)
            if (!found) return []
            const name = found[1] ?? ''
            if (used.has(name))
              return [at(word, 'the list was used up by the URI before, so this sends none')]
            used.add(name)
            return []
          })
        })
      })
    },
  },
  {
    id: 'param-without-params',
    severity: 'error',
    summary: 'param comes without params',
    why: '`params` begins a list and `param` adds to it. The list is used up by the first URI that names it with `##params`, so a second request needs a second list.',
    bad: 'param mac ${mac}\nchain https://boot.example/boot##params || shell\n',
    good: 'params\nparam mac ${mac}\nchain https://boot.example/boot##params || shell\n',
    profile: 'ipxe2-efi',
    check: (context) => {
      const begun = byName(context, 'params')[0]
      return byName(context, 'param')
        .filter(({ name }) => !begun || name.start < begun.name.start)
        .slice(0, 1)
        .map(({ name }) => at(name, 'no params stands before'))
    },
  },
  {
    id: 'inc-type',
    severity: 'error',
    summary: 'inc of a setting that holds text',
    why: '`set n 0` stores text, and `inc` then fails with "Operation not supported". A number needs its type: `set n:int32 0`.',
    bad: 'set n 0\n:again\ninc n\niseq ${n} 3 || goto again\n',
    good: 'set n:int32 0\n:again\ninc n\niseq ${n} 3 || goto again\n',
    fixes: true,
    check: (context) => {
      const incremented = new Set(
        byName(context, 'inc').map(({ args }) => bare(args[0]?.text ?? '')),
      )
      return byName(context, 'set')
        .filter(
          ({ args }) =>
            args.length > 1 && incremented.has(bare(args[0]!.text)) && !isDynamic(args[0]!.text),
        )
        .filter(({ args }) => !INTEGER_TYPES.test(typeOfSetting(args[0]!.text) ?? ''))
        .map(({ args: [word, ...values] }) => {
          // Only what a number prints as is the same text before and after.
          const isNumber =
            values.length === 1 &&
            /^(?:0|-?[1-9]\d{0,8})$/.test(values[0]!.text) &&
            !word!.text.includes(':')
          return at(
            word!,
            `${bare(word!.text)} is incremented and holds text`,
            isNumber ? [{ start: word!.end, end: word!.end, text: ':int32' }] : undefined,
          )
        })
    },
  },
  {
    id: 'buildarch',
    severity: 'warning',
    summary: 'buildarch is the build, not the processor',
    why: 'BIOS builds of iPXE call themselves `i386` on 64-bit machines too. `cpuid --ext 29` succeeds on a 64-bit x86 processor.',
    bad: 'iseq ${buildarch} i386 && set arch i386 || set arch x86_64\n',
    good: 'cpuid --ext 29 && set arch x86_64 || set arch i386\n',
    check: (context) =>
      byName(context, 'iseq')
        .filter(
          ({ args }) =>
            args.some(({ text }) => text === '${buildarch}') &&
            args.some(({ text }) => text === 'i386'),
        )
        .filter((command) => concludesI386(context.model, command))
        .map(({ name, args }) =>
          at(
            { start: name.start, end: args.at(-1)!.end },
            'BIOS builds are i386 on every machine; cpuid --ext 29 asks the processor',
          ),
        ),
  },
]
