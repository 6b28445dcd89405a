import { rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'

import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { createHttpApp } from '../src/http/app.ts'
import { HotFiles } from '../src/http/hot-files.ts'
import { serviceFor, temporaryFolder, writeFiles, type TestService } from './support.ts'

const YAML = `
assets: assets
profiles:
  a: { kernel: linux, answers: { ks: { text: "name {{ name }} {{ report.done | raw }}" } }, once: true }
machines: { m: { mac: "52:54:00:00:00:01", profile: a } }`

let app: FastifyInstance
let made: TestService

beforeEach(async () => {
  const folder = temporaryFolder()
  writeFiles(folder, {
    'assets/linux': '0123456789',
    'assets/deep/a b.txt': 'blank',
    'assets/.hidden': 'no',
    'assets/.treeinfo': 'tree',
    'assets/.disk/info': 'disk',
    'assets/.git/config': 'secret',
    'assets/x.ks~': 'secret',
    'assets/#x#': 'secret',
    'assets/x.ks.bak': 'secret',
    'assets/.x.ks.swp': 'secret',
    'secret.txt': 'secret',
  })
  made = await serviceFor(YAML, { folder })
  app = createHttpApp(made.service)
})
afterEach(() => app.close())

const get = (url: string, headers: Record<string, string> = {}) =>
  app.inject({ url, headers, remoteAddress: '10.0.0.9' })

describe('files over HTTP', () => {
  it('are at the root of the server too, unless a route claims their name', async () => {
    expect((await get('/linux')).body).toBe('0123456789')
    expect((await get('/deep/a%20b.txt')).body).toBe('blank')
    expect((await app.inject({ method: 'HEAD', url: '/linux' })).headers['content-length']).toBe(
      '10',
    )
    for (const url of [
      '/.hidden',
      '/.git/config',
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/%zz',
      '/nothing',
      '/x.ks~',
    ])
      expect((await get(url)).body).not.toContain('secret')
    expect((await get('/')).body).toBe('bootwire\n')
    expect((await app.inject({ method: 'POST', url: '/linux' })).statusCode).toBe(404)
  })

  it('have headers in their usual spelling, which GRUB wants', async () => {
    const address = await app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = new URL(address)
    for (let i = 0; i < 2; i++) {
      const socket = connect(Number(port), '127.0.0.1')
      socket.write('GET /linux HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
      const answer = Buffer.concat(await socket.toArray()).toString('latin1')
      expect(answer).toContain('\r\nContent-Length: 10\r\n')
      expect(answer).toContain('\r\nLast-Modified: ')
      expect(answer).toContain('\r\nETag: ')
    }
  })

  it('have their length, a tag and a date', async () => {
    const response = await get('/assets/linux')
    expect(response.statusCode).toBe(200)
    expect(response.body).toBe('0123456789')
    expect(response.headers).toMatchObject({ 'content-length': '10', 'accept-ranges': 'bytes' })
    expect(response.headers.etag).toBeDefined()
    expect(response.headers['last-modified']).toBeDefined()
  })

  it('are not sent again to who has them', async () => {
    const { headers } = await get('/assets/linux')
    expect((await get('/assets/linux', { 'if-none-match': String(headers.etag) })).statusCode).toBe(
      304,
    )
    expect(
      (await get('/assets/linux', { 'if-modified-since': String(headers['last-modified']) }))
        .statusCode,
    ).toBe(304)
  })

  it.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=20-', 416, 'bad request\n', 'bytes */10'],
    ['nonsense', 200, '0123456789', undefined],
  ])('serve the range %s', async (range, status, body, contentRange) => {
    const response = await get('/assets/linux', { range })
    expect(response.statusCode).toBe(status)
    expect(response.body).toBe(body)
    expect(response.headers['content-range']).toBe(contentRange)
  })

  it('serve a range only of the file that If-Range means', async () => {
    const { headers } = await get('/assets/linux')
    const range = 'bytes=0-0'
    expect(
      (await get('/assets/linux', { range, 'if-range': String(headers['last-modified']) }))
        .statusCode,
    ).toBe(206)
    expect((await get('/assets/linux', { range, 'if-range': '"other"' })).statusCode).toBe(200)
  })

  it('tolerate doubled slashes without a redirect: shim follows none', async () => {
    expect((await get('//assets//linux')).body).toBe('0123456789')
    expect((await get('/assets//deep//a%20b.txt')).body).toBe('blank')
  })

  it.each([
    '/assets/../secret.txt',
    '/assets/%2e%2e/secret.txt',
    '/assets/%2e%2e%2fsecret.txt',
    '/assets/..%5csecret.txt',
    '/assets/%252e%252e/secret.txt',
    '/assets/deep/../../secret.txt',
    '/assets//etc/passwd',
    '/assets/.hidden',
    '/assets/.git/config',
    '/assets/x.ks~',
    '/assets/%23x%23',
    '/assets/x.ks.bak',
    '/assets/.x.ks.swp',
    '/assets/',
    '/assets/deep',
    '/assets/linux%00.txt',
    '/ipxe/../../etc/passwd',
  ])('do not leave their folder: %s', async (url) => {
    const response = await get(url)
    expect([400, 403, 404]).toContain(response.statusCode)
    expect(response.body).not.toContain('secret')
    expect(response.body).not.toContain(made.folder)
  })

  it('may begin with a dot where installers look for them', async () => {
    expect((await get('/assets/.treeinfo')).body).toBe('tree')
    expect((await get('/assets/.disk/info')).body).toBe('disk')
  })

  it('are logged with what was sent', async () => {
    await get('/assets/linux')
    expect(made.events.at(-1)).toMatchObject({
      event: 'http.asset',
      path: '/assets/linux',
      status: 200,
      bytes: 10,
    })
  })
})

const listen = () => app.listen({ host: '127.0.0.1', port: 0 })
const ask = async (url: string, headers: Record<string, string> = {}) => {
  const response = await fetch(url, { headers })
  const { date: _date, ...rest } = Object.fromEntries(response.headers)
  return { status: response.status, body: await response.text(), headers: rest }
}

describe('files asked for again', () => {
  it.each(['linux', 'empty', 'deep/a%20b.txt'])(
    'are answered the same each time: %s',
    async (file) => {
      writeFiles(made.folder, { 'assets/empty': '' })
      const url = `${await listen()}/assets/${file}`
      const first = await ask(url)
      expect(first.status).toBe(200)
      expect(await ask(url)).toEqual(first)
      expect(await ask(url)).toEqual(first)
    },
  )

  it('are read anew when they have changed, and end when they are gone', async () => {
    const url = `${await listen()}/assets/linux`
    expect([(await ask(url)).body, (await ask(url)).body]).toEqual(['0123456789', '0123456789'])
    writeFiles(made.folder, { 'assets/linux': 'changed' })
    expect([(await ask(url)).body, (await ask(url)).body]).toEqual(['changed', 'changed'])
    rmSync(join(made.folder, 'assets/linux'))
    expect((await ask(url)).status).toBe(404)
  })

  it('still obey ranges and conditions', async () => {
    const url = `${await listen()}/assets/linux`
    const { headers } = await ask(url)
    expect(await ask(url, { range: 'bytes=2-4' })).toMatchObject({ status: 206, body: '234' })
    const etag = headers['etag'] ?? ''
    expect((await ask(url, { 'if-none-match': etag, 'cache-control': 'max-age=0' })).status).toBe(
      304,
    )
  })

  it('are logged without the query, as the first time', async () => {
    const url = `${await listen()}/assets/linux?x=1`
    await ask(url)
    await ask(url)
    const paths = made.events.filter(({ event }) => event === 'http.asset').map(({ path }) => path)
    expect(paths).toEqual(['/assets/linux', '/assets/linux'])
  })

  it('do not fill the memory, however many names an empty one is asked by', () => {
    const hot = new HotFiles()
    const path = join(made.folder, 'secret.txt')
    writeFileSync(path, '')
    const [stats, body] = [statSync(path), Buffer.alloc(0)]
    for (let i = 0; i < 10_000; i++)
      hot.keep(`/assets/x?${i}${'x'.repeat(8000)}`, { path, root: '/', stats, body }, {})
    expect(hot.size * 8000).toBeLessThan(64 * 1_048_576)
    expect(hot.size).toBeGreaterThan(1000)
  })
})

/** The first URL of ours in a text, without where we are. */
const pathIn = (body: string): string => /http:\/\/10\.0\.0\.5:8080(\S+)/.exec(body)?.[1] ?? ''

describe('bad requests', () => {
  it.each(['DELETE', 'PATCH', 'OPTIONS', 'PUT', 'POST'] as const)(
    'refuse %s of a script',
    async (method) => {
      expect((await app.inject({ method, url: '/script' })).statusCode).toBe(404)
    },
  )

  it('refuse an undecodable URL and a path that is none', async () => {
    expect((await get('/assets/%zz')).statusCode).toBe(400)
    expect((await get('/nothing')).statusCode).toBe(404)
    expect((await get('/answers/zz/ks')).statusCode).toBe(400)
  })

  it('are logged where nobody answers the path, by machine, and no more than sixty in a minute', async () => {
    await get('/script?mac=52:54:00:00:00:01')
    for (let i = 0; i < 100; i++) await get(`/boot/${i}.efi?x=1`)
    const missing = made.events.filter(({ event }) => event === 'http.missing')
    expect(missing[0]).toMatchObject({
      path: '/boot/0.efi',
      mac: '52:54:00:00:00:01',
      level: 'warn',
    })
    expect(missing.length).toBeLessThanOrEqual(120)
    expect(missing.length).toBeGreaterThanOrEqual(60)
  })

  it('keep nothing of a query with a thousand labels', async () => {
    const query = Array.from({ length: 1000 }, (_, i) => `l${i}=x`).join('&')
    const response = await get(`/script?mac=52:54:00:00:00:07&${query}`)
    expect(response.statusCode).toBe(200)
  })

  it.each([
    ['GET', '/status'],
    ['GET', '/explain?mac=52:54:00:00:00:01'],
    ['GET', '/machines'],
    ['POST', '/machines/m/forget'],
  ] as const)(
    'know nothing of %s %s, whoever asks: that is the admin door',
    async (method, url) => {
      for (const remoteAddress of ['127.0.0.1', '10.0.0.5', '10.0.0.9'])
        expect((await app.inject({ method, url, remoteAddress })).statusCode).toBe(404)
    },
  )

  it('do not use up a token by HEAD, nor an installation by HEAD of its script', async () => {
    const script = '/script?mac=52:54:00:00:00:01&final=1'
    const signed = pathIn((await get(script)).body)
    await app.inject({ method: 'HEAD', url: signed })
    const { body } = await get(signed)
    expect(body).toContain('kernel')
    const { body: answer } = await get('/answers/52-54-00-00-00-01/ks')
    expect(answer).toContain('name m ')
    const report = pathIn(answer.split(' ').at(-1) ?? '')
    expect((await app.inject({ method: 'HEAD', url: report })).statusCode).toBe(404)
    expect((await app.inject({ method: 'POST', url: report, payload: 'anything' })).body).toBe(
      'done\n',
    )
    expect((await get(report)).body).toBe('done\n')
    expect((await get(pathIn((await get(script)).body))).body).not.toContain('kernel')
  })
})

/** Sends raw bytes to a listening server and returns all it says. */
const raw = (port: number, bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let said = ''
    socket.setTimeout(5000, () => socket.destroy())
    socket.on('data', (data) => (said += data.toString()))
    socket.on('close', () => resolve(said))
    socket.on('error', reject)
    socket.write(bytes)
  })

describe('on a socket', () => {
  it.each([
    [
      'headers beyond 16 KiB',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`,
      '431',
    ],
    ['a URL beyond 16 KiB', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, '431'],
    ['what is no HTTP', 'hello\r\n\r\n', '400'],
    [
      'two lengths',
      'POST /report/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx',
      '400',
    ],
  ])('answers %s with its status and closes', async (_name, bytes, status) => {
    await app.listen({ host: '127.0.0.1', port: 0 })
    const address = app.server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    expect(await raw(port, bytes)).toContain(`HTTP/1.1 ${status}`)
  })

  it('closes on a client that never ends its headers, in bounded time', async () => {
    const { HTTP_LIMITS } = await import('../src/http/limits.ts')
    expect(app.server.headersTimeout).toBe(HTTP_LIMITS.headersTimeoutMs)
    expect(app.server.requestTimeout).toBe(HTTP_LIMITS.requestTimeoutMs)
    expect(app.server.maxConnections).toBe(HTTP_LIMITS.connections)
  })
})
