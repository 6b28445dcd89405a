import { symlinkSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { loadFile } from '../src/load/load.ts'
import { problems, temporaryFolder, writeFiles } from './support.ts'

describe('every error at once', () => {
  it('reports what does not fit together beside what has the wrong shape, in order of position', async () => {
    const found = await problems(`
profiles:
  broken: { kernel: 3, args: quiet }
  child: { extends: broken }
  loop: { extends: loop }
  good: { local: true, once: { after: nowhere } }
machines:
  one: { mac: "52:54:00:00:00:01", profile: missing }
  two: { mac: zz, profile: absent }
groups:
  - { name: a, match: { serial: { regex: "(" } }, profile: broken }
  - { name: b, match: { seriel: x }, profile: child }
  - { name: c, match: { ip: { cidr: 10.0.0.0/99 } }, profile: gone }
secrets:
  s: { env: BOOTWIRE_NO_SUCH }
ipxe: { bios: nofile.kpxe }`)
    expect(found.map((each) => each.replace(/;.*/, ''))).toEqual([
      '3:21: profiles.broken.kernel: saw 3',
      '5:20: profile "loop" extends itself',
      '6:39: there is no profile "nowhere"',
      '8:45: there is no profile "missing"',
      '9:15: machines.two.mac: saw "zz"',
      '9:28: there is no profile "absent"',
      '11:42: /(/ is no pattern: Unterminated group',
      '12:25: unknown key "seriel"',
      '13:37: "10.0.0.0/99" is no IPv4 network',
      '13:63: there is no profile "gone"',
      '15:13: the environment has no BOOTWIRE_NO_SUCH',
      '16:15: there is no file /nonexistent/nofile.kpxe',
    ])
  })

  it('places what follows a misshapen item of a list at its own line', async () => {
    const found = await problems(`
groups:
  - 3
  - { name: b, match: { serial: x }, profile: gone }`)
    expect(found).toHaveLength(2)
    expect(found[1]).toMatch(/^4:47: there is no profile "gone"/)
  })

  it.each([
    ['a section of the wrong shape', 'profiles: 3\nunknown: { after: any }', 1],
    ['a profile of the wrong shape', 'profiles: { a: 3 }\nunknown: { after: a }', 1],
    ['a kernel of the wrong shape', 'profiles: { a: { kernel: 3, args: quiet } }', 1],
    ['a mistyped target', 'profiles: { a: { locl: true }, b: { extends: a } }', 1],
    ['a parent that there is not', 'profiles: { a: { extends: b } }', 1],
    ['menu items of the wrong shape', 'profiles: { a: { menu: { items: 3, default: x } } }', 1],
    ['an assets folder that there is not', 'assets: no\nprofiles: { a: { kernel: k } }', 1],
    ['a misshapen assets folder', 'assets: 3\nprofiles: { a: { kernel: k } }', 1],
    [
      'a condition of the wrong shape',
      `profiles: { a: { local: true } }
groups:
  - { name: x, match: { firmware: efi }, profile: a }
  - { name: y, match: { firmware: efi, zzzzzz: 1 }, profile: a }`,
      1,
    ],
    [
      'a refused address',
      `profiles: { a: { local: true } }
groups:
  - { name: x, match: { firmware: efi, mac: 1 }, profile: a }
  - { name: y, match: { firmware: efi, mac: 2 }, profile: a }`,
      2,
    ],
  ])('makes no noise after %s', async (_what, yaml, count) => {
    expect(await problems(yaml)).toHaveLength(count)
  })

  it('names what is inherited once, where it stands', async () => {
    const found = await problems(`
profiles:
  a: { kernel: "http://h/k", args: ["{{ x"], answers: { ks: { template: no.ks } } }
  b: { extends: a }
  c: { extends: b, args: [quiet] }`)
    expect(found).toHaveLength(2)
    expect(found.every((each) => each.startsWith('3:'))).toBe(true)
  })

  it('lets a profile that others extend hold only what they have in common', async () => {
    expect(
      await problems(
        'profiles: { base: { args: quiet }, a: { extends: base, kernel: "http://h/k" } }',
      ),
    ).toEqual([])
  })

  it.each([
    ['525400123456', '2:22: machines.m.mac: saw 525400123456; .*; put it in quotes'],
    ['[525400123456]', '2:22: machines.m.mac: saw .*; put it in quotes'],
    // YAML knows 5254 times ten to the 123456.
    ['5254e0123456', '2:22: machines.m.mac: saw Infinity; .*; put it in quotes'],
    [
      'zz',
      '2:22: machines.m.mac: saw "zz"; must be a hardware address such as "52:54:00:12:34:56"$',
    ],
  ])('tells to quote a hardware address that YAML reads as a number: %s', async (mac, expected) => {
    const found = await problems(
      `profiles: { a: { local: true } }\nmachines: { m: {mac: ${mac}, profile: a } }`,
    )
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(new RegExp(expected))
  })

  it('tells a group to quote a hardware address of which YAML lost digits', async () => {
    const found = await problems(
      'profiles: { a: { local: true } }\ngroups: [{ name: g, match: { mac: 001122334455 }, profile: a }]',
    )
    expect(found).toEqual([
      '2:35: 1122334455 is a number, and no hardware address; put it in quotes: "52:54:00:12:34:56"',
    ])
  })

  it('says of a folder that it is no file', async () => {
    const folder = temporaryFolder()
    writeFiles(folder, { 'assets/dir/x': '' })
    const found = await problems('assets: assets\nprofiles: { a: { kernel: dir } }', folder)
    expect(found).toEqual([`2:26: ${folder}/assets/dir is a folder, not a file`])
  })
})

describe('a configuration file that cannot be read', () => {
  it('is named once, with what to do', async () => {
    expect(await loadFile('/nonexistent/boot.yaml')).toEqual({
      ok: false,
      issues: [
        {
          code: 'no-file',
          file: '/nonexistent/boot.yaml',
          path: [],
          message: 'there is no such file; bootwire init /nonexistent/boot.yaml writes one',
        },
      ],
    })
  })

  it('is no folder', async () => {
    const loaded = await loadFile(temporaryFolder())
    expect(loaded).toMatchObject({ issues: [{ message: 'it is a folder; name the file in it' }] })
  })
})

describe('what people get wrong in YAML', () => {
  it.each([
    ['a tab', 'profiles:\n\ta: 1', /^2:1: a tab begins this line/],
    ['indentation', 'profiles:\n  a: {}\n b: {}', /^3:\d: this line is indented otherwise/],
    ['a key given twice', 'vars: {}\nvars: {}', /^2:1: this key is given twice/],
    ['an alias without its anchor', 'vars:\n  a: *nowhere', /^2:6: there is no anchor "&nowhere"/],
    ['an anchor that holds itself', 'vars: &a\n  b: *a', /^\d:\d: /],
    ['a template that is not quoted', 'vars:\n  a: {{ mac }}', /^2:7: .*quote values/],
    ['two documents', 'vars: {}\n---\nvars: {}', /^2:1: a second document/],
    ['a binary file', '\u007fELF\0\0', /^1:1: this is no text/],
    ['a list', '- a', /^1:1: the file: saw \["a"\]; must be a map/],
    [
      'a number for an address',
      'machines: { m: { mac: 525400123456 } }',
      /must be a hardware address/,
    ],
  ])('%s is said in plain words, with its place', async (_what, yaml, message) => {
    const [first, ...more] = await problems(yaml)
    expect(first).toMatch(message)
    expect(more).toEqual([])
  })

  it('does not slow down with the number of keys of one map', async () => {
    const machines = Array.from({ length: 20_000 }, (_, i) => `  m${i}: { serial: s${i} }`)
    const started = performance.now()
    expect(await problems(`machines:\n${machines.join('\n')}`)).toEqual([])
    expect(performance.now() - started).toBeLessThan(15_000)
  }, 30_000)
})

describe('what lies below the assets', () => {
  const base = { 'boot.yaml': '', 'a/secret': 'S', 'a/x.ks': 'text', 'a/linux': '' }
  it.each([
    ['assets: .', 'the configuration'],
    ['assets: a\nsecrets: { s: { file: a/secret } }', 'the secret'],
    ['assets: a\nserver: { data: a/data }', 'the data folder'],
    [
      'assets: a\nprofiles: { p: { kernel: linux, answers: { ks: { template: a/x.ks } } } }',
      'the template or script',
    ],
    ['assets: link\nsecrets: { s: { file: a/secret } }', 'the secret'],
  ])('is served to anybody, so %j is refused', async (yaml, what) => {
    const folder = temporaryFolder()
    writeFiles(folder, base)
    symlinkSync(join(folder, 'a'), join(folder, 'link'))
    const found = await problems(yaml, folder)
    expect(found.join('\n')).toContain(what)
    expect(found.join('\n')).toContain('lies below the assets folder')
  })

  it.each(['.git/config', 'linux~', '#linux#', 'linux.bak'])(
    'is never sent by the name %s, so a profile may not name it',
    async (name) => {
      const folder = temporaryFolder()
      writeFiles(folder, { [`a/${name}`]: '' })
      const yaml = `assets: a\nprofiles: { p: { kernel: ${JSON.stringify(name)} } }`
      expect((await problems(yaml, folder))[0]).toContain('a name that is never sent')
    },
  )
})
