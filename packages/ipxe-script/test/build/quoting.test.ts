import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  comment,
  echo,
  facts,
  ifopen,
  imgfetch,
  inc,
  iseq,
  isset,
  item,
  kernel,
  menu,
  net,
  parse,
  script,
  seconds,
  set,
  setting,
  sleep,
  text,
  uri,
  type Word,
} from '../../src/index.ts'

/** The words that iPXE would see, expanded as `expand_settings` does with only the helper settings known. */
const expand = (word: string): string => {
  let seen = word
  for (;;) {
    const end = seen.indexOf('}', seen.indexOf('${'))
    const start = seen.indexOf('${') < 0 || end < 0 ? -1 : seen.lastIndexOf('${', end)
    if (start < 0) return seen
    const [, code] = /^chr-([0-9a-f]{2})$/.exec(seen.slice(start + 2, end)) ?? []
    const value = code === undefined ? '' : String.fromCharCode(Number.parseInt(code, 16))
    seen = seen.slice(0, start) + value + seen.slice(end + 1)
  }
}

const lastWords = (built: { text: string }): string[] => {
  const line = parse(built.text).lines.at(-1)!
  expect(line.segments).toHaveLength(1)
  return line.segments[0]!.words.map((word: Word) => expand(word.text))
}

/** What echo prints: its words after its options. */
const printed = (value: string): string => {
  const [name, ...words] = lastWords(script(echo(value)))
  expect(name).toBe('echo')
  return (words[0] === '--' ? words.slice(1) : words).join(' ')
}

/** No NUL, no half surrogates, and no `${ … }` within one word. */
const representable = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        '||',
        '&&',
        ';',
        '#',
        '-n',
        '--',
        '\\',
        '${',
        '$',
        '{',
        '}',
        ' ',
        '  ',
        '\n',
        '\r\n',
        '\t',
        '#!ipxe',
        ':l',
        '"',
        "'",
        '${}',
      ),
    ),
    { maxLength: 10 },
  )
  .map((parts) => parts.join(''))
  .filter((value) => !value.includes('\0') && !/\$\{[^ ]*\}/.test(value))

describe('text', () => {
  it('is taken by echo byte for byte, whatever is in it', () => {
    fc.assert(
      fc.property(representable, (value) => {
        expect(printed(value)).toBe(value)
      }),
      { numRuns: 20_000 },
    )
  }, 30_000)

  it('is taken by one-word arguments byte for byte, blanks included', () => {
    fc.assert(
      fc.property(
        representable.filter((value) => !/\$\{[^]*\}/.test(value)),
        (value) => {
          const words = lastWords(script(iseq(value, 'b').orEnd()))
          expect(
            words.filter(
              (word, index) => index > 0 && !(index === 1 && word === '--' && words.length > 3),
            ),
          ).toEqual([value, 'b'])
        },
      ),
      { numRuns: 5000 },
    )
  }, 30_000)

  it.each([
    ['ordinary words', 'ordinary words'],
    [' a', '${} a'],
    ['a ', 'a ${}'],
    ['a  b', 'a ${} b'],
    ['a || b', 'a ${}|| b'],
    ['a ; b', 'a ${}; b'],
    ['a #b', 'a ${}#b'],
    ['-n', '-- -n'],
    ['C:\\', 'C:\\${}'],
    ['a||b;c#d', 'a||b;c#d'],
    ['$5 {x} ${', '$5 {x} ${'],
    ['ds=nocloud;s=http://h/', 'ds=nocloud;s=http://h/'],
  ])('%j is written %s', (value, written) => {
    expect(script(echo(value)).text).toBe(`#!ipxe\necho ${written}\n`)
  })

  it('defines a helper at the top for a byte that cannot stand in a script', () => {
    expect(script(echo('a\tb')).text).toBe(
      '#!ipxe\nset chr-09:hex 09\nset chr-09 ${chr-09:string}\necho a${chr-09}b\n',
    )
  })

  it('can be put together of settings', () => {
    expect(script(echo(text`on ${net(0).mac} at ${facts.ip}`)).text).toContain(
      'echo on ${net0/mac} at ${ip}\n',
    )
  })

  it('is guarded where a value not known yet could be an option', () => {
    expect(script(echo(facts.serial)).text).toContain('echo -- ${serial}')
    expect(script(isset(facts.serial).orEnd()).text).toContain('isset -- ${serial}')
    expect(script(echo(facts.mac)).text).toContain('echo ${mac}')
    expect(script(imgfetch({ name: '-x' }, 'http://h/').orEnd()).text).toContain('--name=-x')
    expect(script(imgfetch({ name: facts.serial }, 'http://h/').orEnd()).text).toContain(
      '--name=${serial}',
    )
  })

  it('of a heading is all text, and of an entry follows its name', () => {
    expect(script(menu('T'), item({ gap: true }, '- tools -').orEnd()).text).toContain(
      'item --gap -- - tools -',
    )
  })
})

describe('URIs', () => {
  it('get :uristring for values that the network or the machine sets', () => {
    const made = uri`http://h/${facts.serial}?mac=${facts.mac}&n=${setting('n', 'int32')}`
    expect(String(made)).toBe('http://h/${serial:uristring}?mac=${mac}&n=${n}')
  })

  it('take a setting as it stands when told so, or when it holds a URI', () => {
    expect(String(uri`${setting('base', 'uri')}/x/${setting('path').raw()}`)).toBe(
      '${base}/x/${path}',
    )
  })

  it('percent-encode strings, but not the base they begin with', () => {
    expect(String(uri`${'http://h:80/a'}/${'b c/d'}`)).toBe('http://h:80/a/b%20c%2Fd')
    expect(String(uri`${new URL('http://h/x?y=z')}`)).toBe('http://h/x?y=z')
  })

  it('written as strings keep their letters; what no script can say is percent-encoded', () => {
    expect(script(kernel('http://h/a b/ü/${x\\').orEnd()).text).toContain(
      'kernel http://h/a%20b/%C3%BC/%24{x%5C\n',
    )
  })
})

describe('times and numbers', () => {
  it('are seconds for sleep and milliseconds elsewhere', () => {
    expect(script(sleep(seconds(5)).orIgnore()).text).toContain('sleep 5 ||')
    expect(script(imgfetch({ timeout: seconds(5) }, 'http://h/').orEnd()).text).toContain(
      '--timeout 5000 ',
    )
  })

  it('are stored with their type, which inc needs', () => {
    const n = setting('n', 'int32')
    expect(script(set(n, 0), inc(n).orEnd()).text).toBe('#!ipxe\nset n:int32 0\ninc n\n')
  })
})

describe('comments and interfaces', () => {
  it('are written as they are', () => {
    expect(script(comment('why'), ifopen(net('X')).orEnd()).text).toBe(
      '#!ipxe\n# why\nifopen netX\n',
    )
  })
})
