import { nearest } from '@bootwire-internal/common'

import { namedKeys } from '../../run/keyboard.ts'
import type { Word } from '../../syntax/index.ts'
import type { ArgumentKind, OptionValueKind } from '../../table/index.ts'
import { PREDEFINED } from '../../table/predefined.ts'
import { isInteger, whyNotStored } from '../constants.ts'
import { type GivenCommand, isDynamic } from '../model.ts'
import { at, type LintContext, type Remark, type Rule } from '../rule.ts'

/** Schemes that some build of iPXE has, the odd ones too. */
const SCHEMES = new Set(
  'http https ftp tftp tftm mtftp slam nfs file data iscsi aoe fcp ib_srp srp'.split(' '),
)

/** Schemes whose URI begins with a host. */
const WITH_HOST = new Set(['http', 'https', 'ftp', 'tftp', 'tftm', 'mtftp', 'slam', 'nfs'])

const wrongUri = (text: string): string | undefined => {
  const found = /^([a-z][a-z\d+._-]*):(?=([^]*))/i.exec(text)
  if (!found) return undefined
  const [, scheme = '', rest = ''] = found
  if (!SCHEMES.has(scheme)) {
    if (!rest.startsWith('//')) return undefined
    const like = nearest(scheme, SCHEMES)
    return `no iPXE knows the scheme ${scheme}${like === undefined ? '' : `; ${like} is one`}`
  }
  return WITH_HOST.has(scheme) && rest !== '' && !rest.startsWith('//') && !isDynamic(rest)
    ? `${text} names no host: ${scheme}:// is followed by one`
    : undefined
}

const wrongKey = (text: string): string | undefined => {
  if (text.length === 1 || isInteger(text)) return undefined
  const code = namedKeys.get(text.toLowerCase().replace(/^\^|^ctrl\+/, 'ctrl-'))
  const hint = code === undefined ? '' : `; write 0x${code.toString(16).padStart(2, '0')}`
  return `${text} is no key to iPXE, which takes one character or its number${hint}`
}

/** Why a text that is known beforehand can be no argument of a kind; nothing where it can. */
const wrong = (kind: ArgumentKind | OptionValueKind, text: string): string | undefined => {
  switch (kind) {
    case 'int':
    case 'seconds':
      return isInteger(text) ? undefined : `${text} is not a whole number`
    case 'net':
      return /^net(?:\d+(?:[.-]\d+)*|X)$/.test(text)
        ? undefined
        : `${text} is no network device; they are net0, net1, …`
    case 'uri':
    case 'image':
      return wrongUri(text)
    case 'key':
      return wrongKey(text)
    default:
      return undefined
  }
}

const wrongArguments = ({ spec, args, options }: GivenCommand): Remark[] => {
  if (!spec || options.some(({ option }) => !option)) return []
  const kinds = spec.arguments
  return args.flatMap((word, index) => {
    const argument = kinds[Math.min(index, kinds.length - 1)]
    const isOver = index >= kinds.length && !argument?.repeated
    // A number may be put together of settings; a scheme or a device name in front of one is known.
    if (!argument || isOver || (isDynamic(word.text) && !/^(?:uri|image)$/.test(argument.kind)))
      return []
    const message = wrong(argument.kind, word.text)
    return message === undefined ? [] : [at(word, message)]
  })
}

const wrongKeys = ({ options }: GivenCommand): Remark[] =>
  options.flatMap(({ option, value, valueWord }) => {
    if (option?.value !== 'key' || value === undefined || isDynamic(value)) return []
    const message = wrong('key', value)
    return message === undefined ? [] : [at(valueWord!, message)]
  })

/** A `set` whose words are all known, and that no build asked for can do. */
const wrongSet = ({ spec, args, name }: GivenCommand, { profiles }: LintContext): Remark[] => {
  const [setting, ...values] = args
  if (spec?.name !== 'set' || !setting || args.some(({ text }) => isDynamic(text))) return []
  // Deleting a setting is another matter than storing one.
  if (values.length === 0) return []
  const value = values.map(({ text }) => text).join(' ')
  const why = whyNotStored(setting.text, value, profiles)
  return why === undefined
    ? []
    : [
        at(
          { start: name.start, end: values.at(-1)!.end },
          `${setting.text} cannot hold ${value}: ${why}`,
        ),
      ]
}

const bareName = (word: Word): string | undefined => /^\$\{([^{}:]+)\}$/.exec(word.text)?.[1]

/** Rules about what arguments are: numbers, devices, keys, URIs, settings. */
export const argumentRules: readonly Rule[] = [
  {
    id: 'argument-value',
    severity: 'error',
    summary: 'An argument is not what the command takes',
    why: 'Where a whole number, a network device, a key or a URI belongs, iPXE reads the text as such and fails for any other: there are no fractions or units, devices are `net0`, `net1`, …, a key is one character or its number.',
    bad: 'sleep 0.5 || exit 1\nifopen eth0 || exit 1\nprompt --key F8 --timeout 5000 Menu? && shell ||\n',
    good: 'sleep 1 || exit 1\nifopen net0 || exit 1\nprompt --key 0x147e --timeout 5000 Menu? && shell ||\n',
    check: ({ model }) =>
      model.commands.flatMap((command) => [...wrongArguments(command), ...wrongKeys(command)]),
  },
  {
    id: 'setting-value',
    severity: 'error',
    summary: 'A setting cannot hold the value',
    why: 'Settings that iPXE knows have a type: `ip` and `netmask` are IPv4 addresses, `mac` is hexadecimal. A name can also end in a type. A text that is none of that type is not stored, and `set` fails.',
    bad: 'set net0/netmask 24\n',
    good: 'set net0/netmask 255.255.255.0\n',
    check: (context) => context.model.commands.flatMap((command) => wrongSet(command, context)),
  },
  {
    id: 'setting-expanded',
    severity: 'warning',
    summary: 'A command that takes the name of a setting is given its value',
    why: '`show`, `inc`, `read` and `clear` take a name. `show ${net0/ip}` shows the setting whose name is the address.',
    bad: 'show ${net0/ip} ||\n',
    good: 'show net0/ip ||\n',
    fixes: true,
    check: ({ model }) =>
      model.commands.flatMap(({ spec, args: [word] }) => {
        if (!word || !['show', 'inc', 'read', 'clear'].includes(spec?.name ?? '')) return []
        const name = bareName(word)
        return name !== undefined && PREDEFINED.has(name.replace(/^.*\//, ''))
          ? [
              at(word, `${spec!.name} takes the name, ${name}, and is given the value`, [
                { start: word.start, end: word.end, text: name },
              ]),
            ]
          : []
      }),
  },
]
