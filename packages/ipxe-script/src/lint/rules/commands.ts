import { COMMANDS } from '../../table/index.ts'
import { type GivenCommand, isDynamic } from '../model.ts'
import { at, type Edit, nearest, type Rule } from '../rule.ts'

const INTEGER = /^[-+]?(?:0[xX][\da-fA-F]+|\d+)$/

const SCHEME = /^([a-z][a-z\d+.-]*):/

/** Takes a whole word out, with the blanks before it. */
const without = (command: GivenCommand, index: number): Edit => ({
  start: command.words[index - 1]!.end,
  end: command.words[index]!.end,
  text: '',
})

const named = (command: GivenCommand, ...names: readonly string[]): boolean =>
  command.spec !== undefined && names.includes(command.spec.canonical)

/** Rules about commands, options and arguments. */
export const commandRules: readonly Rule[] = [
  {
    id: 'unknown-command',
    severity: 'error',
    summary: 'No iPXE has such a command',
    why: 'iPXE answers "command not found", and an unguarded line ends the script. There are no `if`, `dec`, `print` or `wait`.',
    bad: 'imgloda http://boot.example/vmlinuz\n',
    good: 'imgload http://boot.example/vmlinuz\n',
    check: ({ model }) =>
      model.commands
        .filter(
          ({ spec, name }) =>
            !spec &&
            !isDynamic(name.text) &&
            !COMMANDS.has(name.text.toLowerCase()) &&
            !/^["']/.test(name.text),
        )
        .map(({ name }) => {
          const like = nearest(name.text, COMMANDS.keys())
          return at(
            name,
            `${name.text} is not a command${like === undefined ? '' : `; ${like} is`}`,
          )
        }),
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
    check: ({ model }) =>
      model.commands.flatMap(({ options, spec }) =>
        options
          .filter(({ option, written }) => !option && written !== '--help' && written !== '-h')
          .map(({ word, written }) => {
            const like = nearest(
              written,
              spec!.options.map(({ long }) => `--${long}`),
            )
            return at(
              word,
              `${spec!.name} has no option ${written}${like === undefined ? '' : `; it has ${like}`}`,
            )
          }),
      ),
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
          command.args.slice(1).flatMap((word) => {
            const option = command.spec?.options.find(
              ({ long }) => `--${long}` === word.text.replace(/=.*$/, ''),
            )
            if (!option) return []
            const isWhole = option.value === 'flag' || word.text.includes('=')
            const move = [
              { start: command.name.end, end: command.name.end, text: ` ${word.text}` },
              without(command, command.words.indexOf(word)),
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
  {
    id: 'timer-unit',
    severity: 'warning',
    summary: 'A time looks like the wrong unit',
    why: '`sleep` takes seconds and every `--timeout` takes milliseconds. `prompt --timeout 180` waits less than a fifth of a second (OpenStack Ironic has this bug), `sleep 5000` well over an hour.',
    bad: 'prompt --timeout 180 Press a key ||\n',
    good: 'prompt --timeout 180000 Press a key ||\n',
    check: ({ model }) =>
      model.commands.flatMap((command) => {
        const [first] = command.args
        if (command.name.text === 'sleep' && first && Number(first.text) >= 1000)
          return [
            at(
              first,
              `sleep takes seconds: this is ${Math.round(Number(first.text) / 60)} minutes`,
            ),
          ]
        return command.options
          .filter(
            ({ option, value }) =>
              option?.value === 'ms' &&
              /^\d+$/.test(value ?? '') &&
              Number(value) > 0 &&
              Number(value) < 500,
          )
          .map(({ valueWord, value, written }) =>
            at(valueWord!, `${written} takes milliseconds: this is ${Number(value) / 1000} s`),
          )
      }),
  },
  {
    id: 'empty-timeout',
    severity: 'warning',
    summary: 'A timeout comes from a setting that may be empty',
    why: 'An empty value is "invalid integer" and the command fails. Set a default first, or test the setting with `isset`.',
    bad: 'prompt --timeout ${menu-timeout} Press a key ||\n',
    good: 'isset ${menu-timeout} || set menu-timeout 5000\nprompt --timeout ${menu-timeout} Press a key ||\n',
    check: ({ model }) => {
      const known = new Set(
        model.commands
          .filter(({ name }) => name.text === 'set')
          .map(({ args }) => (args[0]?.text ?? '').replace(/:.*$/, '')),
      )
      return model.commands.flatMap(({ options }) =>
        options.flatMap(({ option, value, valueWord }) => {
          const name = /^\$\{([\w-]+)(?::\w+)?\}$/.exec(value ?? '')?.[1]
          return option?.value === 'ms' && name !== undefined && !known.has(name)
            ? [
                at(
                  valueWord!,
                  `${name} is never set in this script; empty, it is no number and the command fails`,
                ),
              ]
            : []
        }),
      )
    },
  },
  {
    id: 'ping-count',
    severity: 'error',
    summary: 'ping without --count never ends',
    why: 'Without a count, `ping` goes on until somebody presses Ctrl-C.',
    bad: 'ping ${next-server} ||\n',
    good: 'ping --count 3 ${next-server} ||\n',
    check: ({ model }) =>
      model.commands
        .filter(
          ({ name, options }) =>
            name.text === 'ping' && !options.some(({ option }) => option?.long === 'count'),
        )
        .map(({ name }) => at(name, 'ping has no --count, so it never ends')),
  },
  {
    id: 'set-equals',
    severity: 'error',
    summary: 'set takes a blank between name and value',
    why: '`set a=b` sets nothing: the name is `a=b` and there is no value, which deletes it.',
    bad: 'set server=boot.example\n',
    good: 'set server boot.example\n',
    fixes: true,
    check: ({ model }) =>
      model.commands
        .filter(({ name, args }) => name.text === 'set' && /^[\w-]+=/.test(args[0]?.text ?? ''))
        .map(({ args: [word] }) => {
          const equals = word!.start + word!.text.indexOf('=')
          return at(word!, 'the name of this setting has = in it', [
            { start: equals, end: equals + 1, text: ' ' },
          ])
        }),
  },
  {
    id: 'isset-name',
    severity: 'error',
    summary: 'isset is given a name instead of a value',
    why: '`isset` succeeds if its argument is not empty. A name never is: `isset url` is always true; `isset ${url}` is the test.',
    bad: 'isset url || goto fallback\n:fallback\nshell\n',
    good: 'isset ${url} || goto fallback\n:fallback\nshell\n',
    fixes: true,
    check: ({ model }) =>
      model.commands
        .filter(
          ({ name, args }) =>
            name.text === 'isset' && args.length === 1 && !isDynamic(args[0]!.text),
        )
        .map(({ args: [word] }) =>
          at(word!, `${word!.text} is not empty, so this is always true`, [
            { start: word!.start, end: word!.end, text: `\${${word!.text}}` },
          ]),
        ),
  },
  {
    id: 'constant-test',
    severity: 'warning',
    summary: 'iseq compares two constants',
    why: 'Neither side is a setting, so the outcome is known. A name is read with `${name}`.',
    bad: 'iseq platform efi && exit ||\n',
    good: 'iseq ${platform} efi && exit ||\n',
    check: ({ model }) =>
      model.commands
        .filter(
          ({ name, args }) =>
            name.text === 'iseq' && args.length === 2 && !args.some(({ text }) => isDynamic(text)),
        )
        .map(({ args, name }) =>
          at(
            { start: name.start, end: args[1]!.end },
            `this is always ${args[0]!.text === args[1]!.text}`,
          ),
        ),
  },
  {
    id: 'profile-command',
    severity: 'error',
    summary: 'The build that the script is for lacks the command',
    why: 'Builds differ: those for BIOS have no `param`, `console` or digests, Debian 12 has 48 commands of 92. A missing command fails, and an unguarded line ends the script. A command followed by `||` is taken as probed on purpose.',
    bad: 'poweroff\n',
    good: 'reboot\n',
    profile: 'debian12',
    check: ({ model, profiles }) =>
      model.commands.flatMap((command) =>
        profiles
          .filter(
            ({ features }) =>
              command.spec && !features.has(command.spec.name) && command.after !== '||',
          )
          .map((profile) => at(command.name, `${command.name.text} is not in ${profile.name}`)),
      ),
  },
  {
    id: 'profile-option',
    severity: 'error',
    summary: 'The build that the script is for lacks the option',
    why: 'An option that the build does not know prints the usage and fails.',
    bad: 'dhcp --timeout 5000 || shell\n',
    good: 'dhcp || shell\n',
    profile: 'debian12',
    check: ({ model, profiles }) =>
      model.commands.flatMap(({ spec, options }) =>
        profiles.flatMap((profile) =>
          options
            .filter(
              ({ option }) =>
                option &&
                profile.features.has(spec!.name) &&
                !profile.features.has(`${spec!.name} --${option.long}`),
            )
            .map(({ word, written }) =>
              at(word, `${spec!.name} ${written} is not in ${profile.name}`),
            ),
        ),
      ),
  },
  {
    id: 'profile-scheme',
    severity: 'error',
    summary: 'The build that the script is for lacks the URI scheme',
    why: 'An unknown scheme is "Operation not supported". Builds for BIOS and Debian 12 have no https.',
    bad: 'chain https://boot.example/next.ipxe || shell\n',
    good: 'chain http://boot.example/next.ipxe || shell\n',
    profile: 'ipxe2-bios',
    check: ({ model, profiles }) =>
      model.commands
        .filter((command) =>
          command.spec?.arguments.some(({ kind }) => kind === 'uri' || kind === 'image'),
        )
        .flatMap(({ args: [uri] }) => {
          const scheme = SCHEME.exec(uri?.text ?? '')?.[1]
          if (!uri || scheme === undefined) return []
          return profiles
            .filter(({ schemes }) => !schemes.has(scheme))
            .map((profile) =>
              at(uri, `${profile.name} has no ${scheme}, only ${[...profile.schemes].join(' ')}`),
            )
        }),
  },
  {
    id: 'optional-command',
    severity: 'warning',
    summary: 'A command that many builds lack is not guarded',
    why: 'Digests, `console` and `params` are not in BIOS builds with default options. Without `||` the script ends there (netboot.xyz menus do so at `md5sum`). Say which build the script is for (`--profile`), or guard the line.',
    bad: 'console --x 1024 --y 768\necho hello\n',
    good: 'console --x 1024 --y 768 ||\necho hello\n',
    fixes: true,
    check: ({ model, profiles }) =>
      profiles.length > 0
        ? []
        : model.commands
            .filter(
              ({ spec, after, before }) =>
                spec &&
                !spec.on.includes('B') &&
                spec.on.includes('E') &&
                after === undefined &&
                before === undefined,
            )
            .map((command) => {
              const end = command.words.at(-1)!.end
              return at(
                command.name,
                `${command.name.text} is not in builds for BIOS; where it is missing the script ends`,
                [{ start: end, end, text: ' ||' }],
              )
            }),
  },
]
