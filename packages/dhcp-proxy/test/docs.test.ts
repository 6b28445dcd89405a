import { readFileSync } from 'node:fs'

import { expect, it } from 'vitest'

import { encodePacket, decodePacket } from '../src/codec/index.ts'
import {
  CHANNELS,
  createProxyDhcpServer,
  DHCP_ERROR_CODES,
  DROP_REASONS,
  explain,
  NOTICE_CODES,
  rules,
} from '../src/index.ts'
import { MemoryUdp } from './support/memory-udp.ts'
import { ipxePacket } from './support/packets.ts'

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')
/** The words in backquotes of a table's first column. */
const firstColumn = (text: string) =>
  [...text.matchAll(/^\| ((?:`[^`]+` *)+)\|/gm)].flatMap(([, cell]) =>
    [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, word]) => word),
  )

it('docs/errors.md has a row for every code, and no other', () => {
  expect(firstColumn(read('docs/errors.md'))).toEqual([...DHCP_ERROR_CODES])
})

it('docs/channels.md has a row for every channel, reason and code', () => {
  const words = firstColumn(read('docs/channels.md'))
  expect(new Set(words)).toEqual(
    new Set([...Object.values(CHANNELS), ...DROP_REASONS, ...NOTICE_CODES]),
  )
})

it('the first example of the README runs', async () => {
  const example = /```ts\n([^`]*(?:`[^`\n]*`[^`]*)*?)```/.exec(read('README.md'))?.[1] ?? ''
  expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(15)
  const body = example.replace(/^import .*$/m, '')
  expect(body).toContain('createProxyDhcpServer')
  const udp = new MemoryUdp()
  const printed: string[] = []
  const create: typeof createProxyDhcpServer = (options) =>
    createProxyDhcpServer({ ...options, transport: udp, shared: false })
  const quiet = { stdout: { write: (text: string) => printed.push(text) } }
  // The example is text of a document: this is how it is run.
  const AsyncFunction: FunctionConstructor = Object.getPrototypeOf(async () => {}).constructor
  // oxlint-disable-next-line typescript/no-implied-eval
  const run = new AsyncFunction(
    'createProxyDhcpServer',
    'explain',
    'rules',
    'process',
    `${body}\nreturn server`,
  )
  const server = await run(create, explain, rules, quiet)
  udp.broadcast(encodePacket(ipxePacket()))
  expect(decodePacket(udp.sent[0]?.bytes ?? new Uint8Array()).file).toBe('http://10.0.0.1/a.ipxe')
  expect(printed).toEqual(['52:54:00:12:34:56\nrule 1 won: firmware is ipxe\n'])
  await server.close()
})
