import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { SquidRulesError } from '../src/errors.ts'
import {
  defaultKey,
  keyOf,
  newCaptures,
  newPath,
  parsePattern,
  planKey,
  scanPath,
  toMatcher,
  toRegex,
  toReplacement,
} from '../src/pattern/index.ts'
import { mayOverlap } from '../src/pattern/overlap.ts'

const matchBoth = (
  text: string,
  key: string | undefined,
  path: string,
): { engine?: string; regex?: string } => {
  const pattern = parsePattern(text)
  const plan = planKey(pattern, key ?? defaultKey(pattern))
  const scanned = newPath()
  const captures = newCaptures()
  const fits = scanPath(scanned, path, 0) && toMatcher(pattern)(scanned, 0, captures)
  const match = new RegExp(`^${toRegex(pattern, plan)}(?=\\s|$)`).exec(path)
  const replaced = toReplacement(plan).replaceAll(
    /\$(\d)/g,
    (_, digit: string) => match?.[Number(digit)] ?? '',
  )
  return {
    ...(fits && { engine: keyOf('', plan, path, captures) }),
    ...(match && { regex: replaced }),
  }
}

describe('a pattern', () => {
  it.each([
    [
      'pool/<dir:path>/<file><type:.deb|.udeb>',
      undefined,
      'pool/main/b/bash_1.udeb',
      'pool/main/b/bash_1.udeb',
    ],
    ['<r:major>/<repo:a|b>/<f>.rpm', '<r>/<repo>/<f>.rpm', '9.4/b/x.rpm', '9/b/x.rpm'],
    ['<r:major>/<f>.rpm', '<r>/<f>.rpm', '9/x.rpm', '9/x.rpm'],
    ['<c>/<v>/download', '<c>/<c>-<v>.crate', 'serde/1.0/download', 'serde/serde-1.0.crate'],
    ['x/<h:hex4>-<f>', 'sha/<h>-<f>', 'x/ab12-primary.xml', 'sha/ab12-primary.xml'],
    ['v<b:version>/<f>.apk', undefined, 'v3.18/a%2bb.apk', 'v3.18/a%2bb.apk'],
  ])('%s gives the same key by scanner and by expression', (text, key, path, expected) => {
    expect(matchBoth(text, key, path)).toEqual({ engine: expected, regex: expected })
  })

  it.each([
    ['<dir:path>/<f>.rpm', 'a/.x.rpm'],
    ['<dir:path>/<f>.rpm', 'a/../x.rpm'],
    ['<dir:path>/<f>.rpm', 'x.rpm'],
    ['<f>0.rpm', 'a%40.rpm'],
    ['<r:version>/<f>', '3..1/x'],
    ['<r:version>/<f>', '3./x'],
    ['<r:digits>/<f>', '3.1/x'],
    ['<f>.rpm', '.rpm'],
    ['<h:hex4>/<f>', 'AB12/x'],
  ])('%s matches %s neither way', (text, path) => {
    expect(matchBoth(text, undefined, path)).toEqual({})
  })

  it(
    'means the same to the scanner and to the expression, whatever the path (5,000 paths)',
    { timeout: 30_000 },
    () => {
      const patterns = [
        '<dir:path>/<f><t:.rpm|.drpm>',
        '<a:major>/<dir:path>/x/<f>',
        'p/<v:version>/<h:hex2>-<f>.<e:gz|xz>',
        '<f>-<e:a|b>',
        '*/<n:digits>/**/<f>'.replace('*', '<q>').replace('**', '<w:path>'),
      ]
      const piece = fc.constantFrom(
        'a',
        'b',
        '1',
        '9.4',
        '3.',
        '.',
        '..',
        '',
        'x',
        'p',
        '%2b',
        '%2F',
        '%',
        '.rpm',
        '.drpm',
        '-',
        'ab-',
        'é',
        '$1',
        '0a-c.gz',
        '@',
        '~',
        ' ',
      )
      const path = fc
        .array(
          fc.array(piece, { maxLength: 4 }).map((all) => all.join('')),
          { maxLength: 6 },
        )
        .map((all) => all.join('/'))
      fc.assert(
        fc.property(fc.constantFrom(...patterns), path, (text, each) => {
          const key = text.includes('major') ? '<a>/<dir>/x/<f>' : undefined
          const { engine, regex } = matchBoth(text, key, each)
          expect(engine).toBe(regex)
        }),
        { numRuns: 5000 },
      )
    },
  )

  it.each([
    ['', 'must not be empty'],
    ['/a', 'begin or end with a slash'],
    ['a//b', 'segment ""'],
    ['a/../b', 'segment ".."'],
    ['<a><b>', 'two pieces of variable length'],
    ['x<a:path>', 'shares its segment'],
    ['<a:path>/<b:path>', 'two path pieces'],
    ['<a>/<a>', 'used twice'],
    ['<a:major>x', 'something follows'],
    ['<f>.<t:rpm|drpm>', 'ends with another one'],
    ['<t:a|ab><f>', 'begins with another one'],
    ['.<f>', 'lone dot'],
    ['a/<x:unheard>', 'is not path'],
    ['a b', '" " in column 2'],
  ])('%j is refused: %s', (text, why) => {
    expect(() => parsePattern(text)).toThrow(why)
    expect(() => parsePattern(text)).toThrow(SquidRulesError)
  })

  it.each([
    ['<dir:path>/Release', 'pool/<dir:path>/<f>.deb', false],
    ['<dir:path>/Packages<s>', 'pool/<dir:path>/<f>.deb', true],
    ['a/<f>', 'b/<f>', false],
    ['<f>', '<a>/<b>', false],
    ['<a:path>', '<a>/<b>/<c>', true],
    ['<d:path>/x/<f>', '<a>/y/<f>', false],
  ])('%s and %s may meet: %s', (a, b, expected) => {
    expect(mayOverlap(parsePattern(a), parsePattern(b))).toBe(expected)
    expect(mayOverlap(parsePattern(b), parsePattern(a))).toBe(expected)
  })
})
