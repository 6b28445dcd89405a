import fc from 'fast-check'

import {
  forgotten,
  held,
  merged,
  released,
  requestInstall,
  setNext,
  settled,
} from '../../src/state/by-hand.ts'
import type { Stored, Write } from '../../src/state/state-store.ts'
import type { Op } from './world-parts.ts'
import { World } from './world.ts'

/** A person settles the first contest there is: the records are merged, or the later one keeps what it has. */
const settleFirst = (records: ReadonlyMap<string, Stored>, kind: number): readonly Write[] => {
  const one = [...records.values()].find(({ record }) => record.contested?.length)
  const other = one && records.get(one.record.contested![0]!.other)
  if (!one || !other) return []
  const result = merged(one.record, other.record)
  if (kind % 2 === 0 && result.ok) return [{ before: one, after: result.record }, { before: other }]
  return [
    { before: one, after: settled(one.record, ({ other: id }) => id !== other.record.id) },
    { before: other, after: settled(other.record, ({ other: id }) => id !== one.record.id) },
  ]
}

let splits = 0

/** What a person at a keyboard does to a machine. */
const byHand = (world: World, pick: number, kind: number): void => {
  const ids = world.ids()
  const id = ids[pick % Math.max(1, ids.length)]
  if (id === undefined) return
  const asked = { by: 'root', timeMs: 0 }
  switch (kind % 9) {
    case 0:
      return world.byHand(id, (record) => requestInstall(record, asked), true)
    case 1:
      return world.byHand(id, (record) => setNext(record, 'inst', asked), true)
    case 2:
      return world.byHand(id, (record) => setNext(record, 'live', asked), false)
    case 3:
      return world.byHand(id, forgotten, true)
    case 4:
      return world.byHand(id, (record) => held(record, asked), false)
    case 5:
    case 6:
      return world.byHand(id, released, false)
    case 7:
      return world.settle((records) => settleFirst(records, pick))
    default:
      return world.split(id, `s${++splits}`)
  }
}

const op: fc.Arbitrary<Op> = fc.record({
  what: fc.nat(15),
  box: fc.nat(2),
  pick: fc.nat(255),
  replica: fc.nat(255),
})

/** Checks histories: no box is installed again that nobody asked to install again, no installed state is lost. */
export const checkHistories = (numRuns: number, seed?: number): void => {
  fc.assert(
    fc.property(
      fc.nat(63),
      fc.array(op, { minLength: 1, maxLength: 60, size: 'max' }),
      (shape, ops) => {
        const world = new World(shape)
        for (const each of ops) world.do(each, byHand)
        world.finish()
      },
    ),
    { numRuns, ...(seed !== undefined && { seed }) },
  )
}
