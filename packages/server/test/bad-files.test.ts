import { execFileSync } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { formatIssue } from '../src/config/format.ts'
import { loadFile } from '../src/load/load.ts'
import { temporaryFolder, writeFiles } from './support.ts'

const saidOf = async (folder: string, name = 'boot.yaml'): Promise<string[]> => {
  const loaded = await loadFile(join(folder, name))
  return loaded.ok
    ? []
    : loaded.issues.map((each) => formatIssue(each).replaceAll(`${folder}/`, ''))
}

const said = async (content: string | Buffer): Promise<string[]> => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'boot.yaml'), content)
  return saidOf(folder)
}

describe('a configuration file that is none', () => {
  it('is a FIFO or a device: it is not waited for', async () => {
    const folder = temporaryFolder()
    execFileSync('mkfifo', [join(folder, 'boot.yaml')])
    symlinkSync('/dev/zero', join(folder, 'zero.yaml'))
    const sentence = 'it is a pipe, a socket or a device; name a regular file'
    expect(await saidOf(folder)).toEqual([`boot.yaml: ${sentence}`])
    expect(await saidOf(folder, 'zero.yaml')).toEqual([`zero.yaml: ${sentence}`])
  })

  it('is no UTF-8: the line is told, in a template too', async () => {
    expect(
      await said(Buffer.from('vars: {}\nprofiles:\n  b\xFCro: { local: true }\n', 'latin1')),
    ).toEqual(['boot.yaml: line 3 is no UTF-8 (byte 0xfc); save the file as UTF-8'])
    const folder = temporaryFolder()
    writeFiles(folder, {
      'boot.yaml':
        'profiles: { a: { kernel: "http://h/k", answers: { ks: { template: t.ks } } } }\n',
    })
    writeFileSync(join(folder, 't.ks'), Buffer.from('text\n# b\xFCro\n', 'latin1'))
    const [sentence] = await saidOf(folder)
    expect(sentence).toContain('cannot read t.ks: line 2 is no UTF-8 (byte 0xfc)')
    expect(await said(Buffer.from('\uFEFFmachines: {}\n', 'utf16le'))).toEqual([
      'boot.yaml: it is no text; is it the right file?',
    ])
    expect(await said('\uFEFFmachines: {}\n')).toEqual([])
  })

  it('is nested so deep that nobody wrote it: one sentence', async () => {
    expect(await said('['.repeat(20_000))).toEqual([
      expect.stringContaining('brackets or lines are nested too deep'),
    ])
  })

  it.each([
    ['a: b: c', '1:4: two ": " on one line; quote the value if it is one text'],
    [
      'profiles: [\n  a:\n   - b\n',
      '3:4: a block of lines begins between [ ] or { }; close them first, or quote the text',
    ],
    [
      'x-a: 1',
      '1:1: unknown key "x-a"; merge keys and extensions are not read: profiles share parts by `extends`, machines by groups and `vars`',
    ],
    [
      'profiles: { p: { <<: x } }',
      '1:18: unknown key "<<"; merge keys and extensions are not read: profiles share parts by `extends`, machines by groups and `vars`',
    ],
    [
      'machines: { "Büro PC": { mac: "52:54:00:00:00:01" } }',
      '1:13: the name "Büro PC" must be 1 to 63 letters, digits, blanks, `.`, `_` or `-`',
    ],
    ['vars: { root-disk: x }', '1:9: the name "root-disk" must be a name such as `root_disk`'],
  ])('%j is told in our words', async (content, sentence) => {
    expect((await said(content))[0]).toBe(`boot.yaml:${sentence}`)
  })

  it('has sections without entries: they are empty', async () => {
    expect(await said('profiles:\nmachines:\n  # a: {}\ngroups:\nvars:\n')).toEqual([])
    expect((await said('machnes:\n'))[0]).toContain(
      'unknown key "machnes"; did you mean "machines"?',
    )
    expect((await said('assets:\n'))[0]).toContain('assets: saw null')
  })

  it.each([
    ['ff:ff:ff:ff:ff:ff', 'is the broadcast address'],
    ['01-00-5E-00-00-01', 'is a multicast address'],
    ['000000000000', 'is what a card without an address says'],
  ])('names a machine by %s, which is none', async (mac, why) => {
    const sentence = `"${mac}" ${why}, and of no machine; write its own`
    expect(await said(`machines: { a: { mac: "${mac}", profile: local } }`)).toEqual([
      expect.stringContaining(sentence),
    ])
    expect(
      await said(
        `groups: [{ name: g, match: { mac: ["52:54:00:00:00:01", "${mac}"] }, profile: local }]`,
      ),
    ).toEqual([expect.stringContaining(sentence)])
  })
})
