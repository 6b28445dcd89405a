import { expect, it } from 'vitest'

import {
  Block,
  chain,
  dhcp,
  echo,
  exit,
  facts,
  goto,
  type IpxeScriptErrorCode,
  kernel as kernelOf,
  label,
  lint,
  net,
  param,
  params,
  ping,
  recipes,
  script,
  scriptFor,
  seconds,
  set,
  setting,
  text,
  uri,
} from '../../src/index.ts'

/** Calls what the types forbid. */
const untyped = (call: (...args: never[]) => unknown, ...args: unknown[]): unknown =>
  Reflect.apply(call, undefined, args)

const or = (right: unknown): unknown => {
  const step = ping('a')
  return untyped(step.or.bind(step), right)
}

const kernel = 'http://boot.example/vmlinuz'

it.each<[string, IpxeScriptErrorCode, () => unknown, RegExp]>([
  ['a name to goto', 'ERR_IPXE_UNKNOWN_LABEL', () => untyped(goto, 'x'), /given "x"/],
  ['nothing to goto', 'ERR_IPXE_UNKNOWN_LABEL', () => untyped(goto), /neither a label/],
  ['a number for a label', 'ERR_IPXE_LABEL', () => untyped(label, 5), /label 5 is not/],
  ['text after ||', 'ERR_IPXE_LINE', () => or('x'), /"x"; it takes one command/],
  ['two commands after ||', 'ERR_IPXE_LINE', () => or(ping('b').orIgnore()), /several commands/],
  ['a name for a profile', 'ERR_IPXE_PROFILE', () => untyped(scriptFor, 'debian12'), /no profile/],
  [
    'text for the arguments of a kernel',
    'ERR_IPXE_RECIPE',
    () => untyped(recipes.linux, { kernel, args: 'quiet' }),
    /args "quiet" is not a list; write \["quiet"\]/,
  ],
  [
    'text for the arguments of an installer',
    'ERR_IPXE_RECIPE',
    () => untyped(recipes.debianInstaller, { base: kernel, preseed: kernel, args: 'quiet' }),
    /args "quiet"/,
  ],
  [
    'a setting in a URI without the tag',
    'ERR_IPXE_EXPANSION',
    () => chain(`http://boot.example/?s=${String(facts.serial)}`),
    /\$\{ at character 24 of .* put the tag before the template: uri`…`/,
  ],
  [
    'the same in a recipe',
    'ERR_IPXE_EXPANSION',
    () =>
      recipes.kickstart({
        repo: 'http://boot.example/',
        kickstart: `http://h/${String(facts.mac)}.cfg`,
      }),
    /put the tag before/,
  ],
  [
    'the same as the base of a URI',
    'ERR_IPXE_EXPANSION',
    () => uri`${`http://boot.example/${String(facts.product)}`}/vmlinuz`,
    /put the tag before/,
  ],
  [
    'a form of a setting as a property',
    'ERR_IPXE_VALUE',
    () => untyped(text, ['BOOTIF=01-', ''], Reflect.get(net(0).mac, 'hexhyp')),
    /value 1 of text`…`, after "BOOTIF=01-", is undefined; .*\.as\('hexhyp'\)/,
  ],
  [
    'nothing in a URI',
    'ERR_IPXE_VALUE',
    () => untyped(uri, ['http://', '/x'], undefined),
    /value 1 of uri`…`, after "http:\/\/", is undefined/,
  ],
  ['null in text', 'ERR_IPXE_VALUE', () => untyped(text, ['a', ''], null), /is null/],
  ['null in a URI', 'ERR_IPXE_VALUE', () => untyped(uri, ['a', ''], null), /is null/],
  [
    'an object in text',
    'ERR_IPXE_VALUE',
    () => untyped(text, ['', ''], {}),
    /an object \(Object\)/,
  ],
  ['a list in a URI', 'ERR_IPXE_VALUE', () => untyped(uri, ['', ''], []), /an object \(Array\)/],
  ['no number in text', 'ERR_IPXE_VALUE', () => text`${Number.NaN}`, /is NaN/],
  ['yes or no in a URI', 'ERR_IPXE_VALUE', () => untyped(uri, ['x', ''], true), /is true/],
  ['a function in text', 'ERR_IPXE_VALUE', () => untyped(text, ['x', ''], dhcp), /is a function/],
  ['nothing for a URI', 'ERR_IPXE_ARGUMENT', () => untyped(kernelOf, undefined), /where image/],
  ['a name for a setting', 'ERR_IPXE_SETTING', () => untyped(set, 'a', 'b'), /setting\('name'\)/],
  ['a command that is not called', 'ERR_IPXE_LINE', () => untyped(script, dhcp), /is not called/],
  [
    'a misspelt option of linux',
    'ERR_IPXE_RECIPE',
    () => untyped(recipes.linux, { kernel, initrd: [] }),
    /linux has no option initrd; did you mean "initrds"/,
  ],
  [
    'a misspelt option of localBoot',
    'ERR_IPXE_RECIPE',
    () => untyped(recipes.localBoot, { drives: 1 }),
    /localBoot has no option drives; did you mean "drive"/,
  ],
  [
    'a foreign option of kickstart',
    'ERR_IPXE_RECIPE',
    () => untyped(recipes.kickstart, { repo: kernel, serial: 1 }),
    /kickstart has no option serial; allowed: repo, kickstart, repoArgument, args/,
  ],
  [
    'url for uri',
    'ERR_IPXE_RECIPE',
    () => untyped(recipes.chainWithFacts, { url: kernel }),
    /chainWithFacts has no option url; did you mean "uri"/,
  ],
  [
    'windows without its files',
    'ERR_IPXE_RECIPE',
    () => untyped(recipes.windows, { wimboot: kernel }),
    /windows needs bcd, bootSdi, bootWim; it is given wimboot/,
  ],
  ['nothing to sanboot', 'ERR_IPXE_RECIPE', () => untyped(recipes.sanboot), /takes an object/],
  [
    'nothing to retry',
    'ERR_IPXE_RECIPE',
    () => untyped(recipes.retry, { otherwise: exit(1) }),
    /retry is given undefined to try/,
  ],
  [
    'editArguments without anything',
    'ERR_IPXE_RECIPE',
    () => untyped(recipes.editArguments, {}),
    /editArguments needs into, initial/,
  ],
  [
    'a file without its path',
    'ERR_IPXE_RECIPE',
    () => untyped(recipes.linux, { kernel, initrds: [{ uri: kernel, file: 'x' }] }),
    /a file of linux has no option file/,
  ],
  [
    'menu entries whose keys are numbers',
    'ERR_IPXE_RECIPE',
    () =>
      untyped(recipes.menu, { title: 'T', cancelled: exit(1) }, { 13: { text: 'x', lines: [] } }),
    /key 13 of an object is a number.*\{ name: '13', text: … \}/,
  ],
  [
    'two menu entries of one name',
    'ERR_IPXE_RECIPE',
    () =>
      recipes.menu({ title: 'T', cancelled: exit(1) }, [
        { name: 'a', text: 'A', lines: [] },
        { name: 'a', text: 'B', lines: [] },
      ]),
    /two entries named a/,
  ],
  [
    'a misspelt option of a menu entry',
    'ERR_IPXE_RECIPE',
    () => untyped(recipes.menu, { title: 'T', cancelled: exit(1) }, { a: { txt: 'x', lines: [] } }),
    /an entry of menu has no option txt; did you mean "text"/,
  ],
  [
    'text for initrds',
    'ERR_IPXE_RECIPE',
    () => untyped(recipes.linux, { kernel, initrds: 'i' }),
    /initrds "i"/,
  ],
])('%s is refused', (_name, code, make, says) => {
  expect(make).toThrow(expect.objectContaining({ code }))
  expect(make).toThrow(says)
})

it('a list keeps the order of a menu, whatever the names are', () => {
  const made = script(
    recipes.menu({ title: 'Debian', default: '12', timeout: seconds(9), cancelled: exit(1) }, [
      { name: '13', text: 'trixie', lines: [exit(13)] },
      { name: '12', text: 'bookworm', lines: [exit(12)] },
    ]),
  ).text
  expect(made).toMatch(/item 13 trixie\nitem 12 bookworm\nchoose --default 12 /)
})

it('a menu inside a menu ends where it leaves, without a line that can never run', () => {
  const inner = recipes.menu({ title: 'Inner', cancelled: exit(2), into: setting('inner') }, [
    { name: 'a', text: 'A', lines: [exit(3)] },
  ])
  const outer = recipes.menu({ title: 'Outer', cancelled: exit(1) }, [
    { name: 'more', text: 'More', lines: [inner, []] },
  ])
  expect(lint(script(outer).text)).toEqual([])
})

it('a block deals with commands that a build may lack, and with no others', () => {
  const failed = label('failed')
  const lines = new Block([
    params(),
    param('mac', facts.mac),
    echo('x'),
    chain('http://boot.example/##params'),
  ]).or(goto(failed))
  const made = script(lines, failed, exit(1)).text
  expect(made).toContain('params || goto failed\nparam mac ${mac} || goto failed\necho x\n')
  expect(lint(made)).toEqual([])
})

it('says %24{ in a URI where somebody really means the characters', () => {
  expect(String(script(chain('http://boot.example/%24{x}').orExit()))).toContain('/%24{x} ')
})
