import { open, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Measure, Measurement } from '../../../scripts/measure.ts'
import { createTftpServer, get } from '../src/index.ts'
import { runSeed, violationOf } from '../test/scenarios.ts'
import { datagrams } from './datagrams.ts'
import { soak } from './soak.ts'

const SCENARIOS = 120_000
const atMost = (limit: number) => ({ of: 'ours', is: 'at most', limit }) as const
const atLeast = (limit: number) => ({ of: 'ours', is: 'at least', limit }) as const

type Say = (line: string) => void

/** Scenarios of the deterministic network; the seed of every one that breaks an invariant is printed. */
const network = (say: Say): Measurement[] => {
  const first = Date.now() % 1_000_000_000
  say(`seeds ${first} to ${first + SCENARIOS - 1}`)
  let violations = 0
  let done = 0
  let mishaps = 0
  for (let seed = first; seed < first + SCENARIOS; seed++) {
    // Half of them with blocks sent in runs, as by the socket helper.
    const { scenario, report } = runSeed(seed, seed % 2 === 1)
    const violation = violationOf(scenario, report)
    if (violation) say(`seed ${seed}: ${violation}`)
    violations += Number(violation !== undefined)
    done += Number(report.client.outcome === 'done')
    mishaps += report.mishaps
    if ((seed - first + 1) % 20_000 === 0) say(`${seed - first + 1} scenarios`)
  }
  return [
    { what: 'scenarios on the faulty network', unit: '', ours: SCENARIOS, bar: atLeast(100_000) },
    { what: 'scenarios that broke an invariant', unit: '', ours: violations, bar: atMost(0) },
    { what: 'mishaps in all', unit: '', ours: mishaps },
    { what: 'transfers that succeeded all the same', unit: '%', ours: (100 * done) / SCENARIOS },
  ]
}

const SPARSE_BYTES = 2 ** 32 + 1
const TAIL = Buffer.from('end')

/** A sparse file over 4 GiB through loopback: counts every byte and compares the last ones. */
const sparse = async (say: Say): Promise<Measurement[]> => {
  const root = await mkdtemp(join(tmpdir(), 'bootwire-sparse-'))
  const file = await open(join(root, 'sparse'), 'w')
  await file.write(TAIL, 0, TAIL.length, SPARSE_BYTES - TAIL.length)
  await file.close()
  const server = createTftpServer({ root, mtu: 65_535 })
  try {
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' })
    const download = await get(
      { host: '127.0.0.1', port, filename: 'sparse' },
      { blockSize: 32_768, windowSize: 4 },
    )
    say(`${download.size} bytes announced, ${Math.ceil(SPARSE_BYTES / 32_768)} blocks`)
    let wrong = 0
    let at = 0
    for await (const piece of download.stream) {
      const bytes: Buffer = piece
      const zeros = Math.max(0, Math.min(bytes.length, SPARSE_BYTES - TAIL.length - at))
      if (!bytes.subarray(0, zeros).equals(Buffer.alloc(zeros))) wrong++
      const rest = bytes.subarray(zeros)
      const from = at + zeros - (SPARSE_BYTES - TAIL.length)
      if (!rest.equals(TAIL.subarray(from, from + rest.length))) wrong++
      at += bytes.length
    }
    const { durationMs } = await download.finished
    return [
      {
        what: 'sparse file over 4 GiB: missing bytes',
        unit: '',
        ours: SPARSE_BYTES - at,
        bar: atMost(0),
      },
      { what: 'sparse file over 4 GiB: wrong blocks', unit: '', ours: wrong, bar: atMost(0) },
      { what: 'sparse file over 4 GiB', unit: 'MB/s', ours: SPARSE_BYTES / durationMs / 1000 },
    ]
  } finally {
    await server.close({ deadlineMs: 0 })
    await rm(root, { recursive: true, force: true })
  }
}

const PARTS: Readonly<Record<string, (say: Say) => Measurement[] | Promise<Measurement[]>>> = {
  network,
  sparse,
  datagrams,
  soak,
}

/** The long corpora: `npm run prove -- tftp`. */
export const prove: Measure = async ({ say, only }) => {
  const measurements: Measurement[] = []
  for (const [name, part] of Object.entries(PARTS)) {
    if (only.length > 0 && !only.some((word) => name.includes(word))) continue
    say(name)
    measurements.push(...(await part(say)))
  }
  return measurements
}
