import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { contains, parseCidr } from '../src/decide/cidr.ts'
import { evaluate, rankOf } from '../src/decide/match.ts'
import { compilePattern } from '../src/decide/pattern.ts'
import { RuleIndex } from '../src/decide/rules.ts'
import { normalizeFact, normalizeMac, normalizeMacPrefix, type Facts } from '../src/model/facts.ts'
import type { Clause } from '../src/model/rule.ts'
import type { Rule } from '../src/model/rule.ts'

const is = (fact: string, value: string): Clause => ({ fact, test: { op: 'is', value } })
const prefix = (fact: string, value: string): Clause => ({ fact, test: { op: 'prefix', value } })
const known = (values: Facts['known'], final = false): Facts => ({ known: values, final })

describe('facts', () => {
  it('take every common spelling of a hardware address', () => {
    for (const text of [
      '52:54:00:AB:cd:01',
      '52-54-00-ab-cd-01',
      '5254.00ab.cd01',
      '525400abcd01',
    ]) {
      expect(normalizeMac(text)).toBe('52:54:00:ab:cd:01')
    }
    expect(normalizeMac('52:54:00:ab:cd')).toBeUndefined()
    expect(normalizeMacPrefix('52-54-0')).toBe('52:54:0')
  })

  it('lose the blanks and control characters that firmware leaves in them', () => {
    expect(normalizeFact('serial', ' ABC\u0000\u0000 ')).toBe('ABC')
    expect(normalizeFact('serial', '\u0000')).toBeUndefined()
  })
})

describe('a network', () => {
  it('contains the addresses of its range', () => {
    const cidr = parseCidr('10.1.2.3/8')
    expect(cidr && contains(cidr, '10.255.0.1')).toBe(true)
    expect(cidr && contains(cidr, '11.0.0.1')).toBe(false)
    expect(cidr && contains(cidr, '::ffff:10.0.0.9')).toBe(true)
  })

  it('is refused when it is malformed', () => {
    for (const text of ['10.0.0.0/33', '10.0.0/8', '10.0.0.256/8', '', '10.0.0.0/8/9']) {
      expect(parseCidr(text)).toBeUndefined()
    }
  })
})

describe('matching', () => {
  it('is undecided on a fact that is not known yet, never false', () => {
    expect(evaluate([is('serial', 's1')], known({ mac: 'x' })).outcome).toBe('undecided')
  })

  it('loses at once where another condition fails', () => {
    expect(evaluate([is('serial', 's1'), is('mac', 'y')], known({ mac: 'x' })).outcome).toBe('lost')
  })

  it('loses on a fact that is known to be absent, and when nobody will know more', () => {
    expect(evaluate([is('serial', 's1')], known({ serial: undefined })).outcome).toBe('lost')
    expect(evaluate([is('serial', 's1')], known({}, true)).outcome).toBe('lost')
  })

  it('does not look at case', () => {
    expect(evaluate([is('serial', 's1')], known({ serial: 'S1' })).outcome).toBe('won')
  })

  it('is satisfied by any of several values', () => {
    expect(evaluate([is('tag', 'db')], known({ tag: ['web', 'db'] })).outcome).toBe('won')
  })

  it('ranks one machine over many facts, many facts over one, and exact over prefix over pattern', () => {
    const ranks = [
      [is('mac', 'x')],
      [is('product', 'x'), is('firmware', 'efi')],
      [is('product', 'x')],
      [prefix('mac', '52:54:00')],
      [prefix('mac', '52:54')],
      [{ fact: 'serial', test: { op: 'regex', source: 'x' } } as const],
    ].map(rankOf)
    expect(ranks).toEqual(ranks.toSorted((a, b) => b - a))
    expect(new Set(ranks).size).toBe(ranks.length)
  })
})

const VALUES = ['a', 'ab', 'abc', 'b', 'ba']
const FACTS = ['mac', 'serial', 'product', 'firmware']
const clause: fc.Arbitrary<Clause> = fc.record({
  fact: fc.constantFrom(...FACTS),
  test: fc.oneof(
    fc.record({ op: fc.constant('is' as const), value: fc.constantFrom(...VALUES) }),
    fc.record({ op: fc.constant('prefix' as const), value: fc.constantFrom(...VALUES) }),
    fc.record({ op: fc.constant('regex' as const), source: fc.constantFrom('^a', 'b$') }),
    fc.record({ op: fc.constant('in' as const), values: fc.subarray(VALUES, { minLength: 1 }) }),
  ),
})
const facts: fc.Arbitrary<Facts> = fc.record({
  final: fc.boolean(),
  known: fc.dictionary(
    fc.constantFrom(...FACTS),
    fc.option(fc.oneof(fc.constantFrom(...VALUES), fc.subarray(VALUES)), { nil: undefined }),
  ),
})

describe('the index of rules', () => {
  it('decides as a look at every rule in order of rank would', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(clause, { minLength: 1, maxLength: 3 }), { maxLength: 20 }),
        facts,
        (lists, given) => {
          const rules = lists
            .map((clauses, i): Rule => ({
              name: `r${i}`,
              kind: 'group',
              clauses,
              rank: rankOf(clauses),
            }))
            .toSorted((a, b) => b.rank - a.rank)
          const index = new RuleIndex()
          index.add(rules)
          const first = rules.find((rule) => evaluate(rule.clauses, given).outcome !== 'lost')
          const choice = index.choose(given)
          expect(choice.outcome === 'none' ? undefined : choice.rule.name).toBe(first?.name)
          expect(choice.outcome).toBe(first ? evaluate(first.clauses, given).outcome : 'none')
          const told = index.explain(given, 1000)
          expect(
            told.find(({ outcome }) => outcome === 'won' || outcome === 'undecided')?.rule,
          ).toBe(first?.name)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('a pattern', () => {
  it.each([
    ['^(\\w+\\s?)*$', 'a'],
    ['(a+)+$', 'a'],
    ['(a|a)*$', 'a'],
    ['(.*a){20}$', 'a'],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'],
  ])('%s answers a hostile value at once', (source, letter) => {
    const pattern = compilePattern(source)
    const started = performance.now()
    for (let length = 1; length <= 255; length++) pattern.test(`${letter.repeat(length)}!`)
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it.each([
    ['^PowerEdge R6[45]0$', 'poweredge r650', true],
    ['\\d{2}', 'a1b22', true],
    ['^x$', 'ax', false],
    ['(?<name>\\w+)-\\u{e9}', 'ab-É', true],
    ['[^\\s]+\\.lan$', 'web1.lan', true],
  ])('%s on %s is %s, as in JavaScript', (source, value, expected) => {
    expect(compilePattern(source).test(value)).toBe(expected)
    expect(new RegExp(source, 'iu').test(value)).toBe(expected)
  })

  it.each(['(?=a)b', 'a(?!b)', '(?<=a)b', '(a)\\1', '(?<n>a)\\k<n>'])(
    '%s is refused with what to write instead',
    (source) => {
      expect(() => compilePattern(source)).toThrow(/write it without look-around/)
    },
  )

  it.each(['(', '[', 'a{2,1}', '*'])('%s is refused as no pattern', (source) => {
    expect(() => compilePattern(source)).toThrow(/is no pattern/)
  })

  it('matches what JavaScript matches', { timeout: 30_000 }, () => {
    const atom = fc.constantFrom(
      'a',
      'B',
      '1',
      '.',
      '\\d',
      '\\w',
      '\\s',
      '[a-c]',
      '[^b]',
      '\\.',
      '\\b',
      '\\x41',
      'é',
      '\\u{df}',
    )
    const piece = fc
      .tuple(atom, fc.constantFrom('', '*', '+', '?', '{1,2}', '*?'))
      .map(([one, many]) => (one === '\\b' ? one : one + many))
    const pattern = fc
      .tuple(
        fc.constantFrom('', '^'),
        fc.array(piece, { minLength: 1, maxLength: 5 }),
        fc.constantFrom('', '$'),
        fc.array(piece, { maxLength: 3 }),
      )
      .map(([start, first, end, second]) =>
        second.length === 0
          ? `${start}${first.join('')}${end}`
          : `${start}(?:${first.join('')}|(${second.join('')}))${end}`,
      )
    const value = fc.string({
      unit: fc.constantFrom('a', 'b', 'B', 'C', '1', ' ', '.', 'é', 'É', 'ß', 'A', '\n'),
      maxLength: 12,
    })
    fc.assert(
      fc.property(pattern, value, (source, text) => {
        expect(compilePattern(source).test(text)).toBe(new RegExp(source, 'iu').test(text))
      }),
      { numRuns: 1000 },
    )
  })
})
