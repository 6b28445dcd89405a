import { describe, expect, it } from 'vitest'

import { countScript, mergeMachines, takeReport } from '../../src/state/run.ts'
import type { StateStore, Stored } from '../../src/state/state-store.ts'
import { boot, newId, record } from './records.ts'

const MAC = 'mac:52:54:00:00:00:01'
const OTHER = 'mac:52:54:00:00:00:02'

/** What every state store keeps. `opened` gives an empty one. */
export const describeStore = (name: string, opened: () => Promise<StateStore>): void => {
  describe(`a state store: ${name}`, () => {
    it('holds a record that was committed, and finds it by its id and by each identity', async () => {
      const store = await opened()
      const after = record('a', [MAC, 'name:Büro "1"', 'serial:x y'], { boots: 3 })
      expect(await store.commit([{ after }])).toBe(true)
      const stored = await store.get('a')
      expect(stored?.record).toEqual(after)
      expect(await store.find(['serial:x y'])).toEqual([stored])
      expect(await store.find([MAC, 'name:Büro "1"', OTHER])).toEqual([stored])
      expect(await store.find([OTHER])).toEqual([])
      expect(await store.get('b')).toBeUndefined()
    })

    it('changes a record only from what was read', async () => {
      const store = await opened()
      await store.commit([{ after: record('a', [MAC]) }])
      const before = (await store.get('a'))!
      expect(await store.commit([{ before, after: { ...before.record, boots: 1 } }])).toBe(true)
      expect(await store.commit([{ before, after: { ...before.record, boots: 9 } }])).toBe(false)
      expect(await store.commit([{ before }])).toBe(false)
      expect(await store.commit([{ after: record('a', [OTHER]) }])).toBe(false)
      expect((await store.get('a'))?.record.boots).toBe(1)
      expect(await store.find([OTHER])).toEqual([])
    })

    it('lets one of many win that start from the same record', async () => {
      const store = await opened()
      await store.commit([{ after: record('a', [MAC]) }])
      const before = (await store.get('a'))!
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, boots) =>
          store.commit([{ before, after: { ...before.record, boots } }]),
        ),
      )
      expect(results.filter(Boolean)).toHaveLength(1)
      expect((await store.get('a'))?.record.boots).toBe(results.indexOf(true))
    })

    it('gives an identity to one record, whoever asks at the same moment', async () => {
      const store = await opened()
      const results = await Promise.all(
        ['a', 'b', 'c'].map((id) =>
          store.commit([{ after: record(id, [MAC, `serial:${id}000`]) }]),
        ),
      )
      expect(results.filter(Boolean)).toHaveLength(1)
      const [winner, ...none] = await store.find([MAC, 'serial:a000', 'serial:b000', 'serial:c000'])
      expect(none).toEqual([])
      expect(winner?.record.id).toBe(['a', 'b', 'c'][results.indexOf(true)])
    })

    it('moves an identity from one record to another in one commit, or leaves both', async () => {
      const store = await opened()
      await store.commit([{ after: record('a', [MAC, 'serial:a000']) }])
      await store.commit([{ after: record('b', ['serial:b000']) }])
      const [a, b] = [(await store.get('a'))!, (await store.get('b'))!]
      const moved = [
        { before: a, after: record('a', ['serial:a000']) },
        { before: b, after: record('b', ['serial:b000', MAC]) },
      ]
      expect(await store.commit([moved[1]!])).toBe(false)
      expect(await store.commit(moved)).toBe(true)
      expect((await store.find([MAC])).map(({ record: { id } }) => id)).toEqual(['b'])
      expect(await store.commit(moved)).toBe(false)
    })

    it('removes a record with its identities', async () => {
      const store = await opened()
      await store.commit([{ after: record('a', [MAC]) }])
      const before = (await store.get('a'))!
      expect(await store.commit([{ before }])).toBe(true)
      expect(await store.get('a')).toBeUndefined()
      expect(await store.find([MAC])).toEqual([])
      expect(await store.commit([{ after: record('b', [MAC]) }])).toBe(true)
    })

    it('tells who watches of every change, and lists and peeks at what it told', async () => {
      const store = await opened()
      const heard: (readonly [string, number | undefined])[] = []
      const stop = store.watch((id, stored) => heard.push([id, stored?.record.boots]))
      await store.commit([{ after: record('a', [MAC], { boots: 7 }) }])
      await store.commit([{ after: record('b', [OTHER], { boots: 8 }) }])
      await store.commit([{ before: (await store.get('b'))! }])
      await expect
        .poll(() => heard, { timeout: 5000 })
        .toEqual([
          ['a', 7],
          ['b', 8],
          ['b', undefined],
        ])
      const listed: Stored[] = []
      for await (const stored of store.list()) listed.push(stored)
      expect(listed).toEqual([await store.get('a')])
      expect(store.peek([MAC, OTHER])).toEqual(listed)
      expect(store.usage.machines).toBe(1)
      stop()
      await store.commit([{ after: record('c', []) }])
      expect(heard).toHaveLength(3)
    })

    it('has one key for all, and keeps the old ones when it is given a new one', async () => {
      const store = await opened()
      const [first, ...more] = await store.keys()
      expect(first).toHaveLength(32)
      expect(more).toEqual([])
      await store.rotateKey()
      const rotated = await store.keys()
      expect(rotated).toHaveLength(2)
      expect(Buffer.compare(rotated[1]!, first!)).toBe(0)
      for (let i = 0; i < 5; i++) await store.rotateKey()
      expect(await store.keys()).toHaveLength(4)
    })

    it('counts the scripts of a machine whose cards boot at the same moment as one machine', async () => {
      const store = await opened()
      const facts = { uuid: '4c4c4544-0042-4a10-8052-b4c04f4a3132' }
      const answers = await Promise.all(
        ['01', '02', '03'].map((card) =>
          countScript(
            store,
            boot(1, {
              facts: { ...facts, macs: [`52:54:00:00:00:${card}`] },
              mark: { number: 1, nonce: card },
            }),
          ),
        ),
      )
      expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['boot', 'chain', 'chain'])
      expect(await store.find([MAC, OTHER, `uuid:${facts.uuid}`])).toHaveLength(1)
    })

    it('takes an installation from its script to its report, and merges', async () => {
      const store = await opened()
      const answer = await countScript(store, boot(1))
      if (answer.kind !== 'boot' || answer.plan.kind !== 'install')
        throw new Error('no installation')
      const { id } = answer.record!
      const claims = { machine: id, installation: answer.plan.installation, boot: 1 }
      const noted = { timeMs: 2 }
      const [one, two] = await Promise.all([
        takeReport(store, { claims, status: 'done', noted }),
        takeReport(store, { claims, status: 'done', noted }),
      ])
      expect([one.outcome, two.outcome].toSorted()).toEqual(['again', 'taken'])
      await store.commit([{ after: record('other', [OTHER]) }])
      expect(await mergeMachines(store, 'other', id)).toMatchObject({ ok: true })
      const [merged] = await store.find([MAC])
      expect(merged?.record).toMatchObject({ id: 'other', installed: { profile: 'inst' } })
      const late = await takeReport(store, { claims, status: 'done', noted })
      expect(late).toMatchObject({ outcome: 'of-merged', record: { id: 'other' } })
      expect(newId()).not.toBe(id)
    })
  })
}
