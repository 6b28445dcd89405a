import { COMMANDS } from '../../table/index.ts'
import { type GivenCommand, isDynamic } from '../model.ts'
import { at, type Edit, type Rule } from '../rule.ts'
import { createSuggest } from '../suggest.ts'

const INTEGER = /^[-+]?(?:0[xX][\da-fA-F]+|\d+)$/

/** Takes a whole word out, with the blanks before it. */
const without = (command: GivenCommand, index: number): Edit => ({
  start: command.words[index - 1]!.end,
  end: command.words[index]!.end,
  text: '',
})

const named = (command: GivenCommand, ...names: readonly string[]): boolean =>
  command.spec !== undefined && names.includes(command.spec.canonical)

/** Arguments of an image are another program's: `--quiet`, `--name=x` may well be meant for it. */
const isOurs = ({ spec }: GivenCommand, long: string): boolean =>
  spec?.group !== 'images' || long === 'autofree' || long === 'replace'

/** Rules about the form of a command: its name, its options, how many arguments. */
export const commandRules: readonly Rule[] = [
  {
    id: 'unknown-command',
    severity: 'error',
    summary: 'No iPXE has such a command',
    why: 'iPXE answers "command not found", and an unguarded line ends the script. There are no `if`, `dec`, `print` or `wait`.',
    bad: 'imgloda http://boot.example/vmlinuz\n',
    good: 'imgload http://boot.example/vmlinuz\n',
    check: ({ model }) => {
      const suggest = createSuggest()
      return model.commands
        .filter(
          ({ spec, name }) =>
            !spec &&
            !isDynamic(name.text) &&
            !COMMANDS.has(name.text.toLowerCase()) &&
            !/^["']/.test(name.text),
        )
        .map(({ name }) => {
          if (/^[^:]+:$/.test(name.text))
            return at(
              name,
              `${name.text} is not a command; a label is written :${name.text.slice(0, -1)}`,
            )
          if (model.labels.has(name.text))
            return at(name, `${name.text} is not a command; it is a label: goto ${name.text}`)
          const like = suggest(name.text, COMMANDS.keys())
          return at(
            name,
            `${name.text} is not a command${like === undefined ? '' : `; ${like} is`}`,
          )
        })
    },
  },
  {
    id: 'command-case',
    severity: 'error',
    summary: 'Commands are written in small letters',
    why: 'iPXE compares names exactly: `Echo` is not found.',
    bad: 'Echo hello\n',
    good: 'echo hello\n',
    fixes: true,
    check: ({ model }) =>
      model.commands
        .filter(({ spec, name }) => !spec && COMMANDS.has(name.text.toLowerCase()))
        .map(({ name }) =>
          at(name, `${name.text} is not found; the command is ${name.text.toLowerCase()}`, [
            { start: name.start, end: name.end, text: name.text.toLowerCase() },
          ]),
        ),
  },
  {
    id: 'unknown-option',
    severity: 'error',
    summary: 'The command has no such option',
    why: 'An unknown option prints the usage and fails. Long names are never abbreviated.',
    bad: 'prompt --time 5000 Press a key ||\n',
    good: 'prompt --timeout 5000 Press a key ||\n',
    check: ({ model }) => {
      const suggest = createSuggest()
      return model.commands.flatMap(({ options, spec }) =>
        options
          .filter(({ option, written }) => !option && written !== '--help' && written !== '-h')
          .map(({ word, written }) => {
            const like = suggest(
              written,
              spec!.options.map(({ long }) => `--${long}`),
            )
            return at(
              word,
              `${spec!.name} has no option ${written}${like === undefined ? '' : `; it has ${like}`}`,
            )
          }),
      )
    },
  },
  {
    id: 'option-value',
    severity: 'error',
    summary: 'An option lacks its value or has one of the wrong kind',
    why: 'A separate value must not begin with a dash (`--name=-x` can), and times and numbers are whole numbers without a unit.',
    bad: 'prompt --timeout 5s Press a key ||\n',
    good: 'prompt --timeout 5000 Press a key ||\n',
    check: ({ model }) =>
      model.commands.flatMap(({ options }) =>
        options.flatMap(({ option, word, value, valueWord, written }) => {
          if (!option || option.value === 'flag')
            return option && word.text.includes('=') ? [at(word, `${written} takes no value`)] : []
          if (value === undefined)
            return [at(word, `${written} needs a value that does not begin with a dash`)]
          if (isDynamic(value) || (option.value !== 'ms' && option.value !== 'int')) return []
          return INTEGER.test(value)
            ? []
            : [at(valueWord!, `${value} is not a whole number, which ${written} takes`)]
        }),
      ),
  },
  {
    id: 'argument-count',
    severity: 'error',
    summary: 'A command has too few or too many arguments',
    why: 'With the wrong number of arguments iPXE prints the usage and fails.',
    bad: 'iseq ${platform} && exit ||\n',
    good: 'iseq ${platform} efi && exit ||\n',
    check: ({ model }) =>
      model.commands.flatMap((command) => {
        const { spec, args, name } = command
        if (!spec || command.options.some(({ option }) => !option)) return []
        if (args.length >= spec.min && args.length <= spec.max) return []
        if (args.length > 255) return []
        const wanted = spec.min === spec.max ? String(spec.min) : `${spec.min} to ${spec.max}`
        return [
          at(
            args[spec.max] ?? name,
            `${name.text} has ${args.length} argument${args.length === 1 ? '' : 's'} and takes ${wanted}`,
          ),
        ]
      }),
  },
  {
    id: 'late-option',
    severity: 'error',
    summary: 'An option stands after the first argument',
    why: 'iPXE stops looking for options at the first argument. `chain URL --autofree` passes `--autofree` on to the image.',
    bad: 'chain http://boot.example/next.ipxe --autofree || shell\n',
    good: 'chain --autofree http://boot.example/next.ipxe || shell\n',
    fixes: true,
    check: ({ model }) =>
      model.commands
        .filter(
          (command) =>
            !named(command, 'set', 'echo', 'item', 'menu', 'prompt', 'param', 'imgargs', 'time'),
        )
        .flatMap((command) =>
          command.args.flatMap((word, index) => {
            if (index === 0) return []
            const option = command.spec?.options.find(
              ({ long }) => `--${long}` === word.text.replace(/=.*$/, ''),
            )
            if (!option || !isOurs(command, option.long)) return []
            const isWhole = option.value === 'flag' || word.text.includes('=')
            const move = [
              { start: command.name.end, end: command.name.end, text: ` ${word.text}` },
              without(command, command.words.length - command.args.length + index),
            ]
            return [
              at(
                word,
                `${word.text} comes after an argument, so it is one itself`,
                isWhole ? move : undefined,
              ),
            ]
          }),
        ),
  },
]
