import type { Word } from '../../syntax/index.ts'
import { argumentIndex, type GivenCommand, isDynamic } from '../model.ts'
import { at, type LintContext, type Remark, type Rule } from '../rule.ts'

const eachWord = (
  { model }: LintContext,
  check: (word: Word, command: GivenCommand, index: number) => readonly Remark[],
): Remark[] =>
  model.commands.flatMap((command) =>
    // Most words hold none, and six rules ask every word.
    command.words.flatMap((word, index) =>
      word.text.includes('$') ? check(word, command, index) : [],
    ),
  )

/** A part of a word that stands in the source as it reads. */
const part = (word: Word, index: number, length: number): { start: number; end: number } =>
  word.end - word.start === word.text.length
    ? { start: word.start + index, end: word.start + index + length }
    : word

const NETWORK_TEXT = new Set(
  'serial asset product manufacturer hostname domain username password board-serial user-class vendor-class filename'.split(
    ' ',
  ),
)

/** Values that stand for a whole path or a host: encoding them would break the URI. */
const MAY_BE_PATH = new Set(['filename', 'hostname', 'domain'])

/**
 * Where a URI begins in a word: an argument that is one, absolute or relative, or the value of an image's argument
 * (`inst.ks=http://…`), where a blank would split the command line besides.
 */
const uriStart = (word: Word, command: GivenCommand, wordIndex: number): number | undefined => {
  const { spec } = command
  const index = argumentIndex(command, wordIndex)
  const kind = spec?.arguments[Math.min(Math.max(index, 0), spec.arguments.length - 1)]?.kind
  if (index < 0 || spec === undefined) return undefined
  if (kind === 'uri' || kind === 'image') return /[/?:]/.test(word.text) ? 0 : undefined
  if (spec.group !== 'images' && spec.name !== 'set') return undefined
  const found = /(?:^|=)[a-z]+:\/\//.exec(word.text)
  return found?.index
}

/** Rules about `${…}`. */
export const expansionRules: readonly Rule[] = [
  {
    id: 'unterminated-expansion',
    severity: 'error',
    summary: 'An expansion is not closed within its word',
    why: 'Words are split at blanks before anything is expanded, so `${a b}` is two words and neither is expanded, and `${name` without a brace is text.',
    bad: 'echo ${board serial}\n',
    good: 'echo ${board-serial}\n',
    check: (context) =>
      eachWord(context, (word) => {
        const open = word.text.lastIndexOf('${')
        if (open < 0 || word.text.includes('}', open)) return []
        return [
          at(
            part(word, open, word.text.length - open),
            'this ${ has no } in the same word, so it is printed as text',
          ),
        ]
      }),
  },
  {
    id: 'dollar-escape',
    severity: 'error',
    summary: '$${x} is no escape',
    why: 'iPXE has no escape for `${`: `$${x}` prints a dollar and then the value of x. What needs the literal text has to be percent-encoded (in a URI) or avoided.',
    bad: 'echo price $${cost}\n',
    good: 'echo price $ ${cost}\n',
    check: (context) =>
      eachWord(context, (word) => {
        const found = word.text.indexOf('$${')
        return found < 0
          ? []
          : [
              at(
                part(word, found, 3),
                '$${ is not an escape: a dollar is printed, and then the value',
              ),
            ]
      }),
  },
  {
    id: 'positional-parameter',
    severity: 'warning',
    summary: '${1} is a DHCP option, not an argument',
    why: 'A script cannot read the arguments it was chained with. A number names a DHCP option: `${1}` is the netmask.',
    bad: 'echo ${1}\n',
    good: 'echo ${netmask}\n',
    check: (context) =>
      eachWord(context, (word) => {
        const found = /\$\{[0-9]\}/.exec(word.text)
        return found
          ? [
              at(
                part(word, found.index, found[0].length),
                `${found[0]} is DHCP option ${found[0][2]}, not an argument of the script`,
              ),
            ]
          : []
      }),
  },
  {
    id: 'uristring',
    severity: 'warning',
    summary: 'A value goes into a URI without being encoded',
    why: 'A serial number with a blank, `#` or `&` in it breaks the request or hides the rest of it. `:uristring` percent-encodes the value.',
    bad: 'chain http://boot.example/boot?serial=${serial} || shell\n',
    good: 'chain http://boot.example/boot?serial=${serial:uristring} || shell\n',
    fixes: true,
    check: (context) =>
      eachWord(context, (word, command, index) => {
        const from = uriStart(word, command, index)
        if (from === undefined) return []
        const query = word.text.indexOf('?', from)
        return Array.from(word.text.matchAll(/\$\{(?:[\w.]+\/)?([\w-]+)\}/g)).flatMap((found) => {
          const [whole, name = ''] = found
          const isQuery = query >= 0 && found.index > query
          if (!NETWORK_TEXT.has(name) || (!isQuery && MAY_BE_PATH.has(name))) return []
          const place = part(word, found.index, whole.length)
          return [
            at(
              place,
              `${whole} may hold characters that a URI cannot; use :uristring`,
              place === word ? undefined : [{ ...place, text: `${whole.slice(0, -1)}:uristring}` }],
            ),
          ]
        })
      }),
  },
  {
    id: 'setting-type',
    severity: 'error',
    summary: 'A setting has a type that iPXE does not know',
    why: 'Reading a setting as an unknown type gives nothing at all, and storing it fails. There is no `string32`, `ip` or `dec`.',
    bad: 'echo ${mac:hexhypen}\n',
    good: 'echo ${mac:hexhyp}\n',
    check: (context) =>
      eachWord(context, (word) =>
        Array.from(word.text.matchAll(/\$\{[^{}:]*:([^{}]*)\}/g)).flatMap((found) =>
          TYPES.has(found[1]!)
            ? []
            : [
                at(
                  part(word, found.index, found[0].length),
                  `${found[1]} is not a type; types are ${[...TYPES].join(' ')}`,
                ),
              ],
        ),
      ),
  },
  {
    id: 'numeric-setting',
    severity: 'warning',
    summary: 'A setting with a number for a name is a DHCP option',
    why: 'A name that reads as a number, `0x` and octal included, is a DHCP option: `set 1 x` changes the netmask, and `set foo/1 x` fails (ipxe/ipxe#813).',
    bad: 'set 1 255.255.0.0\n',
    good: 'set answer-1 255.255.0.0\n',
    check: ({ model }) =>
      model.commands
        .filter(({ name }) => ['set', 'clear', 'read', 'inc'].includes(name.text))
        .flatMap(({ args }) => {
          const [name] = args
          if (!name || isDynamic(name.text)) return []
          // With a type of its own it is meant: `set 209:string …` is how pxelinux is told its file.
          if (name.text.includes(':')) return []
          const bare = name.text.replace(/^[^/]*\//, '')
          return /^\d+$|^0x[\da-f]+$/i.test(bare)
            ? [at(name, `${name.text} is a DHCP option, not a setting of your own`)]
            : []
        }),
  },
]

const TYPES = new Set(
  'string uristring ipv4 ipv6 dns6 int8 int16 int32 uint8 uint16 uint32 hex hexhyp hexraw base64 uuid guid busdevfn dnssl'.split(
    ' ',
  ),
)
