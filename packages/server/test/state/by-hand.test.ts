import { describe, expect, it } from 'vitest'

import { planBoot, type Choice } from '../../src/state/boot-plan.ts'
import { merged, requestInstall, setNext, splitOff } from '../../src/state/by-hand.ts'
import { reported } from '../../src/state/life-cycle.ts'
import { newRecord, type MachineRecord } from '../../src/state/machine-record.ts'
import { once } from './world-parts.ts'

const asked = { by: 'root', timeMs: 0 }
const noted = { timeMs: 0 }

const installedAs = (id: string, onceId: string, installation = 1): MachineRecord => ({
  ...newRecord(id, [`serial:${id}`]),
  boots: 1,
  installations: installation,
  installed: { profile: 'inst', onceId, installation, boot: 1, timeMs: 0 },
})

const pendingAs = (id: string, onceId: string): MachineRecord => ({
  ...newRecord(id, [`serial:${id}`]),
  boots: 1,
  installations: 1,
  pending: { profile: 'inst', onceId, installation: 1, boot: 1, attempts: 1, retries: 1 },
})

const mergedOf = (into: MachineRecord, from: MachineRecord): MachineRecord => {
  const result = merged(into, from)
  if (!result.ok) throw new Error(result.why)
  return result.record
}

const done = (record: MachineRecord, ofMerged = false): MachineRecord =>
  reported(record, { status: 'done', installation: 1, boot: 1, ofMerged }, noted).record

const choice = (onceId: string): Choice => ({ profile: 'inst', once: once(onceId), by: 'file' })

const planned = (record: MachineRecord, onceId: string): string =>
  planBoot(record, choice(onceId), () => ({ once: once(onceId) })).kind

describe('two records that are merged', () => {
  it('are not installed again by the id that only one of them was installed with', () => {
    const record = mergedOf(installedAs('a', 'old'), installedAs('b', 'new'))
    expect(planned(record, 'new')).toBe('disk')
    expect(planned(record, 'old')).toBe('disk')
  })

  it('are not installed again when the report of either comes after', () => {
    const record = mergedOf(pendingAs('a', 'old'), pendingAs('b', 'new'))
    for (const order of [
      [true, false],
      [false, true],
    ]) {
      const after = order.reduce(done, record)
      expect(after.installed).toBeDefined()
      expect(planned(after, 'new')).toBe('disk')
      expect(planned(after, 'old')).toBe('disk')
    }
  })

  it('are asked for nothing: the other may have done it since', () => {
    for (const wish of [
      requestInstall(installedAs('a', 'id'), asked),
      setNext(installedAs('a', 'id'), 'inst', asked),
    ]) {
      const record = mergedOf(wish.ok ? wish.record : newRecord('x', []), installedAs('b', 'id'))
      expect(planned(record, 'id')).toBe('disk')
    }
  })

  it('are installed when somebody asks after that, and then hold the new id', () => {
    const both = mergedOf(installedAs('a', 'old'), installedAs('b', 'new'))
    const wish = requestInstall(both, asked)
    expect(planned(wish.ok ? wish.record : both, 'new')).toBe('install')
  })
})

describe('a record that is split', () => {
  it('keeps in both halves what the file gave it since it was installed', () => {
    const record: MachineRecord = {
      ...installedAs('a', 'old'),
      identities: ['serial:a', 'serial:b'],
      assigned: { profile: 'inst', onceId: 'new' },
    }
    const halves = splitOff(record, ['serial:b'], 'c')
    if (!halves.ok) throw new Error(halves.why)
    expect(planned(halves.kept, 'new')).toBe('disk')
    expect(planned(halves.split, 'new')).toBe('disk')
    expect(planned(halves.split, 'newer')).toBe('install')
  })
})
