import { copyFileSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { DISK, type Disk } from '../../src/state/journal/disk.ts'
import { EmbeddedStore } from '../../src/state/journal/embedded-store.ts'
import { temporaryFolder } from '../support.ts'
import { record } from './records.ts'

const JOURNAL = 'machines.journal'

/** A journal with three records, each written for itself, that was not closed. */
const written = async (): Promise<{ readonly bytes: Buffer; readonly ends: readonly number[] }> => {
  const folder = temporaryFolder()
  const store = await EmbeddedStore.open({ folder })
  const ends = [statSync(join(folder, JOURNAL)).size]
  for (const id of ['a', 'b', 'c']) {
    await store.commit([{ after: record(id, [`name:${id}`]) }])
    ends.push(statSync(join(folder, JOURNAL)).size)
  }
  const copy = join(folder, 'copy')
  copyFileSync(join(folder, JOURNAL), copy)
  await store.close()
  return { bytes: readFileSync(copy), ends }
}

/** What a start finds in a journal of these bytes, or the reason why it does not start. */
const startWith = async (folder: string, bytes: Buffer): Promise<string> => {
  writeFileSync(join(folder, JOURNAL), bytes)
  try {
    const store = await EmbeddedStore.open({ folder })
    const ids: string[] = []
    for await (const { record: each } of store.list()) ids.push(each.id)
    await store.close()
    return ids.toSorted().join('')
  } catch (error) {
    return String(error instanceof Error && Reflect.get(error, 'reason'))
  }
}

const fail = async (): Promise<never> => {
  throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
}

describe('the journal of the state', () => {
  it('loses only the write that was interrupted, wherever in it, and keeps what it cut', async () => {
    const { bytes, ends } = await written()
    const folder = temporaryFolder()
    for (let size = ends[2]!; size < ends[3]!; size++)
      expect([size, await startWith(folder, bytes.subarray(0, size))]).toEqual([size, 'ab'])
    expect(readdirSync(folder).some((name) => name.startsWith(`${JOURNAL}.cut-`))).toBe(true)
    expect(await startWith(folder, bytes)).toBe('abc')
  }, 60_000)

  it('takes a last write of which a sector never reached the disk for interrupted', async () => {
    const { bytes, ends } = await written()
    const folder = temporaryFolder()
    const zeroed = Buffer.from(bytes).fill(0, ends[2])
    expect(await startWith(folder, zeroed)).toBe('ab')
  })

  it('does not start on a changed bit, wherever, rather than lose what was answered', async () => {
    const { bytes } = await written()
    const folder = temporaryFolder()
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes)
      flipped[at]! ^= 1 << (at % 8)
      expect([at, await startWith(folder, flipped)].join(' ')).toMatch(
        / BW-STATE-(DAMAGED|VERSION)$/,
      )
    }
  }, 60_000)

  it('answers nothing that is not on disk, whatever fails, and goes on when the disk is back', async () => {
    for (const call of ['write', 'sync', 'truncate'] as const) {
      const folder = temporaryFolder()
      let isBroken = false
      const disk: Disk = {
        ...DISK,
        open: async (path, create) => {
          const file = await DISK.open(path, create)
          return {
            ...file,
            write: async (bytes, position) => {
              if (!isBroken) return file.write(bytes, position)
              if (call === 'write') await file.write(bytes.subarray(0, 7), position)
              return call === 'sync' ? file.write(bytes, position) : fail()
            },
            sync: () => (isBroken && call !== 'write' ? fail() : file.sync()),
            truncate: (size) => (isBroken && call === 'truncate' ? fail() : file.truncate(size)),
          }
        },
      }
      const store = await EmbeddedStore.open({ folder, disk })
      await store.commit([{ after: record('a', ['name:a']) }])
      isBroken = true
      for (const id of ['x', 'y']) {
        const refused = store.commit([{ after: record(id, [`name:${id}`]) }])
        await expect(refused).rejects.toMatchObject({ reason: 'BW-STATE-WRITE' })
        await expect(refused).rejects.toThrow(/its disk is full; make room/)
      }
      expect(await store.get('x')).toBeUndefined()
      expect(await store.find(['name:a'])).toHaveLength(1)
      isBroken = false
      expect(await store.commit([{ after: record('b', ['name:b']) }])).toBe(true)
      await store.close()
      expect(await startWith(folder, readFileSync(join(folder, JOURNAL)))).toBe('ab')
    }
  })
})
