import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Measurement } from '../../../scripts/measure.ts'
import { createTftpServer } from '../src/index.ts'
import { answersFrom, descriptors, transferOf } from '../test/mixed-transfers.ts'
import { openRawClient } from '../test/raw-client.ts'
import { patternOf } from '../test/support.ts'
import { shareOf } from './share.ts'

const TRANSFERS = 1_000_000
const CLIENTS = 25
const MEBIBYTE = 2 ** 20
/** After so many the process has reached its size. */
const WARM = 0.2

const limits = {
  maxTransfers: 1_000_000,
  maxTransfersPerAddress: 1_000_000,
  maxHalfOpenPerAddress: 1_000_000,
  maxRequestsPerSecond: 1_000_000,
}

/** A million transfers of all kinds, each left in another way: what is open and held stays the same. */
export const soak = async (say: (line: string) => void): Promise<Measurement[]> => {
  const count = shareOf(TRANSFERS)
  const root = await mkdtemp(join(tmpdir(), 'bootwire-soak-'))
  const path = join(root, 'file')
  await writeFile(path, patternOf(3000))
  const shared = await open(path)
  const answers = Object.values(answersFrom(path, shared))
  let errors = 0
  const server = createTftpServer({
    read: ({ filename }) => answers[Number(filename) % answers.length]!(),
    limits,
    onError: () => errors++,
  })
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' })
  const clients = await Promise.all(Array.from({ length: CLIENTS }, () => openRawClient(port)))
  let next = 0
  const until = (end: number) =>
    Promise.all(
      clients.map(async (client) => {
        while (next < end) await transferOf(client, next++, answers.length)
      }),
    )
  const settled = async () => {
    while (server.transfers > 0) await new Promise((resolve) => setTimeout(resolve, 50))
    globalThis.gc?.()
  }
  try {
    await until(Math.ceil(count * WARM))
    await settled()
    const before = { descriptors: descriptors(), bytes: process.memoryUsage().rss }
    const startedAt = performance.now()
    for (let end = next; end < count;) {
      end = Math.min(count, end + Math.ceil(count / 10))
      await until(end)
      say(`${end} transfers, ${Math.round(process.memoryUsage().rss / MEBIBYTE)} MiB`)
    }
    const seconds = (performance.now() - startedAt) / 1000
    await settled()
    const grown = (process.memoryUsage().rss - before.bytes) / MEBIBYTE
    const none = { of: 'ours', is: 'at most', limit: 0 } as const
    return [
      { what: 'soak: transfers', unit: '', ours: count },
      {
        what: 'soak: descriptors more than before',
        unit: '',
        ours: descriptors() - before.descriptors,
        bar: none,
      },
      { what: 'soak: failures', unit: '', ours: errors, bar: none },
      {
        what: 'soak: memory more than before',
        unit: 'MiB',
        ours: grown,
        bar: { of: 'ours', is: 'at most', limit: 64 },
      },
      { what: 'soak: transfers', unit: '1/s', ours: ((1 - WARM) * count) / seconds },
    ]
  } finally {
    for (const { socket } of clients) socket.close()
    await server.close({ deadlineMs: 0 })
    await shared.close()
    await rm(root, { recursive: true, force: true })
  }
}
