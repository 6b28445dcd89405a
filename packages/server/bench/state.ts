import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Measurement } from '../../../scripts/measure.ts'
import { EmbeddedStore } from '../src/state/journal/embedded-store.ts'
import type { MachineRecord } from '../src/state/machine-record.ts'
import { countScript, takeReport } from '../src/state/run.ts'
import type { StateStore, Stored } from '../src/state/state-store.ts'
import { readReportToken, reportToken } from '../src/state/tokens.ts'
import { withFolder } from './rig.ts'

const MACHINES = 100_000
const CHANGES = 1000
const ROUNDS = 60
const AT_ONCE = 100

const hexOf = (i: number): string => i.toString(16).padStart(8, '0')
const macOf = (i: number): string => `52:54:${hexOf(i).replaceAll(/(..)(?=.)/g, '$1:')}`
const uuidOf = (i: number): string => `4c4c4544-0000-4000-8000-0000${hexOf(i)}`
const once = { done: 'report', retries: 0 } as const

/** A machine as an installation leaves it: installed, with the facts of its last boot and its report. */
const recordOf = (i: number): MachineRecord => ({
  id: `m${hexOf(i)}`,
  identities: [`name:node-${i}`, `uuid:${uuidOf(i)}`, `serial:sn${hexOf(i)}`, `mac:${macOf(i)}`],
  boots: 2,
  installations: 1,
  installed: { profile: 'debian-12-install', installation: 1, boot: 1, timeMs: 1_800_000_000_000 },
  last: {
    boot: 2,
    nonce: hexOf(i),
    kind: 'disk',
    profile: 'local',
    address: '10.77.0.9',
    timeMs: 1_800_000_000_000,
    facts: { mac: macOf(i), uuid: uuidOf(i), product: 'PowerEdge R650', architecture: 'x86_64' },
  },
  reports: [
    { status: 'done', outcome: 'taken', installation: 1, boot: 1, timeMs: 1_800_000_000_000 },
  ],
})

const fill = async (store: StateStore): Promise<void> => {
  for (let from = 0; from < MACHINES; from += 1000)
    await Promise.all(
      Array.from({ length: 1000 }, (_, i) => store.commit([{ after: recordOf(from + i) }])),
    )
}

/** The longest time that the event loop did not turn while `work` ran. */
const stallDuring = async <T>(
  work: Promise<T>,
): Promise<{ readonly value: T; readonly stallMs: number }> => {
  let stallMs = 0
  let last = performance.now()
  const over = new AbortController()
  const turns = async () => {
    while (!over.signal.aborted) {
      await nextTurn()
      const now = performance.now()
      stallMs = Math.max(stallMs, now - last)
      last = now
    }
  }
  const turning = turns()
  const value = await work.finally(() => over.abort())
  await turning
  return { value, stallMs }
}

const percentile = (took: readonly number[], part: number): number =>
  took.toSorted((a, b) => a - b)[Math.floor(took.length * part)]!

/** One machine boots: found by what it says of itself, counted, written. */
const bootOf = (store: StateStore, i: number, number: number) =>
  countScript(store, {
    facts: { macs: [macOf(i)], uuid: uuidOf(i), serial: `SN${hexOf(i)}`, name: `node-${i}` },
    mark: { number, nonce: 'bench' },
    machine: `m${hexOf(i)}`,
    choose: () => ({ profile: 'debian-12-install', once, by: 'file' }),
    find: () => ({ once }),
    isEntry: () => true,
    remember: false,
    noted: { timeMs: 1_800_000_000_000 },
    newId: () => 'never',
  })

const bareWrite = async (handle: FileHandle, bytes: Buffer, at: number): Promise<number> => {
  const started = performance.now()
  await handle.write(bytes, 0, bytes.length, at)
  await handle.datasync()
  return performance.now() - started
}

/** One change after the other, each beside the same bytes written to a bare file and synced. */
const oneByOne = async (store: StateStore, folder: string): Promise<Measurement> => {
  const bytes = Buffer.from(`${JSON.stringify(recordOf(1))}\n`)
  const handle = await open(join(folder, 'bare'), 'w')
  const ours: number[] = []
  const bare: number[] = []
  for (let i = 0; i < CHANGES; i++) {
    const started = performance.now()
    await bootOf(store, (i * 7919) % MACHINES, 3)
    ours.push(performance.now() - started)
    bare.push(await bareWrite(handle, bytes, i * bytes.length))
  }
  await handle.close()
  const value = percentile(bare, 0.99)
  return {
    what: 'one change, p99',
    unit: 'ms',
    ours: percentile(ours, 0.99),
    peer: { name: 'write + fdatasync', value },
    bar: { of: 'ours', is: 'at most', limit: value + 2 },
  }
}

const together = async (store: StateStore): Promise<Measurement> => {
  const started = performance.now()
  for (let round = 0; round < ROUNDS; round++)
    await Promise.all(
      Array.from({ length: AT_ONCE }, (_, i) => bootOf(store, 20_000 + round * AT_ONCE + i, 3)),
    )
  const perSecond = (ROUNDS * AT_ONCE * 1000) / (performance.now() - started)
  return {
    what: '100 changes at once',
    unit: '/s',
    ours: perSecond,
    bar: { of: 'ours', is: 'at least', limit: 2000 },
  }
}

/** Reports that are refused, and genuine ones of machines that are not there: what a stranger can cost. */
const strangers = async (store: StateStore): Promise<number> => {
  const keys = await store.keys()
  const genuine = reportToken(keys, { machine: 'gone', installation: 1, boot: 1 })
  const forged = `${genuine.slice(0, -3)}AAA`
  const started = performance.now()
  for (let i = 0; i < 10_000; i++) readReportToken(keys, forged)
  return ((performance.now() - started) * 1000) / 10_000
}

const stall = (what: string, ours: number): Measurement => ({
  what: `event loop stalled: ${what}`,
  unit: 'ms',
  ours,
  bar: { of: 'ours', is: 'at most', limit: 10 },
})

const openIn = (folder: string, compactBytes = 2 ** 40): Promise<EmbeddedStore> =>
  EmbeddedStore.open({ folder, compactBytes, limit: MACHINES })

/** A journal that is long enough is written anew while machines boot. */
const compaction = async (folder: string, say: (line: string) => void): Promise<Measurement> => {
  const store = await openIn(folder, 1)
  const boots = async () => {
    for (let i = 0; i < 3000; i++)
      await bootOf(store, 50_000 + (i % 1000), 3 + Math.floor(i / 1000))
    await store.close()
  }
  const { stallMs } = await stallDuring(boots())
  say(`longest stall while written anew: ${stallMs.toFixed(1)} ms`)
  return stall('journal written anew', stallMs)
}

/** The embedded state store with 100,000 machines. */
export const state = (say: (line: string) => void): Promise<Measurement[]> =>
  withFolder(async (folder) => {
    const small = await withFolder(async (other) => {
      const store = await openIn(other)
      const microseconds = await strangers(store)
      await store.close()
      return microseconds
    })
    const first = await openIn(folder)
    await fill(first)
    const full = await strangers(first)
    await first.close()
    say('100,000 machines are written')
    const started = performance.now()
    const { value: store, stallMs: loading } = await stallDuring(openIn(folder))
    const startMs = performance.now() - started
    const changes = await stallDuring(oneByOne(store, folder))
    const rate = await stallDuring(together(store))
    const report = await bootOf(store, 1, 3)
    if (report.kind !== 'boot' || report.plan.kind !== 'disk')
      throw new Error('a machine is not installed')
    const claims = { machine: 'gone', installation: 1, boot: 1 }
    await takeReport(store, {
      claims: { ...claims, machine: 'm00000001' },
      status: 'done',
      noted: { timeMs: 0 },
    })
    const listed: Stored[] = []
    for await (const each of store.list()) listed.push(each)
    say(`${listed.length} machines listed`)
    await store.close()
    return [
      {
        what: 'start with 100,000 machines',
        unit: 'ms',
        ours: startMs,
        bar: { of: 'ours', is: 'at most', limit: 1000 },
      },
      changes.value,
      rate.value,
      stall('load', loading),
      stall('one change after the other', changes.stallMs),
      stall('100 changes at once', rate.stallMs),
      await compaction(folder, say),
      {
        what: 'unknown token',
        unit: 'us',
        ours: full,
        peer: { name: 'without machines', value: small },
        bar: { of: 'ratio', is: 'at most', limit: 3 },
      },
    ]
  })
