import { endlessRows } from '../flow.ts'
import { endOfLine, type GivenCommand, isDynamic, type Model } from '../model.ts'
import { at, type Rule } from '../rule.ts'
import { createSuggest } from '../suggest.ts'
import type { Targets } from '../targets.ts'

const TESTS = new Set(['isset', 'iseq', 'cpuid'])

/** Commands that do something and hardly ever fail; a test or a download before `&&` is meant as a condition. */
const isStatement = ({ name }: GivenCommand): boolean =>
  ['echo', 'set', 'clear', 'sleep', 'imgfree', 'ifclose'].includes(name.text)

const leaves = ({ name }: GivenCommand): boolean =>
  ['goto', 'exit', 'reboot', 'poweroff', 'shell', 'chain', 'boot'].includes(name.text)

/** What a person answers, or a script asks itself; a scan fails where its list ends. None of it is a failed boot. */
const ASKS = new Set([
  'isset',
  'iseq',
  'cpuid',
  'choose',
  'prompt',
  'login',
  'goto',
  'pciscan',
  'usbscan',
])

/** The first and the last row where a failure jumps to some labels, and whether anything else does. */
interface Jumps {
  first: number
  last: number
  others: boolean
}

/** How labels are gone to, by their list, which many jumps may share; nothing where one can lead anywhere. */
const jumpsOf = (
  model: Model,
  targets: Targets,
): ReadonlyMap<readonly string[], Jumps> | undefined => {
  const found = new Map<readonly string[], Jumps>()
  for (const command of model.commands) {
    if (command.name.text !== 'goto') continue
    const { labels } = targets.of(command)
    if (labels === 'any') return undefined
    const jumps = found.get(labels) ?? { first: Infinity, last: -1, others: false }
    found.set(labels, jumps)
    const before = model.lines[command.row]!.segments[command.index - 1]
    if (command.before === '||' && before && !ASKS.has(before.name.text)) {
      jumps.first = Math.min(jumps.first, command.row)
      jumps.last = command.row
    } else jumps.others = true
  }
  return found
}

/** Labels that are only gone to where something failed. */
const failureLabels = (model: Model, targets: Targets): ReadonlySet<string> => {
  const failing = new Set<string>()
  const others = new Set<string>()
  for (const [labels, jumps] of jumpsOf(model, targets) ?? [])
    for (const label of labels) {
      const row = model.labels.get(label)!
      if (row > jumps.first) failing.add(label)
      // Back to the top is another try.
      if (jumps.others || row <= jumps.last) others.add(label)
    }
  for (const { args, name } of model.commands)
    if (name.text === 'item') others.add(args[0]?.text ?? '')
  return new Set([...failing].filter((label) => !others.has(label)))
}

/** Rules about labels and about what runs when. */
export const controlRules: readonly Rule[] = [
  {
    id: 'undefined-label',
    severity: 'error',
    summary: 'goto names a label that the script does not have',
    why: '`goto` fails, and an unguarded line ends the script. Labels of other scripts do not count (netboot.xyz had 21 such jumps).',
    bad: 'goto fialed\n:failed\nshell\n',
    good: 'goto failed\n:failed\nshell\n',
    check: ({ model, targets }) => {
      const suggest = createSuggest()
      return model.commands
        .filter(
          ({ name, args, after }) => name.text === 'goto' && args.length === 1 && after !== '||',
        )
        .flatMap((command) => {
          const [target] = command.args
          const { labels, menu } = targets.of(command)
          if (labels === 'any' || labels.length > 0 || menu || /^:|^\|/.test(target!.text))
            return []
          if (isDynamic(target!.text))
            return [at(target!, `no label of the script can be ${target!.text}`)]
          const like = suggest(target!.text, model.labels.keys())
          const hint = like === undefined ? '' : `; there is ${like}`
          return [at(target!, `there is no label ${target!.text}${hint}`)]
        })
    },
  },
  {
    id: 'goto-colon',
    severity: 'error',
    summary: 'goto is given the colon of the label',
    why: 'The colon marks the label and is not part of its name.',
    bad: ':start\nprompt Press a key || goto :start\n',
    good: ':start\nprompt Press a key || goto start\n',
    fixes: true,
    check: ({ model }) =>
      model.commands
        .filter(
          ({ name, args }) =>
            name.text === 'goto' &&
            /^:./.test(args[0]?.text ?? '') &&
            !model.labels.has(args[0]!.text),
        )
        .map(({ args: [target] }) =>
          at(target!, `the label is ${target!.text.slice(1)}, without its colon`, [
            { start: target!.start, end: target!.start + 1, text: '' },
          ]),
        ),
  },
  {
    id: 'duplicate-label',
    severity: 'error',
    summary: 'A label stands twice',
    why: '`goto` looks from the top and takes the first; the second is never reached by name.',
    bad: ':again\nprompt One && goto again ||\n:again\nprompt Two && goto again ||\n',
    good: ':one\nprompt One && goto one ||\n:two\nprompt Two && goto two ||\n',
    check: ({ model }) =>
      model.lines
        .filter(({ line, row }) => line.label && model.labels.get(line.label.text) !== row)
        .map(({ line }) =>
          at(
            line.label!,
            `label ${line.label!.text} stands before already, and goto takes the first`,
          ),
        ),
  },
  {
    id: 'empty-label',
    severity: 'error',
    summary: 'A colon alone makes a label without a name',
    why: 'The name of a label follows its colon at once. After a blank it is a command.',
    bad: ': start\nprompt Press a key || goto start\n',
    good: ':start\nprompt Press a key || goto start\n',
    check: ({ model }) =>
      model.lines
        .filter(({ line }) => line.label?.text === '')
        .map(({ line }) => at(line.label!, 'this label has no name')),
  },
  {
    id: 'unused-label',
    severity: 'warning',
    summary: 'Nothing goes to a label',
    why: 'A label that no `goto` and no menu entry names is a left-over, or the name somewhere is wrong.',
    bad: ':begin\necho hello\n',
    good: 'echo hello\n',
    check: ({ model, targets }) => {
      const named = new Set<string>()
      const seen = new Set<readonly string[]>()
      for (const command of model.commands) {
        if (command.name.text === 'item') named.add(command.args[0]?.text ?? '')
        if (command.name.text !== 'goto') continue
        const { labels } = targets.of(command)
        // A label put together at run time can be any.
        if (labels === 'any') return []
        if (!seen.has(labels)) for (const label of labels) named.add(label)
        seen.add(labels)
        named.add((command.args[0]?.text ?? '').replace(/^:/, ''))
      }
      return model.lines
        .filter(({ line }) => line.label && line.label.text !== '' && !named.has(line.label.text))
        .map(({ line }) => at(line.label!, `nothing goes to ${line.label!.text}`))
    },
  },
  {
    id: 'unreachable',
    severity: 'warning',
    summary: 'A line can never run',
    why: 'The line before always leaves, and no label leads here.',
    bad: 'exit\necho hello\n',
    good: 'echo hello\nexit\n',
    check: ({ model, flow }) =>
      model.lines
        .filter(
          ({ segments, row, line }) =>
            segments.some(Boolean) &&
            flow.reached[row] === 0 &&
            (row === 0 ||
              flow.reached[row - 1] !== 0 ||
              line.label !== undefined ||
              !model.lines[row - 1]!.segments.some(Boolean)),
        )
        .map(({ segments }) => at(segments.find(Boolean)!.name, 'this line can never run')),
  },
  {
    id: 'dead-segment',
    severity: 'warning',
    summary: 'A command of a line can never run',
    why: '`&&` and `||` bind alike, from left to right. After a jump to a label that exists, or an `exit`, nothing on the line runs; after a command that cannot fail, `||` never does.',
    bad: 'exit && echo bye\n',
    good: 'echo bye && exit\n',
    check: ({ model, flow }) =>
      model.commands
        .filter((command) => flow.reached[command.row] !== 0 && !flow.before.has(command))
        .map(({ name, words }) =>
          at({ start: name.start, end: words.at(-1)!.end }, 'this command can never run'),
        ),
  },
  {
    id: 'unguarded-test',
    severity: 'error',
    summary: 'A test that fails ends the script',
    why: 'A line whose status is not zero ends the script: `iseq a b && goto x` ends it whenever the two differ (ipxe/ipxe#1377). With `||` at its end the line succeeds either way. A test alone on its line can mean just that, and nothing is said of it.',
    bad: 'iseq ${platform} efi && echo this is UEFI\necho going on\n',
    good: 'iseq ${platform} efi && echo this is UEFI ||\necho going on\n',
    fixes: true,
    check: ({ flow, model }) =>
      flow.lines.flatMap((line, row) =>
        (line?.failures ?? [])
          .filter(({ name, line: { segments } }) => TESTS.has(name.text) && segments.length > 1)
          .map((command) => {
            const end = endOfLine(model.lines[row]!.line)
            return at(command.name, `where ${command.name.text} is false, the script ends here`, [
              { start: end, end, text: ' ||' },
            ])
          }),
      ),
  },
  {
    id: 'prompt-timeout',
    severity: 'error',
    summary: 'A prompt that nobody answers ends the script',
    why: '`prompt` fails when its time runs out. Unguarded, that ends the script: after `prompt --timeout 5000` a following `reboot` is never reached (OpenStack Ironic has this bug).',
    bad: 'prompt --timeout 5000 Press a key to go on at once\nreboot\n',
    good: 'prompt --timeout 5000 Press a key to go on at once ||\nreboot\n',
    fixes: true,
    check: ({ flow, model }) =>
      flow.lines.flatMap((line, row) =>
        (line?.failures ?? [])
          .filter(
            ({ name, options }) =>
              name.text === 'prompt' && options.some(({ option }) => option?.long === 'timeout'),
          )
          .map((command) => {
            const end = endOfLine(model.lines[row]!.line)
            return at(
              command.name,
              'when its time runs out prompt fails, and the script ends here',
              [{ start: end, end, text: ' ||' }],
            )
          }),
      ),
  },
  {
    id: 'or-and-trap',
    severity: 'warning',
    summary: 'What follows && runs after success too',
    why: 'iPXE reads a line from left to right: in `a || b && c`, c runs after a succeeded as well as after b did. In a shell one would mean "if a fails, do b and c"; here c belongs on the failing path alone only with a jump (netboot.xyz asked for a manual address after every successful DHCP).',
    bad: 'dhcp || echo no address && goto manual\necho going on\n:manual\nshell\n',
    good: 'dhcp || goto failed\necho going on\n:failed\necho no address\nshell\n',
    check: ({ model }) =>
      model.commands.flatMap((command) => {
        const { segments } = model.lines[command.row]!
        const next = segments[command.index + 1]
        const isTrap =
          command.before === '||' &&
          command.after === '&&' &&
          isStatement(command) &&
          next &&
          leaves(next)
        return isTrap
          ? [
              at(
                { start: next.name.start, end: next.words.at(-1)!.end },
                `this runs also where ${segments[0]?.name.text ?? 'the first command'} succeeds`,
              ),
            ]
          : []
      }),
  },
  {
    id: 'exit-after-failure',
    severity: 'warning',
    summary: 'A script that failed leaves as if it had succeeded',
    why: '`exit` without a number is success. UEFI firmware then takes the boot entry for done and shows its boot manager, or boots the same entry again; after `exit 1` it tries the next one (tinkerbell/tinkerbell#984, netbootxyz/netboot.xyz#1276).',
    bad: 'dhcp || goto failed\nchain http://boot.example/menu.ipxe || goto failed\n:failed\necho No boot server\nexit\n',
    good: 'dhcp || goto failed\nchain http://boot.example/menu.ipxe || goto failed\n:failed\necho No boot server\nexit 1\n',
    check: ({ model, targets, profiles }) => {
      if (profiles.length > 0 && profiles.every(({ firmware }) => !firmware.includes('efi')))
        return []
      const failing = failureLabels(model, targets)
      let isFailure = false
      return model.lines.flatMap(({ line, segments: [first] }) => {
        if (line.label) isFailure = failing.has(line.label.text)
        if (!isFailure || first?.name.text !== 'exit' || first.args.length > 0) return []
        return [
          at(
            first.name,
            'under UEFI this is success, and no other boot entry is tried; exit 1 says that it failed',
          ),
        ]
      })
    },
  },
  {
    id: 'endless-loop',
    severity: 'error',
    summary: 'A loop that nothing leaves and nothing slows down',
    why: 'The lines run for ever without a command that waits, fails or ends: the machine hangs.',
    bad: ':again\necho waiting\ngoto again\n',
    good: ':again\necho waiting\nsleep 5 || exit\ngoto again\n',
    check: ({ flow, model }) => {
      const rows = endlessRows(model, flow)
      const jump = rows
        .flatMap((row) =>
          model.lines[row]!.segments.filter((command) => command?.name.text === 'goto'),
        )
        .at(-1)
      return jump ? [at(jump.name, 'from here the script runs round for ever')] : []
    },
  },
]
