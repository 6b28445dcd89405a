import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, it, onTestFinished } from 'vitest'

import { get, type ReadAnswer } from '../src/index.ts'
import { answersFrom, descriptors, transferOf } from './mixed-transfers.ts'
import { rawClient, type RawClient } from './raw-client.ts'
import { at, folderWith, patternOf, serve } from './support.ts'

const TRANSFERS = 10_000
const CLIENTS = 25
const LIMITS = { maxTransfers: 100_000, maxHalfOpenPerAddress: 100_000, maxRequestsPerSecond: 1e6 }

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
          await transferOf(client, next++, answers.length)
        }
      }
      const settled = () => expect.poll(() => server.transfers, { timeout: 10_000 }).toBe(0)
      // The first round opens what stays open: worker threads, the sockets above.
      await transferOf(clients[0]!, 0, answers.length)
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
