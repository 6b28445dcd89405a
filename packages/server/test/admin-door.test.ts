import { statSync } from 'node:fs'
import { join } from 'node:path'

import type { FastifyInstance } from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'

import { startDaemon } from '../src/daemon/daemon.ts'
import { createAdminApp } from '../src/http/admin/app.ts'
import { createHttpApp } from '../src/http/app.ts'
import { activate } from '../src/load/load.ts'
import { EventLog } from '../src/log/event-log.ts'
import { bootwire } from './run-command.ts'
import {
  askSocket,
  IPXE,
  load,
  problems,
  serviceFor,
  temporaryFolder,
  writeFiles,
} from './support.ts'

const LOOKER = 'a'.repeat(32)
const DOER = 'b'.repeat(32)
const YAML = `
server:
  admin:
    listen: 127.0.0.1:0
    hosts: [boot.example]
    tokens:
      dashboard: { file: looker, scopes: [read] }
      ci: { file: doer, scopes: [read, act] }
secrets: { root: { file: root.hash } }
profiles: { a: { chain: "http://h/a" } }
machines: { m: { mac: "52:54:00:00:00:01", profile: a } }`

const folderWithTokens = (): string => {
  const folder = temporaryFolder()
  writeFiles(folder, { looker: `${LOOKER}\n`, doer: DOER, 'root.hash': 'HASH' })
  return folder
}

const tcpDoor = async () => {
  const made = await serviceFor(YAML, { folder: folderWithTokens() })
  const app = createAdminApp(made.service, [], 'tcp')
  onTestFinished(() => app.close())
  return { ...made, app }
}

const ask = (
  app: FastifyInstance,
  headers: Record<string, string>,
  method: 'GET' | 'POST' = 'GET',
) =>
  app.inject({
    method,
    url: method === 'GET' ? '/status' : '/machines/m/next?profile=a',
    headers: { host: 'boot.example:8081', ...headers },
    remoteAddress: '127.0.0.1',
  })

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe('the admin door over TCP', () => {
  it('lets nobody in without a token, from wherever: this host’s own address is no right', async () => {
    const { app, events } = await tcpDoor()
    const { statusCode, body, headers } = await ask(app, {})
    expect([statusCode, body]).toEqual([401, 'a bearer token is needed\n'])
    expect(headers['www-authenticate']).toBe('Bearer')
    expect((await ask(app, bearer('c'.repeat(32)))).statusCode).toBe(401)
    expect(events.at(-1)).toMatchObject({ event: 'http.refused', path: '/status' })
    expect(JSON.stringify(events)).not.toContain('c'.repeat(32))
  })

  it('lets a token do what its scopes say, and names it in the event of an order', async () => {
    const { app, events } = await tcpDoor()
    expect((await ask(app, bearer(LOOKER))).statusCode).toBe(200)
    const refused = await ask(app, bearer(LOOKER), 'POST')
    expect([refused.statusCode, refused.body]).toEqual([
      403,
      'the token "dashboard" has not the scope "act"\n',
    ])
    expect((await ask(app, bearer(DOER), 'POST')).statusCode).toBe(200)
    expect(events.at(-1)).toMatchObject({ event: 'machine.order', machine: 'm', by: 'token ci' })
  })

  it.each([
    [{ host: 'evil.example' }, 421],
    [{ host: '127.0.0.1:8081' }, 200],
    [{ origin: 'http://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ origin: 'http://boot.example' }, 200],
  ])('answers a request with %j by %i', async (headers, status) => {
    const { app } = await tcpDoor()
    expect((await ask(app, { ...bearer(LOOKER), ...headers })).statusCode).toBe(status)
  })

  it('knows nothing of what machines ask for', async () => {
    const { app } = await tcpDoor()
    const url = '/script?mac=52:54:00:00:00:01'
    expect((await app.inject({ url, headers: bearer(DOER) })).statusCode).toBe(404)
  })
})

const daemonOn = async (yaml: string) => {
  const folder = folderWithTokens()
  const loaded = await load(yaml, folder)
  if (!loaded.ok) throw new Error(loaded.issues[0]?.message)
  const events: unknown[] = []
  const log = new EventLog()
  log.subscribe((record) => events.push(record))
  const daemon = await startDaemon({
    configuration: await activate(loaded),
    interfaces: [{ interface: 'lo', address: '127.0.0.1' }],
    data: join(folder, 'data'),
    ipxe: IPXE,
    log,
  })
  onTestFinished(() => daemon.close())
  return { daemon, folder, events }
}

const SERVED = YAML.replace(
  'server:',
  'server:\n  dhcp: { enabled: false }\n  tftp: { port: 0 }\n  http: { port: 0 }',
)

describe('the admin door of a daemon', () => {
  it('is a socket for its user and group, and another port where the file says so', async () => {
    const { daemon, folder, events } = await daemonOn(SERVED)
    const { socket, url = '' } = daemon.admin
    expect(statSync(socket).mode & 0o777).toBe(0o660)
    expect(statSync(join(folder, 'data')).mode & 0o007).toBe(0)
    expect((await askSocket(socket, '/status')).status).toBe(200)
    const options = ['--url', url, '--token-file', join(folder, 'doer')]
    expect((await bootwire('next', 'm', '--profile', 'a', ...options)).out).toContain('boots "a"')
    expect(events.at(-1)).toMatchObject({ event: 'machine.order', by: 'token ci' })
    expect((await bootwire('status', '--url', url)).err).toContain('give one with --token-file')
    await bootwire('forget', 'm', '--data-dir', join(folder, 'data'))
    expect(events.at(-1)).toMatchObject({ by: expect.stringMatching(/^\w+ on this host$/) })
    expect((await fetch(`${daemon.base}/status`)).status).toBe(404)
  })

  it('is a socket alone unless the file says so', async () => {
    const { daemon } = await daemonOn(SERVED.replace('    listen: 127.0.0.1:0\n', ''))
    expect(daemon.admin.url).toBeUndefined()
  })
})

describe('the admin door in a configuration', () => {
  it.each([
    ['server: { http: { admin: [10.0.0.0/8] } }', 'server.admin.listen with server.admin.tokens'],
    ['server: { admin: { listen: "10.0.0.5:8081" } }', 'nobody can use this address without'],
    ['server: { admin: { listen: 8081 } }', 'an address and a port such as "10.0.0.5:8081"'],
    ['server: { admin: { tokens: { t: { file: gone, scopes: [read] } } } }', 'cannot read /'],
    ['server: { admin: { tokens: { t: { file: short, scopes: [read] } } } }', 'at least 16'],
    ['server: { admin: { tokens: { t: { file: short, scopes: [all] } } } }', 'tokens.t.scopes'],
  ])('%s is refused', async (yaml, why) => {
    const folder = temporaryFolder()
    writeFiles(folder, { short: 'abc' })
    expect((await problems(yaml, folder)).join('\n')).toContain(why)
  })
})

describe('a server that is reached by another URL', () => {
  it('says that URL in everything that it hands out', async () => {
    const { daemon } = await daemonOn(
      SERVED.replace('http: { port: 0 }', 'http: { port: 0, url: "https://boot.example/pxe/" }'),
    )
    const { service } = daemon
    expect(service.offered.server.base).toBe('https://boot.example/pxe')
    const reply = service.dhcp({
      mac: '52:54:00:00:00:01',
      architectures: [7],
      firmware: 'ipxe',
      userClasses: ['iPXE'],
      localAddress: '127.0.0.1',
    })
    expect(reply).toHaveProperty(
      'file',
      expect.stringMatching(/^https:\/\/boot\.example\/pxe\/script/),
    )
  })

  it('takes a proxy’s word on who asks, and nobody else’s', async () => {
    const yaml = 'server: { http: { trustedProxies: [10.1.0.0/16] } }'
    const made = await serviceFor(yaml)
    const app = createHttpApp(made.service)
    onTestFinished(() => app.close())
    const headers = { 'x-forwarded-for': '10.9.9.9, 10.0.0.7' }
    const url = '/script?mac=52:54:00:00:00:01'
    for (const [remoteAddress, ip] of [
      ['10.1.2.3', '10.0.0.7'],
      ['10.0.0.8', '10.0.0.8'],
    ] as const) {
      await app.inject({ url, headers, remoteAddress })
      expect(made.events.at(-1)).toMatchObject({ event: 'http.script', ip })
    }
    expect(await problems('server: { http: { trustedProxies: [lan] } }')).toEqual([
      expect.stringContaining('"lan" is no IPv4 network'),
    ])
  })
})
