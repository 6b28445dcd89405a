import fc from 'fast-check'

import type { Fragment } from './fragments.ts'

/*
 * Random scripts that end: labels are only jumped to forwards, nothing waits for a key, nothing but scripts is run.
 */

const pick = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values)

const VARIABLE = pick(
  'a',
  'b',
  'c',
  'blk/a',
  'blk/d',
  'net0/e',
  '175.201',
  '12',
  'username',
  'priority',
)
const TYPE = pick(
  '',
  '',
  '',
  ':string',
  ':int8',
  ':int16',
  ':int32',
  ':uint8',
  ':uint16',
  ':uint32',
  ':hex',
  ':hexhyp',
  ':hexraw',
  ':base64',
  ':uristring',
  ':ipv4',
  ':ipv6',
  ':uuid',
  ':busdevfn',
  ':bad',
)
const SETTING = fc.tuple(VARIABLE, TYPE).map((parts) => parts.join(''))

const VALUE = pick(
  '0',
  '1',
  '7',
  '-1',
  '127',
  '128',
  '255',
  '256',
  '0x10',
  '010',
  '08',
  '65535',
  '4294967295',
  '41',
  '41:42',
  '41-42',
  '4142',
  '00:ff',
  'QUI=',
  '1.2.3.4',
  '1.2.3',
  'fe80::1',
  '::',
  'a%20b',
  '%41%4',
  'x',
  'abc',
  'A=B&c',
)

const expansion = SETTING.map((name) => `\${${name}}`)

const WORD: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: VALUE },
  { weight: 4, arbitrary: expansion },
  { weight: 2, arbitrary: fc.tuple(VALUE, expansion).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.tuple(expansion, expansion).map((parts) => parts.join('-')) },
  {
    weight: 3,
    arbitrary: pick(
      '${}',
      '${',
      '}',
      '{}',
      '$',
      '$$',
      '${a',
      'b}',
      '${${a}}',
      '${${b}}',
      '${b${a}}',
      '$${a}',
      '${}${}',
      '"q"',
      "'",
      '|',
      '&',
      'a||b',
      'x;',
      '#',
      'x#y',
      '-n',
      '--',
      '-',
      '--foo',
      '-x',
      '\\',
      'C:\\',
      '\\${}',
      '${nope}',
      '${a:b:c}',
      '${/a}',
      '${net0/mac}',
      '${netX/ip}',
      '${errno}',
      '${platform}',
      '${1}',
      '${buildarch:hex}',
      '<',
      '>',
      '!',
      '~',
      '`',
      '*',
      '%',
      '^',
      '(',
      ')',
      '=',
      '+',
    ),
  },
)

const words = (min: number, max: number): fc.Arbitrary<string> =>
  fc.array(WORD, { minLength: min, maxLength: max }).map((list) => list.join(' '))

const form = (...parts: readonly (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> =>
  fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((list) => list.filter((part) => part !== '').join(' '))

const NAME = pick('a.txt', 'b.txt', 'i1', 'i2', 'none.txt', 'ok.ipxe')
const FILE = pick('a.txt', 'b.txt', 'sub/rel.txt', 'none.txt', '/a.txt', '${nope}b.txt')
const SCRIPT = pick(
  'sub/ok.ipxe',
  'sub/exit0.ipxe',
  'sub/exit3.ipxe',
  'sub/fails.ipxe',
  'sub/nest.ipxe',
  'sub/replacer.ipxe',
  'sub/relative.ipxe',
  'sub/goto.ipxe',
  'sub/crlf.ipxe',
  'sub/setter.ipxe',
  'sub/none.ipxe',
)
const MENU = pick('', '', '--menu m', '--menu=m', '-m m', '-mm')
const LABEL = pick('l0', 'l1', 'l2', 'l3')

/** One command, by how often real scripts use it and how much there is to get wrong. */
const COMMAND: fc.Arbitrary<string> = fc.oneof(
  { weight: 10, arbitrary: form('echo', words(0, 5)) },
  { weight: 8, arbitrary: form('set', SETTING, words(0, 3)) },
  { weight: 3, arbitrary: form('set', SETTING, VALUE) },
  { weight: 2, arbitrary: form('clear', SETTING) },
  { weight: 4, arbitrary: form('show', SETTING) },
  { weight: 4, arbitrary: form('inc', SETTING, pick('', '1', '-1', '0x7f', '300', 'x', '${a}')) },
  { weight: 4, arbitrary: form('iseq', WORD, WORD) },
  { weight: 2, arbitrary: form('isset', WORD) },
  { weight: 3, arbitrary: form('goto', LABEL) },
  { weight: 1, arbitrary: form('exit', pick('', '0', '1', '5', '0x20', 'x', '${a}')) },
  {
    weight: 2,
    arbitrary: form(
      pick('imgfetch', 'module', 'initrd'),
      pick('', '--name i1', '-n i2', '--autofree', '-ani1'),
      FILE,
      words(0, 2),
    ),
  },
  { weight: 2, arbitrary: form('imgargs', NAME, words(0, 3)) },
  { weight: 1, arbitrary: form('imgstat', pick('', '', 'a.txt', 'i1', 'none')) },
  { weight: 1, arbitrary: form('imgfree', pick('', '', 'a.txt', 'i1', 'none')) },
  { weight: 1, arbitrary: form(pick('kernel', 'imgselect', 'imgload'), SCRIPT, words(0, 2)) },
  {
    weight: 3,
    arbitrary: form(
      pick('chain', 'imgexec', 'boot'),
      pick('', '--autofree', '-a', '--replace', '--autofree --replace', '--name i1'),
      SCRIPT,
      pick('', 'x y', '${a}'),
    ),
  },
  { weight: 1, arbitrary: form('menu', pick('', '--name m', '--delete'), words(0, 2)) },
  {
    weight: 3,
    arbitrary: form(
      'item',
      MENU,
      pick('', '--default', '--gap', '--key a', '-d', '-g'),
      pick('', 'one One', 'two Two words', '${a} x'),
    ),
  },
  {
    weight: 2,
    arbitrary: form(
      'choose --timeout 10',
      MENU,
      pick('', '--default one', '--default two', '--keep', '-k'),
      pick('a', 'b', 'a:int32', 'blk/a'),
    ),
  },
  {
    weight: 1,
    arbitrary: pick(
      'sleep 0',
      'sleep',
      'sleep x',
      'prompt --timeout 5',
      'prompt --key a --timeout 5 p',
      'prompt --timeout x',
    ),
  },
  {
    weight: 1,
    arbitrary: pick(
      'ifopen net0',
      'ifopen',
      'ifstat',
      'ifstat net9',
      'ifclose net9',
      'sanunhook',
      'sanboot --drive 0x82',
      'cpuid 0',
      'ibstat',
      'iwstat',
      'iwlist',
      'sync',
      'help',
      'pxebs net9 1',
      'nosuchcommand x',
      'poweroff',
      '${nope}',
    ),
  },
)

const OPERATOR = pick(' || ', ' && ', ' ; ', ' || ', ' && ', '  ||\t')

const LINE: fc.Arbitrary<string> = fc
  .record({
    indent: pick('', '', '', '  ', '\t'),
    first: COMMAND,
    more: fc.array(fc.tuple(OPERATOR, COMMAND), { maxLength: 3 }),
    guard: pick('', ' ||', ' ||', ' ||', ' ||', ' || # why', ' ;', ' || echo caught ${errno}'),
    end: pick('\n', '\n', '\n', '\n', '\r\n', ' # comment || echo no\n', '  \n', '\t\\\n\n'),
  })
  .map(
    ({ indent, first, more, guard, end }) =>
      `${indent}${first}${more.flat().join('')}${guard}${end}`,
  )
  // A line that begins with a mark of its own, or a backslash that joins it to the next, is another matter.
  .map((line) =>
    line.replace(/\\(\s*\n)$/, (_, blank: string) =>
      blank.includes('\n\n') ? '\\\n\n' : `\\\${}${blank}`,
    ),
  )

/** Forward labels only: the four parts of a script begin with a label that earlier parts may jump to. */
const part = (index: number): fc.Arbitrary<string> =>
  fc
    .array(LINE, { minLength: 1, maxLength: 4 })
    .map((lines) =>
      lines
        .map((line) =>
          line.replace(/goto l(\d)/g, (all, n: string) => (Number(n) > index ? all : 'goto l9')),
        )
        .join(''),
    )

const SCRIPT_TEXT: fc.Arbitrary<string> = fc
  .tuple(part(0), part(1), part(2))
  .map(([a, b, c]) => `${a}:l1 ${b}  :l2\n${c}:l3\nimgstat ||\nshow a || show b ||\n`)

/** The same `count` scripts for the same seed. */
export const randomFragments = (count: number, seed: number): Fragment[] =>
  fc
    .sample(SCRIPT_TEXT, { numRuns: count, seed })
    .map((text, index) => ({ name: `random ${seed}.${index}`, text }))
