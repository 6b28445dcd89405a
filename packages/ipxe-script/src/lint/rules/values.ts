import { typeOfSetting, whyNotStored } from '../constants.ts'
import { isDynamic } from '../model.ts'
import { at, type Rule } from '../rule.ts'

/** What can stand between `${` and `}`. */
const SETTING_NAME = /^[\w.-]+(?:\/[\w.-]+)?(?::\w+)?$/

/** A setting's name with `=` behind it: `server=`, `net0/ip=`, `n:int32=`. */
const EQUALS = /^[\w.-]+(?:\/[\w.-]+)?(?::\w+)?=/

/** Rules about what a command of the right form is given: times, names for values, constants. */
export const valueRules: readonly Rule[] = [
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
    check: ({ model, profiles }) =>
      model.commands
        .filter(({ name, args }) => name.text === 'set' && EQUALS.test(args[0]?.text ?? ''))
        .map(({ args: [word, ...rest] }) => {
          const index = word!.text.indexOf('=')
          const equals = word!.start + index
          const value = [word!.text.slice(index + 1), ...rest.map(({ text }) => text)].join(' ')
          const isKept =
            word!.end - word!.start === word!.text.length &&
            !isDynamic(word!.text.slice(0, index)) &&
            // What a typed setting gets is known only where it is written here.
            (isDynamic(value)
              ? typeOfSetting(word!.text.slice(0, index)) === 'string'
              : whyNotStored(word!.text.slice(0, index), value, profiles) === undefined)
          return at(
            word!,
            'the name of this setting has = in it',
            isKept ? [{ start: equals, end: equals + 1, text: ' ' }] : undefined,
          )
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
          at(
            word!,
            `${word!.text} is not empty, so this is always true`,
            SETTING_NAME.test(word!.text)
              ? [{ start: word!.start, end: word!.end, text: `\${${word!.text}}` }]
              : undefined,
          ),
        ),
  },
  {
    id: 'never-equal',
    severity: 'warning',
    summary: 'A counter is compared with a number in another spelling',
    why: '`iseq` compares texts. A counter reads as a decimal number without zeros in front, so it is never `05` or `0x5`, and the loop that waits for that never ends.',
    bad: 'set n:int32 0\n:retry\ninc n\niseq ${n} 05 && goto failed ||\ndhcp || goto retry\n:failed\nshell\n',
    good: 'set n:int32 0\n:retry\ninc n\niseq ${n} 5 && goto failed ||\ndhcp || goto retry\n:failed\nshell\n',
    check: ({ model }) => {
      const counters = new Set(
        model.commands.flatMap(({ spec, args: [word] }) => {
          const [name = '', type = ''] = (word?.text ?? '').split(':')
          const isCounter =
            spec?.name === 'inc' || (spec?.name === 'set' && /^u?int\d+$/.test(type))
          return isCounter ? [name] : []
        }),
      )
      return model.commands.flatMap(({ spec, args }) => {
        if (spec?.name !== 'iseq' || args.length !== 2) return []
        const isRead = args.some(({ text }) =>
          counters.has(/^\$\{([\w-]+)(?::u?int\d+)?\}$/.exec(text)?.[1] ?? ''),
        )
        const number = args.find(({ text }) => /^(?:0x[\da-f]+|[+]?\d+)$/i.test(text))
        if (!isRead || !number || String(Number(number.text)) === number.text) return []
        const plain = String(
          Number.parseInt(number.text, /^[+]?0\d/.test(number.text) ? 10 : undefined),
        )
        return [at(number, `a counter never reads as ${number.text}; write ${plain}`)]
      })
    },
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
]
