import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { daemonFile } from '../src/host/data.ts'
import { createAdminApp } from '../src/http/admin/app.ts'
import { bootwire } from './run-command.ts'
import { boots, serviceFor, temporaryFolder, writeFiles } from './support.ts'

const MAC = '52:54:00:00:00:01'
const YAML = `
profiles:
  a: { kernel: "http://h/k", args: "{{ report.done }}", once: true }
  b: { chain: "http://h/b" }
machines: { m: { mac: "${MAC}", profile: a } }`

/** The admin door of a daemon, and its data folder, by which commands find it. */
const daemon = async () => {
  const made = await serviceFor(YAML)
  const app = createAdminApp(made.service, [], 'socket')
  const socket = join(made.folder, 'admin.sock')
  await app.listen({ path: socket })
  writeFiles(made.folder, { 'daemon.json': JSON.stringify({ pid: process.pid, socket }) })
  return { ...made, app, socket, options: ['--data-dir', made.folder] }
}

describe('the command line', () => {
  it.each([
    [['check'], 'FILE is missing: bootwire check FILE'],
    [['check', 'a', 'b'], '"b" is too much: bootwire check FILE'],
    [['next', '--profile', 'a'], 'MACHINE is missing'],
    [['next', '--mac', MAC], '--profile is missing'],
    [['forget', '--mac', 'zz'], '--mac zz is no hardware address'],
    [['explain', '--mac'], '--mac needs a value'],
    [['explain', '--arch', 'z80'], '--arch z80 is none of bios'],
    [['explain', '--stage', 'login'], '--stage login is not one of dhcp'],
    [['explain', '--label', 'x'], '--label x is not NAME=VALUE'],
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

  it.each([['status'], ['next', '--mac', MAC, '--profile', 'a'], ['forget', '--mac', MAC]])(
    '%s without a daemon says where it looked and exits 1',
    async (...args) => {
      const folder = temporaryFolder()
      const { code, err } = await bootwire(...args, '--data-dir', folder)
      expect(code).toBe(1)
      expect(err).toContain(`no running daemon found by ${daemonFile(folder)}`)
      expect(err).toContain('give --data-dir or --url')
    },
  )

  it('says when the address that it was given is none, or nobody answers there', async () => {
    expect(await bootwire('status', '--url', 'nonsense')).toMatchObject({ code: 2 })
    const { app, socket, options } = await daemon()
    await app.close()
    const gone = await bootwire('status', ...options)
    expect(gone.code).toBe(1)
    expect(gone.err).toContain(`no daemon answers at ${socket}`)
    const url = 'http://127.0.0.1:9'
    expect((await bootwire('status', '--url', url)).err).toContain(`no daemon answers at ${url}`)
    const noToken = await bootwire('status', '--url', url, '--token-file', '/nonexistent')
    expect(noToken).toMatchObject({ code: 2 })
    expect(noToken.err).toContain('cannot read the token in /nonexistent')
  })
})

describe('commands on a file', () => {
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
      steps: [{ stage: 'script' }, { stage: 'script', profile: 'a' }],
      rules: [{ rule: 'm', outcome: 'won' }],
    })
    expect((await bootwire(...args)).out).toContain('machines and groups, most specific first')
  })
})

describe('commands to the running daemon', () => {
  it('next boots a profile once, forget begins anew, status and list show both', async () => {
    const { app, service, options } = await daemon()
    const profile = async () => (await boots({ service }, { mac: MAC })).profile?.name
    try {
      await profile()
      expect(await bootwire('next', 'm', '--profile', 'b', ...options)).toEqual({
        code: 0,
        out: 'm boots "b" next\n',
        err: '',
      })
      const status = JSON.parse((await bootwire('status', '--json', ...options)).out)
      expect(status).toMatchObject({ machines: [{ mac: MAC, name: 'm', next: 'b' }] })
      expect((await bootwire('status', ...options)).out).toContain(MAC)
      expect((await bootwire('list', ...options)).out).toMatch(/  m  +next boot "b"/)
      expect([await profile(), await profile()]).toEqual(['b', 'a'])
      expect(await bootwire('forget', '--mac', '5254.0000.0001', ...options)).toMatchObject({
        code: 0,
        out: `${MAC} is forgotten\n`,
      })
      expect(service.decisions.recordOfMac(MAC)?.last).toBeUndefined()
    } finally {
      await app.close()
    }
  })

  it('hold stops a machine until it is released; install, merge and split say what they did', async () => {
    const { app, service, options } = await daemon()
    try {
      expect((await bootwire('hold', 'm', '--reason', 'recall', ...options)).out).toBe(
        'm is held\n',
      )
      expect((await boots({ service }, { mac: MAC })).trouble?.code).toBe('BW-HELD')
      expect((await bootwire('list', ...options)).out).toContain('recall')
      expect((await bootwire('hold', MAC, '--release', ...options)).out).toBe(
        `${MAC} is released\n`,
      )
      expect((await bootwire('install', 'm', ...options)).out).toBe(
        'm is installed at its next boot\n',
      )
      await bootwire('hold', '52:54:00:00:00:07', ...options)
      expect((await bootwire('merge', 'm', '52:54:00:00:00:07', ...options)).out).toBe(
        '52:54:00:00:00:07 is m now\n',
      )
      expect((await bootwire('split', 'm', 'mac:525400000007', ...options)).out).toContain(
        'is a machine of its own now',
      )
      expect((await bootwire('split', 'm', ...options)).err).toContain('IDENTITY is missing')
    } finally {
      await app.close()
    }
  })

  it('plan names the installed machines that another file changes, and what it would install again', async () => {
    const { app, service, folder, options } = await daemon()
    try {
      const { text } = await boots({ service }, { mac: MAC })
      const token = /report\/([\w.-]+)/.exec(text)?.[1] ?? ''
      await service.report(token, { status: 'done', ip: '127.0.0.1' })
      const plan = async (yaml: string) => {
        writeFiles(folder, { 'new.yaml': yaml })
        return bootwire('plan', join(folder, 'new.yaml'), ...options)
      }
      expect((await plan(YAML)).out).toContain('0 of 1 installed machines change')
      const renamed = await plan(YAML.replace('  a:', '  c:').replace('profile: a', 'profile: c'))
      expect(renamed.out).toContain('m: "a" -> "c": boots its disk all the same')
      expect(renamed.code).toBe(0)
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
    await service.order(MAC, 'next', { profile: 'b' }, 'ada')
    const { out } = await bootwire('explain', '--mac', MAC, '--json', ...options)
    await app.close()
    const told = JSON.parse(out)
    expect(told).toMatchObject({
      record: { next: { profile: 'b', by: 'ada' } },
      revision: service.configuration.revision,
    })
    expect(told.steps.at(-1)).toMatchObject({ profile: 'b' })
  })
})
