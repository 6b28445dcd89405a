import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { statusOf } from '../src/boot/status.ts'
import { createHttpApp } from '../src/http/app.ts'
import { findIpxe } from '../src/ipxe/find.ts'
import {
  boots,
  load,
  serviceFor,
  temporaryFolder,
  writeFiles,
  type TestService,
} from './support.ts'

const MAC = '52:54:00:00:00:01'
const YAML = `
assets: assets
profiles:
  a:
    kernel: linux
    answers:
      answer.toml: { text: 'name={{ name }} mac="{{ mac }}"' }
      user-data: { text: "#cloud-config\\nhostname: {{ name }}\\n" }
      board: { text: '{{ serial }}' }
  nix: { chain: nixos/netboot.ipxe }
  mine: { script: mine.ipxe }
machines:
  m: { mac: "${MAC}", profile: a }
  n: { mac: "52:54:00:00:00:02", profile: nix }
  o: { mac: "52:54:00:00:00:03", profile: mine }`

let made: TestService
let app: ReturnType<typeof createHttpApp>
let folder: string

beforeEach(async () => {
  folder = temporaryFolder()
  writeFiles(folder, {
    'assets/linux': 'x',
    'assets/nixos/netboot.ipxe': '#!ipxe\nkernel bzImage\n',
    'mine.ipxe':
      '#!ipxe\nkernel --name k bzImage init=/x\nchain {{ server.assets }}/y\nchain /z\ninitrd ${base}/i\ninitrd initrd\nboot\n',
  })
  made = await serviceFor(YAML, { folder })
  app = createHttpApp(made.service)
})
afterEach(() => app.close())

const get = (url: string, remoteAddress = '10.0.0.9') => app.inject({ url, remoteAddress })

const proxmox = (mac: string) =>
  JSON.stringify({
    $schema: { version: '1.0' },
    dmi: { system: { serial: 'S1' } },
    network_interfaces: [
      { link: 'eth1', mac: '52:54:00:00:00:77' },
      { link: 'eth0', mac: mac.toUpperCase() },
    ],
  })

describe('an installer that asks every machine’s URL', () => {
  it('gets the answer of the machine whose hardware address it posts', async () => {
    const { body } = await app.inject({
      method: 'POST',
      url: '/answers/answer.toml',
      headers: { 'content-type': 'application/json' },
      payload: proxmox('52:54:00:00:00:77'),
      remoteAddress: '10.0.0.9',
    })
    expect(body).toContain('52:54:00:00:00:77: ')
    const known = await app.inject({
      method: 'POST',
      url: '/answers/answer.toml',
      headers: { 'content-type': 'application/json' },
      payload: proxmox(MAC),
      remoteAddress: '10.0.0.9',
    })
    expect(known.body).toBe(`name="m" mac="${MAC}"`)
  })

  it('gets the answer of the machine that booted from its address, NoCloud’s tree among them', async () => {
    await made.service.script({ mac: MAC, final: '1' }, '10.0.0.9')
    expect((await get('/answers/answer.toml')).body).toBe(`name="m" mac="${MAC}"`)
    expect((await get('/answers/user-data')).body).toBe('#cloud-config\nhostname: m\n')
    expect((await get('/answers/meta-data')).body).toContain('local-hostname: "m"')
    const stranger = await get('/answers/answer.toml', '10.0.0.10')
    expect(stranger.statusCode).toBe(404)
    expect(stranger.body).toContain('no machine booted from your address')
    // Behind NAT: nobody gets the answer of the machine beside it.
    await made.service.script({ mac: '52:54:00:00:00:02', final: '1' }, '10.0.0.9')
    expect((await get('/answers/answer.toml')).statusCode).toBe(404)
  })

  it('is told, and status too, why an answer cannot be made for a machine', async () => {
    await boots(made, { mac: MAC, final: '1' })
    const response = await app.inject({ url: `/answers/${MAC}/board` })
    expect(response.statusCode).toBe(500)
    expect(response.body).toBe(
      `${MAC}: answer "board" of "a": undefined variable: serial, line:1, col:4\n`,
    )
    const [machine] = statusOf(made.service).machines
    expect(machine?.why).toContain('its answer "board" cannot be made: ')
  })
})

describe('a script below the assets', () => {
  it('is chained to where it lies, so that names in it are relative to that', async () => {
    const { text } = await boots(made, { mac: '52:54:00:00:00:02', final: '1' })
    expect(text).toMatch(/^chain .*http:\/\/[^/]+\/assets\/nixos\/netboot\.ipxe/m)
  })

  it('must be there, and another URL must be one that iPXE fetches', async () => {
    const found = await load(
      'assets: assets\nprofiles:\n  a: { chain: nope.ipxe }\n  b: { chain: "ftp://h/x" }\n',
      folder,
    )
    const said = found.ok ? [] : found.issues.map(({ message }) => message)
    expect(said[0]).toContain('there is no file')
    expect(said[1]).toBe('"ftp:" is nothing that is chained to; known: http, https, tftp')
  })
})

describe('a kernel that cannot be loaded', () => {
  it('is tried five times, with longer pauses, before the local disk boots', async () => {
    const { text } = await boots(made, { mac: MAC, final: '1' })
    expect(text).toMatch(
      /^inc attempt$[^]*^iseq -- \$\{attempt\} 5 && goto failed \|\|$[^]*^sleep -- \$\{attempt\} \|\|$/m,
    )
  })
})

describe('check', () => {
  it('warns of facts that a machine may lack, and of names that lead to nothing', async () => {
    const loaded = await load(YAML, folder)
    const notes = loaded.ok
      ? loaded.notes.map(({ line, column, message }) => `${line}:${column} ${message}`)
      : []
    expect(notes).toEqual([
      '9:22 not every machine has a serial, and one without it gets nothing here; write {{ serial | default: "none" }}',
      '2:17 "bzImage" is asked for beside /script, where there is nothing; write {{ server.assets }}/…, or let `chain:` name this script below the assets',
      '6:8 "initrd" is asked for beside /script, where there is nothing; write {{ server.assets }}/…, or let `chain:` name this script below the assets',
    ])
  })

  it('warns of assets whose names mean something else at the root, or are an iPXE binary’s that is named', async () => {
    writeFiles(folder, { 'assets/script/x': '', 'assets/ipxe.efi': '' })
    const loaded = await load('assets: assets\nipxe: { efi-x64: assets/linux }\n', folder)
    const notes = loaded.ok ? loaded.notes.map(({ message }) => message) : []
    expect(notes).toEqual([
      '"script" in it is sent as /assets/script and by TFTP; at the root of the HTTP server that name is one of our own',
      'the assets hold "ipxe.efi" too; who asks for that name by TFTP gets the file that stands here',
    ])
  })

  it('takes an iPXE binary in the assets for the one of that name', () => {
    writeFiles(folder, { 'assets/ipxe.efi': 'signed' })
    const found = findIpxe({ ipxe: {}, assets: join(folder, 'assets') }, [], [])
    expect(found.find(({ file }) => file === 'ipxe.efi')).toMatchObject({
      path: join(folder, 'assets/ipxe.efi'),
      sizeBytes: 6,
    })
  })

  it('tells every bad piece of a profile, and how a name with a dot is written', async () => {
    const loaded = await load(
      `profiles:\n  a: { kernel: "http://h/k", answers: { x: { text: "{{.Names}}" }, y: { text: "{{ #each }}" }, z: { text: "{{ answer.config.ign }}" }, config.ign: { text: '{"ignition": {"version": "3.4.0"},}' } } }\nmachines: { m: { mac: "${MAC}", profile: a } }\n`,
      folder,
    )
    const said = loaded.ok ? [] : loaded.issues.map(({ message }) => message)
    expect(said).toHaveLength(4)
    expect(said.join('\n')).toContain("write {{ answer['config.ign'] }}")
    expect(said.filter((each) => each.includes('{% raw %}'))).toHaveLength(2)
    expect(said.join('\n')).toContain('is no valid ignition: ')
  })
})
