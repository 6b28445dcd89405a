import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { describeSystemWith } from '../../../../../scripts/system-tests.ts'
import { labelsOf } from '../../../src/features/matchbox/query.ts'
import { temporaryFolder, writeFiles } from '../../support.ts'
import { openMatchbox } from './rig.ts'

const CONTENT = 'The quick brown fox\njumps over the lazy dog\n'
const DATE = 'Tue, 14 Nov 2023 22:13:20 GMT'

interface Asked {
  readonly method?: string
  readonly path: string
  readonly headers?: readonly string[]
}

/** What came, with what is of the moment or of chance made alike. */
const raw = (port: number, { method = 'GET', path, headers = [] }: Asked): Promise<string> =>
  new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => {
      const lines = [`${method} ${path} HTTP/1.1`, 'Host: box', 'Connection: close', ...headers]
      socket.write(`${lines.join('\r\n')}\r\n\r\n`)
    })
    socket.on('data', (piece) => void pieces.push(piece))
    socket.on('error', reject)
    socket.on('end', () => {
      const text = Buffer.concat(pieces).toString('latin1')
      const boundary = /boundary=(\w+)/.exec(text)?.[1]
      const plain = boundary === undefined ? text : text.replaceAll(boundary, 'BOUNDARY')
      const [head = '', ...body] = plain.split('\r\n\r\n')
      const [status, ...fields] = head.split('\r\n')
      const kept = fields.filter((line) => !/^(?:Date|Connection|Keep-Alive):/i.test(line))
      resolve([status, ...kept.toSorted(), '', body.join('\r\n\r\n')].join('\n'))
    })
  })

const PATHS = [
  '/',
  '//',
  '/nothing',
  '/ipxe',
  '/ipxe/',
  '//ipxe',
  '/./ipxe?a=b',
  '/x/../ipxe',
  '/../ipxe',
  '/ipxe?a=b;c',
  '/IPXE',
  '/i%70xe',
  '/ipxe%2F',
  '/%2e%2e/ipxe',
  '/a%20b//c',
  '/%C3%A9/../x y'.replace(' ', '%20'),
  '/a%3Fb//c',
  "/a'b//c!*()",
  '/a;b//c',
  '/assets',
  '/assets?x=1',
  '/assets/',
  '/assets//',
  '/assets/file.txt',
  '/assets/file.txt/',
  '/assets/none',
  '/assets/sub',
  '/assets/sub?x=1',
  '/assets/sub/',
  '/assets/sub/../file.txt',
  '/assets/web',
  '/assets/web/',
  '/assets/web/index.html',
  '/assets/index.html',
  '/assets/%2e%2e/file.txt',
  '/assets/file%00',
  '/assets/link',
  '/assets/dirlink',
  '/assets/dirlink/',
  '/assets/a.json',
  '/assets/a.JSON',
  '/assets/a.svg',
  '/assets/a.js',
  '/assets/a.wasm',
  '/assets/gz',
  '/assets/elf',
  '/assets/html',
  '/assets/xml',
  '/assets/empty',
  '/assets/pdf',
  '/assets/utf16',
  '/assets/bom',
  '/assets/escape',
  '/assets/.hidden',
  '/assets/sub/x:y',
]

const RANGES = [
  'bytes=0-0',
  'bytes=1-3',
  'bytes=5-',
  'bytes=-5',
  'bytes=-500',
  'bytes=0-999',
  'bytes=999-',
  'bytes=999-1000,0-1',
  'bytes=0-1,4-5',
  'bytes=0-1, ,4-5',
  'bytes=0-40,0-40',
  'bytes=',
  'bytes=-',
  'bytes=5-1',
  'bytes=a-b',
  'lines=0-1',
  'bytes=-0',
  'bytes= 1 - 3 ',
  'bytes=+1-3',
  'bytes=--3',
  'bytes=0-1,999-',
]

const CONDITIONS = [
  `If-Modified-Since: ${DATE}`,
  'If-Modified-Since: Tue, 14 Nov 2023 22:13:19 GMT',
  'If-Modified-Since: nonsense',
  'If-Unmodified-Since: Tue, 14 Nov 2023 22:13:19 GMT',
  `If-Unmodified-Since: ${DATE}`,
  'If-Match: *',
  'If-Match: "x"',
  'If-None-Match: *',
  'If-None-Match: "x"',
]

describeSystemWith(['golang-go'])("sections 2 and 3, beside Debian's Go", () => {
  let go: ChildProcess
  let goPort: number
  let box: Awaited<ReturnType<typeof openMatchbox>>

  beforeEach(async () => {
    const folder = temporaryFolder()
    const assets = join(folder, 'assets')
    writeFiles(assets, {
      'file.txt': CONTENT,
      'sub/a&b': '',
      'sub/q\'"<>': '',
      'sub/x:y': 'x',
      'sub/é b': '',
      'sub/B': '',
      'web/index.html': '<p>web',
      'a.json': '{}',
      'a.JSON': '{}',
      'a.svg': '<svg/>',
      'a.js': '1',
      'a.wasm': 'x',
      html: ' \n<!doctype html>',
      xml: '<?xml version="1.0"?>',
      empty: '',
      pdf: '%PDF-1.4',
      bom: '\ufefftext',
      escape: '\u001b[0m',
      '.hidden': 'h',
      elf: '\u007fELF\u0001\u0000\u0000',
    })
    writeFileSync(join(assets, 'gz'), Buffer.from([0x1f, 0x8b, 0x08, 0, 0]))
    writeFileSync(join(assets, 'utf16'), Buffer.from([0xff, 0xfe, 0x41, 0]))
    mkdirSync(join(assets, 'sub', 'deep'))
    symlinkSync('file.txt', join(assets, 'link'))
    symlinkSync('sub', join(assets, 'dirlink'))
    for (const name of ['file.txt', 'sub', 'web', 'web/index.html', '.'])
      utimesSync(join(assets, name), 1_700_000_000, 1_700_000_000)
    writeFiles(folder, { content: CONTENT })
    box = await openMatchbox(
      {
        'groups/a.json': '{"profile":"p"}',
        'profiles/p.json': '{"id":"p","boot":{"kernel":"k"},"generic_id":"g"}',
        'generic/g': CONTENT,
      },
      { assets },
    )
    const program = join(folder, 'oracle')
    const source = fileURLToPath(new URL('oracle/main.go', import.meta.url))
    const env = { ...process.env, GO111MODULE: 'off' }
    execFileSync('go', ['build', '-o', program, source], { env })
    go = spawn(program, [assets, join(folder, 'content')], { stdio: ['pipe', 'pipe', 'ignore'] })
    goPort = await new Promise((resolve) =>
      go.stdout?.once('data', (line: Buffer) => resolve(Number(line.toString()))),
    )
  })
  afterEach(async () => {
    const ended = once(go, 'exit')
    go.stdin?.end()
    await ended
    await box[Symbol.asyncDispose]()
  })

  const answersTo = async (asked: readonly Asked[]) => {
    const ours: Record<string, string> = {}
    const gos: Record<string, string> = {}
    for (const each of asked) {
      const name = [each.method ?? 'GET', each.path, ...(each.headers ?? [])].join(' ')
      // oxlint-disable-next-line no-await-in-loop -- one after the other, so that a failure is that of its request
      const [mine, its] = await Promise.all([raw(box.port, each), raw(goPort, each)])
      ;[ours[name], gos[name]] = [mine, its]
    }
    return { ours, gos, failed: box.failed }
  }

  it('answers every path with the same bytes', async () => {
    const { ours, gos, failed } = await answersTo(PATHS.map((path) => ({ path })))
    expect(ours).toEqual(gos)
    expect(failed).toEqual([])
  })

  it('answers every method with the same bytes', async () => {
    const methods = ['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']
    const paths = [
      '/',
      '/ipxe',
      '//ipxe',
      '/assets',
      '/assets/',
      '/assets/sub',
      '/assets/file.txt',
      '/generic',
      '/no',
    ]
    const { ours, gos, failed } = await answersTo(
      methods.flatMap((method) => paths.map((path) => ({ method, path }))),
    )
    expect(ours).toEqual(gos)
    expect(failed).toEqual([])
  })

  it('answers ranges and conditions with the same bytes', async () => {
    const paths = ['/generic', '/assets/file.txt', '/assets/empty']
    const { ours, gos, failed } = await answersTo(
      paths.flatMap((path) => [
        ...RANGES.map((range) => ({ path, headers: [`Range: ${range}`] })),
        ...CONDITIONS.map((header) => ({ path, headers: [header] })),
        ...CONDITIONS.map((header) => ({ path, headers: [header, 'Range: bytes=1-2'] })),
        { path, headers: [`If-Range: ${DATE}`, 'Range: bytes=1-2'] },
        { path, headers: ['If-Range: "x"', 'Range: bytes=1-2'] },
      ]),
    )
    expect(ours).toEqual(gos)
    expect(failed).toEqual([])
  })

  it('reads labels and addresses in the same way', async () => {
    const pieces = [
      'mac=',
      'MAC=',
      'a=',
      'a',
      '=',
      '&',
      '&&',
      ';',
      '%',
      '%41',
      '%zz',
      '+',
      'é',
      '00:11:22:33:44:55',
      '00-11-22-33-44-55',
      '0011.2233.4455',
      '00:11',
      'AA:bb:CC:dd:EE:ff:00:11',
      '00:11-22:33:44:55',
      '0:1:2:3:4:5',
      '001122334455',
      ' ',
      '#'.replace('#', '%23'),
      '?',
    ]
    let seed = 7
    const next = (): number => (seed = (seed * 48_271) % 2_147_483_647)
    for (let i = 0; i < 400; i++) {
      const query = Array.from({ length: 1 + (next() % 8) }, () => pieces[next() % pieces.length])
        .join('')
        .replaceAll(' ', '%20')
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const answer = await raw(goPort, { path: `/labels?${query}` })
      const labels: unknown = JSON.parse(
        Buffer.from(answer.split('\n\n')[1] ?? '', 'latin1').toString(),
      )
      expect([
        query,
        Object.fromEntries(labelsOf(Buffer.from(query, 'utf8').toString('latin1'))),
      ]).toEqual([query, labels])
    }
  })
})
