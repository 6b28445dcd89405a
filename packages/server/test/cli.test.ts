import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { capture } from '@bootwire-internal/cli/testing'
import { describe, expect, it } from 'vitest'

import { main } from '../src/commands/main.ts'
import { daemonFile } from '../src/host/data.ts'
import { createHttpApp } from '../src/http/app.ts'
import { serviceFor, temporaryFolder, writeFiles } from './support.ts'

const MAC = '52:54:00:00:00:01'
const YAML = `
profiles:
  a: { kernel: "http://h/k", once: true }
  b: { chain: "http://h/b" }
machines: { m: { mac: "${MAC}", profile: a } }`

/** Runs a command line in this process. */
const bootwire = async (...args: string[]) => {
  const { code, out, err } = await capture(main, args)
  return { code, out, err }
}

/** The HTTP side of a daemon that listens, and its data folder, by which commands find it. */
const daemon = async () => {
  const made = await serviceFor(YAML)
  const app = createHttpApp(made.service)
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  writeFiles(made.folder, { 'daemon.json': JSON.stringify({ pid: process.pid, base }) })
  return { ...made, app, base, options: ['--data-dir', made.folder] }
}

describe('the command line', () => {
  it.each([
    [['check'], 'FILE is missing: bootwire check FILE'],
    [['check', 'a', 'b'], '"b" is too much: bootwire check FILE'],
    [['init', 'a', 'b'], '"b" is too much: bootwire init [FILE]'],
    [['next', '--profile', 'a'], '--mac is missing'],
    [['next', '--mac', MAC], '--profile is missing'],
    [['forget', '--mac', 'zz'], '--mac zz is no hardware address'],
    [['explain', '--mac'], '--mac needs a value'],
    [['explain', '--arch', 'z80'], '--arch z80 is none of bios'],
    [['explain', '--stage', 'login'], '--stage login is not one of dhcp'],
    [['explain', '--label', 'x'], '--label x is not NAME=VALUE'],
    [['simulate', '--as', 'toaster'], '--as toaster is not one of bios'],
    [['simulate', '--mac', 'zz'], '--mac zz is no hardware address'],
    [['serve', '--log', 'xml'], '--log xml is not one of pretty, json'],
    [['serve', '--http-port', '70000'], '--http-port 70000 is no port'],
    [['serve', 'boot.yaml'], '"boot.yaml" is not an option'],
    [['status', 'now'], '"now" is not an option'],
    [['status', '--url', 'ftp://x'], '--url ftp://x is no URL such as http'],
  ])('%j says what is wrong and exits 2', async (args, why) => {
    const { code, out, err } = await bootwire(...args)
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).toContain(why)
    expect(err.trim().split('\n')).toHaveLength(1)
  })

  it.each([
    ['status'],
    ['next', '--mac', MAC, '--profile', 'a'],
    ['forget', '--mac', MAC],
    ['simulate'],
  ])('%s without a daemon says where it looked and exits 1', async (...args) => {
    const folder = temporaryFolder()
    const { code, err } = await bootwire(...args, '--data-dir', folder)
    expect(code).toBe(1)
    expect(err).toContain(`no running daemon found by ${daemonFile(folder)}`)
    expect(err).toContain('give --data-dir or --url')
  })

  it('says when the address that it was given is none, or nobody answers there', async () => {
    expect(await bootwire('status', '--url', 'nonsense')).toMatchObject({ code: 2 })
    const { app, base } = await daemon()
    await app.close()
    const { code, err } = await bootwire('status', '--url', base)
    expect(code).toBe(1)
    expect(err).toContain(`no daemon answers at ${base}`)
  })
})

describe('commands on a file', () => {
  it('init writes what check finds valid, and overwrites nothing', async () => {
    const file = join(temporaryFolder(), 'boot.yaml')
    expect(await bootwire('init', file)).toMatchObject({ code: 0 })
    const { code, out } = await bootwire('check', file)
    expect({ code, out }).toEqual({
      code: 0,
      out: `${file} is valid: 3 profiles, 1 machines, 1 groups\n`,
    })
    expect(await bootwire('init', file)).toMatchObject({ code: 2 })
    expect(await bootwire('init', `${file}/below`)).toMatchObject({ code: 1 })
  })

  it('check prints every error with its place and exits 2', async () => {
    const folder = temporaryFolder()
    writeFiles(folder, { 'b.yaml': 'foo: 1\nunknown: { after: gone }\n' })
    const { code, out, err } = await bootwire('check', join(folder, 'b.yaml'))
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(
      /b\.yaml:1:1: unknown key "foo".*\n.*b\.yaml:2:19: there is no profile "gone"/,
    )
  })

  it.each(['', '# nothing\n', 'profiles: { a: { local: true } }\nunknown: { after: retry }'])(
    'check says of a file that it is valid but boots nothing, and what writes one: %j',
    async (text) => {
      const file = join(temporaryFolder(), 'b.yaml')
      writeFileSync(file, text)
      const { code, out } = await bootwire('check', file)
      expect(code).toBe(0)
      expect(out).toMatch(/^\S+ is valid: .*\nit boots nothing: .*; bootwire init FILE /)
    },
  )

  it('check does not say so where an unknown machine gets a profile', async () => {
    const file = join(temporaryFolder(), 'b.yaml')
    writeFileSync(file, 'profiles: { a: { local: true } }\nunknown: { after: a }')
    expect((await bootwire('check', file)).out).not.toContain('boots nothing')
  })

  it('schema prints JSON', async () => {
    const { code, out } = await bootwire('schema')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ title: 'Bootwire configuration' })
  })

  it('explain asks a file, and with --json tells bodies to the byte', async () => {
    const folder = temporaryFolder()
    writeFiles(folder, { 'b.yaml': YAML })
    const args = ['explain', '--config', join(folder, 'b.yaml'), '--mac', MAC]
    const { code, out } = await bootwire(...args, '--stage', 'script', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      machine: { mac: MAC },
      steps: [{ stage: 'script', profile: 'a' }],
      rules: [{ rule: 'm', outcome: 'won' }],
    })
    expect((await bootwire(...args)).out).toContain('machines and groups, most specific first')
  })
})

describe('commands to the running daemon', () => {
  it('next boots a profile once, forget begins anew, status shows both', async () => {
    const { app, service, options } = await daemon()
    try {
      await service.script({ mac: MAC }, '127.0.0.1')
      expect(await bootwire('next', '--mac', MAC, '--profile', 'b', ...options)).toEqual({
        code: 0,
        out: `${MAC} boots "b" next\n`,
        err: '',
      })
      const status = JSON.parse((await bootwire('status', '--json', ...options)).out)
      expect(status).toMatchObject({ machines: [{ mac: MAC, next: 'b' }] })
      expect((await bootwire('status', ...options)).out).toContain(MAC)
      expect((await service.script({ mac: MAC }, '127.0.0.1')).profile?.name).toBe('b')
      expect((await service.script({ mac: MAC }, '127.0.0.1')).profile?.name).toBe('a')
      expect(await bootwire('forget', '--mac', '5254.0000.0001', ...options)).toMatchObject({
        code: 0,
        out: `${MAC} is forgotten\n`,
      })
      expect(service.store.get(MAC).last).toBeUndefined()
    } finally {
      await app.close()
    }
  })

  it('what the daemon refuses is said in its words, with exit code 2', async () => {
    const { app, options } = await daemon()
    const { code, err } = await bootwire('next', '--mac', MAC, '--profile', 'zz', ...options)
    await app.close()
    expect(code).toBe(2)
    expect(err).toBe('bootwire: the daemon says: there is no profile "zz"\n')
  })

  it('explain --json is what the daemon says, and so with its state', async () => {
    const { app, service, options } = await daemon()
    await service.changeByHand(MAC, 'next', 'b')
    const { out } = await bootwire('explain', '--mac', MAC, '--json', ...options)
    await app.close()
    const told = JSON.parse(out)
    expect(told).toMatchObject({
      state: { next: 'b' },
      revision: service.active.book.plan.revision,
    })
    expect(told.steps.at(-1)).toMatchObject({ profile: 'b' })
  })
})
