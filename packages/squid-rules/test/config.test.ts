import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import {
  ERROR_CODES,
  generate,
  LINT_CODES,
  SNAPSHOT,
  SquidRulesError,
  validate,
  type Options,
} from '../src/index.ts'
import { parseLocatedJson } from '../src/options/json.ts'
import { readOptions } from '../src/options/read.ts'

const found = (value: unknown): string[] =>
  validate(value).map(({ path, code, severity }) => `${severity} ${path.join('.')} ${code}`)

const own = (rest: object): object => ({
  repositories: [{ name: 'acme', mirrors: ['rpm.acme.example/el9'], ...rest }],
})

describe('validate', () => {
  it('has nothing to say about no options, and about a repository in a few lines', () => {
    expect(validate({})).toEqual([])
    expect(validate(own({ layout: 'yum', signing: 'acme-2024' }))).toEqual([])
  })

  it.each<[string, unknown, string[]]>([
    ['no object', 7, ['error  ERR_SQUID_TYPE']],
    ['an unknown key', { modus: 'path' }, ['error modus ERR_SQUID_UNKNOWN_KEY']],
    ['an unknown vendor', { use: ['debain'] }, ['error use.0 ERR_SQUID_VENDOR']],
    [
      'a mirror that is none',
      { mirrors: { debian: ['http://a b/'] } },
      ['error mirrors.debian.0 ERR_SQUID_MIRROR'],
    ],
    [
      'a repository without mirrors',
      { repositories: [{ name: 'x', mirrors: [] }] },
      ['error repositories.0.mirrors ERR_SQUID_MISSING'],
    ],
    [
      'a name of the catalogue',
      { repositories: [{ name: 'debian', mirrors: ['a.example/x'], layout: 'apt' }] },
      ['error repositories.0.name ERR_SQUID_NAME'],
    ],
    ['no rule that gives a key', own({}), ['error repositories.0 ERR_SQUID_MISSING']],
    [
      'a bad pattern',
      own({ rules: [{ id: 'a', class: 'versioned', path: '<a><b>' }] }),
      ['error repositories.0.rules.0 ERR_SQUID_PATTERN'],
    ],
    [
      'a wildcard in a key',
      own({ rules: [{ id: 'a', class: 'versioned', path: '**/<f>.rpm' }] }),
      ['error repositories.0.rules.0 ERR_SQUID_MERGES'],
    ],
    [
      'a key that leaves a name out',
      own({ rules: [{ id: 'a', class: 'versioned', path: '<d:path>/<f>.rpm', key: '<f>.rpm' }] }),
      ['warning repositories.0.rules.0.key ERR_SQUID_MERGES'],
    ],
    [
      'a key with a name that is not there',
      own({ rules: [{ id: 'a', class: 'versioned', path: '<f>.rpm', key: '<g>' }] }),
      ['error repositories.0.rules.0 ERR_SQUID_KEY'],
    ],
    [
      'two rules for one key',
      own({
        rules: [
          { id: 'a', class: 'versioned', path: 'x/<f>.rpm', key: '<f>.rpm' },
          { id: 'b', class: 'versioned', path: 'y/<f>.rpm', key: '<f>.rpm' },
        ],
      }),
      ['warning repositories.0.rules.1 ERR_SQUID_COLLISION'],
    ],
    [
      'a mirror inside another',
      own({ mirrors: ['ftp.de.debian.org/debian/pool'], layout: 'apt' }),
      ['warning repositories.0.mirrors.0 ERR_SQUID_COLLISION'],
    ],
    ['pinned without origins', { mode: 'pinned' }, ['error origins ERR_SQUID_PIN']],
    [
      'an origin for nobody',
      { mode: 'pinned', origins: { nobody: 'http://a.example' } },
      ['error origins.nobody ERR_SQUID_VENDOR'],
    ],
    [
      'everyone as client',
      { cache: { clients: ['all'] } },
      ['error cache.clients.0 ERR_SQUID_UNSAFE'],
    ],
    [
      'a line that allows all',
      { cache: { extra: ['http_access allow all'] } },
      ['error cache.extra.0 ERR_SQUID_UNSAFE'],
    ],
    [
      'ignore-reload',
      { cache: { extra: ['refresh_pattern . 0 0% 0 ignore-reload'] } },
      ['error cache.extra.0 ERR_SQUID_UNSAFE'],
    ],
    [
      'an obsolete option',
      { cache: { extra: ['refresh_pattern . 0 0% 0 ignore-auth'] } },
      ['error cache.extra.0 ERR_SQUID_OBSOLETE'],
    ],
    [
      'an accelerator without sites',
      { cache: { proxy: 'accelerator' } },
      ['error cache.sites ERR_SQUID_MISSING'],
    ],
    [
      'aufs for workers',
      { cache: { storage: 'aufs', workers: 2 } },
      ['error cache.storage ERR_SQUID_VALUE'],
    ],
    [
      'two lines in one',
      { cache: { extra: ['a\nhttp_access allow all'] } },
      ['error cache.extra.0 ERR_SQUID_VALUE'],
    ],
  ])('finds %s', (_, value, expected) => {
    expect(found(value)).toEqual(expected)
  })

  it('takes what is unsafe when it is told twice', () => {
    expect(validate({ cache: { clients: ['all'], accept: ['allow-all'] } })).toEqual([])
    expect(
      validate({
        cache: { extra: ['refresh_pattern . 0 0% 0 ignore-reload'], accept: ['ignore-reload'] },
      }),
    ).toEqual([])
  })

  it('guesses what was meant', () => {
    expect(validate({ mirors: {} })[0]!.message).toBe(
      'unknown key "mirors"; did you mean "mirrors"?',
    )
    expect(validate({ use: ['debain'] })[0]!.message).toContain('did you mean "debian"?')
  })
})

const conf = (options: Options): string => generate(options).files['squid.conf']!

describe('generate', () => {
  it('throws the first issue', () => {
    expect(() => generate({ use: ['nobody'] })).toThrow(SquidRulesError)
  })

  it('has no option that an older Squid does not know', () => {
    expect(conf({ cache: { version: '3.5' } })).not.toContain('on-persistent-overload')
    expect(conf({ cache: { version: '6' } })).toContain('on-persistent-overload=ERR')
  })

  it('spares Squid the extras that no rule looks at', () => {
    expect(conf({})).toContain('\nstore_id_extras ""\n')
    const origins = { debian: 'http://a.example/debian' }
    expect(conf({ mode: 'pinned', origins })).toContain('\nurl_rewrite_extras ""\n')
  })

  it('keeps to the grammar of the stock helper', () => {
    for (const line of generate().files['storeid.db']!.trimEnd().split('\n')) {
      const [regex = '', key = '', ...rest] = line.split('\t')
      expect(rest).toEqual([])
      expect(regex).toMatch(/^\^https\?:\/\/.*\(\?=\\s\|\$\)$/)
      expect(key).toMatch(/^http:\/\/[a-z0-9-]+\.pkg\.squid\.internal\/[a-z]+\/\S*\$[1-9]\S*$/)
      expect(key).not.toMatch(/\$\d\d/)
    }
  })

  it('writes a pinned set-up without keys', () => {
    const { files } = generate({ mode: 'pinned', origins: { debian: 'http://a.example/debian' } })
    expect(files['storeid.db']).toBeUndefined()
    expect(files['squid.conf']).toContain('url_rewrite_program')
    expect(files['squid.conf']).not.toMatch(/^store_id_program/m)
  })

  it('tells clients where the proxy is', () => {
    const { files } = generate({ cache: { port: 8888 } })
    expect(files['clients/dnf.conf']).toContain('proxy=http://cache.example:8888')
    expect(files['clients/apt.conf']).toContain(
      'Acquire::http::Proxy "http://cache.example:8888/";',
    )
    expect(files['clients/kickstart.cfg']).toContain('--proxy=http://cache.example:8888')
    expect(files['clients/preseed.cfg']).toContain(
      'mirror/http/proxy string http://cache.example:8888/',
    )
  })
})

describe('a rules file', () => {
  it('is JSON that knows its lines', () => {
    const { value, locate } = parseLocatedJson('{\n  "use": [\n    "debian",\n    "x\\n"\n  ]\n}\n')
    expect(value).toEqual({ use: ['debian', 'x\n'] })
    expect(locate(['use', 1])).toEqual({ line: 4, column: 5 })
    expect(locate(['nowhere'])).toEqual({ line: 1, column: 1 })
  })

  it.each([
    ['{', '1:2: the end of the file where text in double quotes is allowed'],
    ['{"a":1,}', '1:8: "}" where text in double quotes is allowed'],
    ['{"a" 1}', '1:6: "1" where a colon is allowed'],
    ['[1 2]', '1:4: "2" where a comma or "]" is allowed'],
    ['nope', '1:1: "n" where a value is allowed'],
    ['{} x', '1:4: "x" where nothing more is allowed'],
  ])('says of %j: %s', (text, message) => {
    expect(() => parseLocatedJson(text)).toThrow(message)
  })

  it('names file, line and column of what is wrong', async () => {
    const file = new URL('fixtures/wrong.json', import.meta.url).pathname
    await expect(readOptions(file)).rejects.toThrow(
      /wrong\.json:4:5: use\.1: "debain" is not in the catalogue; did you mean "debian"\?/,
    )
    await expect(readOptions(`${file}.mjs`)).rejects.toMatchObject({ code: 'ERR_SQUID_FILE' })
  })

  it('may be a module', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bootwire-squid-'))
    const file = join(folder, 'rules.mjs')
    writeFileSync(file, "export default { use: ['debian'] }")
    expect((await readOptions(file)).options).toEqual({ use: ['debian'] })
    rmSync(folder, { recursive: true })
  })
})

const read = (name: string): string =>
  readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8')
const rows = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, code]) => code!)

describe('the documentation', () => {
  it('has a row for every error code', () => {
    expect(rows(read('errors.md'), /^\| `(ERR_\w+)`/gm)).toEqual([...ERROR_CODES])
  })

  it('has a row for everything that lint can find', () => {
    expect(rows(read('lint.md'), /^\| `([a-z-]+)`/gm)).toEqual([...LINT_CODES])
  })

  it('names the day of the mirror snapshot', () => {
    expect(read('catalogue.md')).toContain(SNAPSHOT.taken)
  })

  it('names where the mirrors of every repository come from', () => {
    expect(Object.keys(SNAPSHOT.sources)).toEqual(Object.keys(SNAPSHOT.repositories))
  })
})

describe('the README', () => {
  it('has a first example that runs', async () => {
    const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    const code = /```js\n(.*?)```/s.exec(text)![1]!
    const folder = mkdtempSync(join(tmpdir(), 'bootwire-squid-'))
    const source = new URL('../src/index.ts', import.meta.url).href
    const file = join(folder, 'example.ts')
    const tail =
      "\nexport const key = engine.keyAt('http://mirror.lan/debian/pool/main/b/bash/bash_5.2-1_amd64.deb', 0)\nexport { files, issues }\n"
    writeFileSync(file, code.replace('@bootwire/squid-rules', source) + tail)
    const { key, files, issues } = await import(/* @vite-ignore */ file)
    rmSync(folder, { recursive: true })
    expect(issues).toEqual([])
    expect(Object.keys(files)).toContain('squid.conf')
    expect(text).toContain(`// '${key}'`)
  })
})
