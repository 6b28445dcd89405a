import { describe, expect, it } from 'vitest'

import { generate, judgeRegex, lintSquidConf, lintStoreIdDb, type Finding } from '../src/index.ts'
import { emulate, runnable } from '../src/storeid-db/emulate.ts'
import { parseStoreIdDb } from '../src/storeid-db/parse.ts'

const codes = (findings: readonly Finding[]): string[] =>
  findings.map(({ line, code }) => `${line} ${code}`)

const ONE_LINER =
  '\\/([0-9\\.\\-]+)\\/([a-z]+)\\/(x86_64|i386)\\/(.*\\.d?rpm)\thttp://rpmcache.squid.internal/$1/$2/$3/$4'

describe('lint of a storeid.db', () => {
  it.each([
    ['x    y', ['1 missing-tab']],
    ['a\tb\tc', ['1 too-many-tabs']],
    ['# words', ['1 comment']],
    ['#a\tb', ['1 live-comment']],
    ['^http://a\\.b/(x\tk/$1', ['1 bad-regex', '1 not-judged']],
    ['^http://a\\.b/([^ ]*\\.rpm)$\thttp://v.x/$1', ['1 dead-anchor']],
    ['^http://a\\.b/([a-z]*)(?=\\s|$)\thttp://v.x/$10', ['1 capture-ten']],
    ['^http://a\\.b/(.*)\thttp://v.x/$1', ['1 broad']],
    ['^http://[^/]+/([a-z]*\\.rpm)(?=\\s|$)\thttp://v.x/$1', ['1 any-host']],
    ['^http://a.b/([a-z]*\\.rpm)(?=\\s|$)\thttp://v.x/$1', ['1 unescaped-dot']],
    ['^http://a\\.b/([a-z]*\\.rpm)\thttp://v.x/$1', ['1 no-end-anchor']],
    ['^http://a\\.b/(a+)+(?=\\s|$)\thttp://v.x/$1', ['1 backtracking']],
    // Rules that work: what follows the `$` or the choice takes the extras in.
    ['^http://example\\.com/test/.*$\thttp://k.x/test/', ['1 no-end-anchor', '1 broad']],
    ['^http://c\\.b/([^\\s]+\\.deb)(\\s|$)\thttp://v.x/$1', []],
    ['^http://d\\.b/(\\S+\\.deb)(?:\\s.*)?$\thttp://v.x/$1', []],
    ['^http://b\\.b/(.*\\.rpm)( |$)\thttp://v.x/$1', []],
    ['^http://b\\.b/[^/]+/cvmfs/(.*)$\thttp://v.x/$1', ['1 broad']],
    ['', []],
    ['#', []],
  ])('finds in %j: %j', (text, expected) => {
    expect(codes(lintStoreIdDb(text))).toEqual(expected)
  })

  it('names what is wrong with the copied one-liner', () => {
    expect(codes(lintStoreIdDb(ONE_LINER))).toEqual([
      '1 no-start-anchor',
      '1 no-end-anchor',
      '1 no-vendor',
      '1 quadratic',
    ])
  })

  it('rewrites a dead rule where that is safe, and only there', () => {
    const [dead] = lintStoreIdDb('^http://a\\.b/(.*\\.rpm)$\thttp://v.x/$1')
    expect(dead!.instead).toBe('^https?://a\\.b/([^\\s?#]*\\.rpm)(?=\\s|$)\thttp://v.x/$1')
    expect(lintStoreIdDb(dead!.instead!)).toEqual([])
    expect(lintStoreIdDb('^http://a\\.b/.*\\.rpm$\thttp://v.x/k')[0]!.instead).toBeUndefined()
    expect(lintStoreIdDb('^http://a\\.b/(.*)\thttp://v.x/$1')[0]!.instead).toBeUndefined()
  })

  it('has no fault to find with what generate writes', () => {
    // The others, and all of the snapshot's mirrors: prove, part "expressions".
    const db = generate({ snapshot: false, use: ['arch', 'npm', 'crates', 'go'] }).files[
      'storeid.db'
    ]!
    expect(lintStoreIdDb(db)).toEqual([])
  }, 60_000)
})

const answer = (db: string, subject: string): string | undefined =>
  emulate(runnable(parseStoreIdDb(db).rows), subject)?.key

describe('the emulation of the stock helper', () => {
  it('substitutes one capture after the other, on what it has put in already', () => {
    expect(answer('^http://inj/(.*?)/(\\S*)\tk/$1/$2', 'http://inj/$2/SECRET x')).toBe(
      'k/SECRET/SECRET',
    )
    expect(answer('^(a)(b)?c\t$1-$2-', 'ac')).toBe('a--')
    expect(answer('^a\tk/$1', 'a')).toBe('k/1')
    expect(answer('(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)\t$10', 'abcdefghij')).toBe('a0')
  })
})

describe('the judgement of an expression', () => {
  it.each([
    ['^http://[a-z.]+/[a-z]+\\.rpm(?=\\s|$)', 1],
    ['^(?:[a-z]+/)*[a-z]+\\.rpm$', 1],
    ['.*x$', 2],
    ['^.*a.*b$', 2],
    ['[^\\?]\\/vlc\\/.*\\/(vlc.*\\.exe)', 3],
    ['(.*?)\\/([0-9].*?)\\/(.*?)\\.*(zip|exe|msi)', 5],
    ['^(a+)+$', Number.POSITIVE_INFINITY],
    ['^(a|a)*$', Number.POSITIVE_INFINITY],
    ['^(a)\\1', undefined],
  ])('%s has degree %s', (regex, degree) => {
    expect(judgeRegex(regex).degree).toBe(degree)
  })
})

describe('lint of a squid.conf', () => {
  it('has nothing to say about what generate writes', () => {
    expect(lintSquidConf(generate().files['squid.conf']!)).toEqual([])
  })

  it.each([
    ['http_access allow all\nhttp_access deny all', ['1 allow-all']],
    ['http_access allow localnet', ['1 no-deny-all']],
    ['refresh_pattern \\d+\\.rpm$ 0 0% 0', ['1 posix-escape']],
    ['acl x urlpath_regex (?:a)', ['1 posix-group']],
    [
      'refresh_pattern . 0 0% 600000 ignore-no-cache ignore-reload ignore-private',
      ['1 obsolete', '1 ignore-reload', '1 ignore-private', '1 too-long'],
    ],
    ['store_id_bypass on\nstore_id_children 5', ['1 bypass', '2 concurrency', '2 overload']],
    [
      '# x\nstore_id_program /x',
      ['2 bypass', '2 concurrency', '2 small-objects', '2 redirect-loop'],
    ],
    ['hierarchy_stoplist cgi', ['1 obsolete']],
  ])('finds in %j: %j', (text, expected) => {
    expect(codes(lintSquidConf(text))).toEqual(expected)
  })
})
