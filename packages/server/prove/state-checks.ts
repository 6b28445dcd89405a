import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { planBoot, type Choice } from '../src/state/boot-plan.ts'
import { merged, requestInstall } from '../src/state/by-hand.ts'
import { EmbeddedStore } from '../src/state/journal/embedded-store.ts'
import type { MachineRecord } from '../src/state/machine-record.ts'
import { countScript, mergeMachines, splitMachine } from '../src/state/run.ts'
import { checkHistories } from '../test/state/histories.ts'
import { LossyDisk } from './lossy-disk.ts'
import { Random } from './random.ts'
import { serviceChecks } from './service-checks.ts'

const recordOf = (id: string, boots = 0): MachineRecord => ({
  id,
  identities: [`name:${id}`],
  boots,
  installations: 0,
})

const inFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'bootwire-prove-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Power fails at a random call of the disk: all that was answered is there afterwards. */
const powerFails = (random: Random): Promise<void> =>
  inFolder(async (folder) => {
    const disk = new LossyDisk()
    const store = await EmbeddedStore.open({ folder, disk, compactBytes: 2000 })
    const answered = new Map<string, number>()
    disk.stopAt = 10 + random.below(400)
    const machines = 8
    const change = async (id: string): Promise<void> => {
      for (let boots = 1; ; boots++) {
        const before = await store.get(id)
        const after = recordOf(id, boots)
        if (await store.commit([{ ...(before && { before }), after }])) answered.set(id, boots)
        // A store that answers before the disk does would leave no turn to anything else.
        if (boots % 16 === 0) await new Promise((resolve) => setImmediate(resolve))
      }
    }
    for (let i = 0; i < machines; i++) void change(`m${i}`)
    // Until it stands still: each turn of the loop makes progress, or none ever will.
    // A store that answers before the disk does never stands still.
    for (let still = 0, sum = -1, turns = 0; still < 40 && turns < 2000; turns++) {
      await new Promise((resolve) => setTimeout(resolve, 2))
      const now = [...answered.values()].reduce((a, b) => a + b, 0)
      still = now === sum ? still + 1 : 0
      sum = now
    }
    await disk.close()
    await inFolder(async (left) => {
      disk.leaveIn(left)
      const again = await EmbeddedStore.open({ folder: left })
      try {
        for (const [id, boots] of answered) {
          const found = (await again.get(id))?.record.boots ?? 0
          if (found < boots)
            throw new Error(`${id}: boot ${boots} was answered, boot ${found} is left`)
        }
      } finally {
        await again.close()
      }
    })
  })

const won = (results: readonly boolean[]): number => results.filter(Boolean).length

/** Of many changes from one record, and many records for one identity, one holds. */
const compareAndSet = (): Promise<void> =>
  inFolder(async (folder) => {
    const store = await EmbeddedStore.open({ folder })
    await store.commit([{ after: recordOf('a') }])
    const before = (await store.get('a'))!
    const changes = Array.from({ length: 10 }, (_, i) =>
      store.commit([{ before, after: recordOf('a', i) }]),
    )
    const claims = ['b', 'c', 'd'].map((id) =>
      store.commit([{ after: { ...recordOf(id), identities: ['serial:4711'] } }]),
    )
    const results = [won(await Promise.all(changes)), won(await Promise.all(claims))]
    await store.close()
    if (results.some((each) => each !== 1)) throw new Error(`${results.join(' and ')} of many won`)
  })

/** A flood of machines that nobody knows never drives out one that is installed, with or without an entry. */
const flood = (): Promise<void> =>
  inFolder(async (folder) => {
    const store = await EmbeddedStore.open({ folder, limit: 20 })
    const installed = { installation: 1, boot: 1, timeMs: 0 }
    for (let i = 0; i < 15; i++)
      await store.commit([
        { after: { ...recordOf(`i${i}`), identities: [`serial:i${i}`], installed } },
      ])
    for (let i = 0; i < 100; i++)
      await store.commit([{ after: { ...recordOf(`f${i}`), identities: [`serial:f${i}`] } }])
    const kept = await Promise.all(Array.from({ length: 15 }, (_, i) => store.get(`i${i}`)))
    await store.close()
    if (kept.some((stored) => !stored)) throw new Error('an installed machine is gone')
  })

/** What a person merges or splits stays installed. */
const byHandKeepsInstalled = (): Promise<void> =>
  inFolder(async (folder) => {
    const store = await EmbeddedStore.open({ folder })
    const installed = { installation: 1, boot: 1, timeMs: 0 }
    const identities = ['name:b', 'serial:b'] as const
    await store.commit([
      { after: recordOf('a') },
      { after: { ...recordOf('b'), identities, installed } },
    ])
    const split = await splitMachine(store, 'b', ['serial:b'], () => 'c')
    const both = await mergeMachines(store, 'a', 'b')
    await store.close()
    if (!split.ok || split.records.some((each) => !each.installed))
      throw new Error('a half of an installed machine is not installed')
    if (!both.ok || !both.records[0]?.installed)
      throw new Error('a machine that was merged is not installed any more')
  })

const MAC = '52:54:00:00:00:07'
const UUID = '4c4c4544-0000-4000-8000-00000000000b'

const bootBy = (store: EmbeddedStore, serial: string | undefined, uuid?: string) =>
  countScript(store, {
    facts: {
      macs: [MAC],
      ...(serial !== undefined && { serial }),
      ...(uuid !== undefined && { uuid }),
    },
    mark: { number: 1, nonce: 'n' },
    choose: () => choiceOf('new'),
    find: () => ({ once: choiceOf('new').once! }),
    isEntry: () => false,
    remember: false,
    noted: { timeMs: 0 },
    newId: () => 'fresh',
  })

/** A card that was first seen while it was not clear which machine it is in is not the card of a new machine after that. */
const conflictKeepsCard = (): Promise<void> =>
  inFolder(async (folder) => {
    const store = await EmbeddedStore.open({ folder })
    const installed = { installation: 1, boot: 1, timeMs: 0 }
    await store.commit([
      { after: { ...recordOf('a'), identities: ['serial:board-a'], installed } },
      { after: { ...recordOf('b'), identities: [`uuid:${UUID}`], installed } },
    ])
    const first = await bootBy(store, 'board-a', UUID)
    const second = await bootBy(store, undefined)
    await store.close()
    if (first.kind !== 'conflict') throw new Error('two machines are taken for one')
    if (second.kind === 'boot' && second.plan.kind === 'install')
      throw new Error('a card that was seen in a conflict is installed as a new machine')
  })

const choiceOf = (id: string): Choice => ({
  profile: 'inst',
  once: { id, done: 'report', retries: 0 },
  by: 'file',
})

/** A merged machine is not installed again by the id, or for the wish, of only one of its records. */
const mergeAsksForNothing = async (): Promise<void> => {
  const one: MachineRecord = {
    ...recordOf('a'),
    installed: { profile: 'inst', onceId: 'old', installation: 1, boot: 1, timeMs: 0 },
  }
  const asked = requestInstall(one, { by: 'root', timeMs: 0 })
  for (const into of [one, asked.ok ? asked.record : one]) {
    const both = merged(into, { ...one, id: 'b' })
    const plan = both.ok && planBoot(both.record, choiceOf('new'), () => undefined)
    if (!plan || plan.kind === 'install')
      throw new Error('a merged machine is installed again, and nobody asked')
  }
}

/** What a planted fault must be found by. */
export const CHECKS: Readonly<Record<string, (runs: number) => Promise<void>>> = {
  histories: async (runs) => checkHistories(runs),
  'power fails': async (runs) => {
    const random = new Random(runs)
    for (let i = 0; i < runs; i++) await powerFails(random)
  },
  'compare and set': compareAndSet,
  flood,
  'by hand': byHandKeepsInstalled,
  conflict: conflictKeepsCard,
  merge: mergeAsksForNothing,
  service: serviceChecks,
}
