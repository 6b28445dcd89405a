import { createReadStream, readdirSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'

import { describe, expect, it, onTestFinished } from 'vitest'

import { Opcode } from '../src/codec/index.ts'
import { get, type ReadAnswer } from '../src/index.ts'
import { rawClient, type RawClient } from './raw-client.ts'
import { at, folderWith, patternOf, serve } from './support.ts'

const TRANSFERS = 10_000
const CLIENTS = 25
const LIMITS = { maxTransfers: 100_000, maxHalfOpenPerAddress: 100_000, maxRequestsPerSecond: 1e6 }

const descriptors = (): number => readdirSync('/proc/self/fd').length

async function* ofHandle(handle: FileHandle) {
  try {
    yield* handle.createReadStream({ autoClose: false })
  } finally {
    await handle.close()
  }
}

/** Every way to answer with something that is open. */
const answersFrom = (
  path: string,
  shared: FileHandle,
): Readonly<Record<string, () => ReadAnswer | Promise<ReadAnswer>>> => {
  const stream = () => createReadStream(path)
  return {
    path: () => ({ file: path }),
    'shared handle': () => ({ file: shared }),
    'own handle': async () => ({ handle: await open(path), close: true }),
    stream: () => stream(),
    'stream of text': () => createReadStream(path, 'latin1'),
    'stream with size': () => ({ stream: stream(), size: 3000 }),
    'web stream': () => ({ stream: Readable.toWeb(stream()), size: 3000 }),
    'generator that owns a file': async () => ofHandle(await open(path)),
    'offset reader': async () => {
      const handle = await open(path)
      return {
        size: 3000,
        read: async (offset, length) =>
          (await handle.read(Buffer.alloc(length), 0, length, offset)).buffer,
        close: () => void handle.close(),
      }
    },
  }
}

/** Ways in which a client leaves. */
const LEAVES = ['at the OACK', 'after a block', 'at the end', 'without a word'] as const

const leave = async (client: RawClient, name: string, mode: string, how: string): Promise<void> => {
  client.read(name, ['blksize', '1400'], mode)
  const { port } = await client.next()
  const end = () => client.send({ opcode: Opcode.ERROR, code: 8, message: 'probe' }, port)
  if (how === 'at the OACK') {
    end()
    return
  }
  client.send({ opcode: Opcode.ACK, block: 0 }, port)
  for (let block = 1; ; block++) {
    const { packet } = await client.next()
    if (packet?.opcode !== Opcode.DATA) return
    if (how === 'after a block') {
      end()
      return
    }
    client.send({ opcode: Opcode.ACK, block }, port)
    if (packet.data.length < 1400) return
  }
}

const reading = async (answer: (handle: FileHandle) => ReadAnswer, mode?: 'netascii') => {
  const root = await folderWith({ file: patternOf(3000) })
  const handle = await open(join(root, 'file'))
  const { port, server } = await serve({ read: () => answer(handle) })
  const download = await get({ ...at(port), mode })
  expect((await download.bytes()).equals(patternOf(3000))).toBe(true)
  await expect.poll(() => server.transfers).toBe(0)
  return handle
}

describe('a FileHandle in an answer', () => {
  it.each([undefined, 'netascii'] as const)('is read and stays open (%s)', async (mode) => {
    for (const answer of [
      (file: FileHandle) => ({ file }),
      (handle: FileHandle) => ({ handle }),
      (handle: FileHandle) => ({ handle, close: false }),
    ]) {
      const handle = await reading(answer, mode)
      expect((await handle.stat()).size).toBe(3000)
      await handle.close()
    }
  })

  it.each([undefined, 'netascii'] as const)('is closed where that is asked (%s)', async (mode) => {
    const handle = await reading((file) => ({ handle: file, close: true }), mode)
    await expect.poll(() => handle.fd).toBe(-1)
  })
})

describe('10,000 mixed transfers', () => {
  it.runIf(process.platform === 'linux')(
    'leave as many open descriptors as there were',
    { timeout: 240_000 },
    async () => {
      const root = await folderWith({ file: patternOf(3000) })
      const path = join(root, 'file')
      const shared = await open(path)
      onTestFinished(() => shared.close())
      const answers = Object.values(answersFrom(path, shared))
      const errors: Error[] = []
      const { port, server, records } = await serve({
        read: ({ filename }) => answers[Number(filename) % answers.length]!(),
        limits: LIMITS,
        onError: (error) => errors.push(error),
      })
      const clients = await Promise.all(Array.from({ length: CLIENTS }, () => rawClient(port)))
      let next = 0
      const one = async (client: RawClient): Promise<void> => {
        while (next < TRANSFERS) {
          const i = next++
          const how = LEAVES[Math.floor(i / answers.length) % 3]!
          const mode = Math.floor(i / 27) % 2 === 0 ? 'octet' : 'netascii'
          await leave(client, String(i), mode, how)
        }
      }
      const settled = () => expect.poll(() => server.transfers, { timeout: 10_000 }).toBe(0)
      // The first round opens what stays open: worker threads, the sockets above.
      await leave(clients[0]!, '0', 'octet', 'at the end')
      await settled()
      const before = descriptors()
      await Promise.all(clients.map(one))
      await settled()
      await expect.poll(descriptors, { timeout: 10_000 }).toBeLessThanOrEqual(before)
      expect(errors).toEqual([])
      expect(records.length).toBe(TRANSFERS + 1)
      expect((await shared.stat()).size).toBe(3000)
    },
  )
})
