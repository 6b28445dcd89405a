import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { StateStore } from '../src/state/store.ts'
import { temporaryFolder } from './support.ts'

const MAC = '52:54:00:00:00:01'
const now = () => 1_800_000_000_000

describe('the state on disk', () => {
  it('is there again after a restart', async () => {
    const path = join(temporaryFolder(), 'state.json')
    const first = new StateStore(path, now)
    expect(first.open()).toBeUndefined()
    await first.apply(MAC, { type: 'next', profile: 'a' })
    const second = new StateStore(path, now)
    second.open()
    expect(second.get(MAC)).toEqual({ boots: 0, next: 'a' })
  })

  it('holds every change that was made while it was being written', async () => {
    const path = join(temporaryFolder(), 'state.json')
    const store = new StateStore(path, now)
    store.open()
    await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        store.apply(`m${i}`, { type: 'next', profile: `p${i}` }),
      ),
    )
    const again = new StateStore(path, now)
    again.open()
    expect(again.size).toBe(50)
  })

  it('is in memory only once it is on disk', async () => {
    const path = join(temporaryFolder(), 'state.json')
    const store = new StateStore(path, now)
    store.open()
    const change = store.apply(MAC, { type: 'next', profile: 'a' })
    expect(store.get(MAC)).toEqual({ boots: 0 })
    expect(await change).toEqual({ boots: 0, next: 'a' })
    expect(store.get(MAC)).toEqual({ boots: 0, next: 'a' })
  })

  it('is as before when it cannot be written, in memory and on disk, and goes on afterwards', async () => {
    const path = join(temporaryFolder(), 'data', 'state.json')
    const store = new StateStore(path, now)
    store.open()
    await store.apply(MAC, { type: 'next', profile: 'a' })
    const written = readFileSync(path, 'utf8')
    // Not even root can put a file in place of a folder.
    rmSync(path)
    mkdirSync(path)
    const failed = await Promise.allSettled([
      store.apply(MAC, { type: 'next', profile: 'b' }),
      store.apply('other', { type: 'next', profile: 'b' }),
    ])
    for (const each of failed) {
      expect(each).toMatchObject({ status: 'rejected', reason: { code: 'ERR_SERVER_DATA' } })
      expect(String(each.status === 'rejected' && each.reason)).toMatch(/state\.json.*make room/)
    }
    expect(store.get(MAC)).toEqual({ boots: 0, next: 'a' })
    expect(store.size).toBe(1)
    rmSync(path, { recursive: true })
    writeFileSync(path, written)
    await store.apply('third', { type: 'next', profile: 'c' })
    await store.flush()
    const again = new StateStore(path, now)
    again.open()
    expect(again.get(MAC)).toEqual({ boots: 0, next: 'a' })
    expect(again.size).toBe(2)
  })

  it('is changed by the report of the boot that it awaits, not by an older one', async () => {
    const path = join(temporaryFolder(), 'state.json')
    const store = new StateStore(path, now)
    const script = (token: string) =>
      store.apply(MAC, {
        type: 'script',
        profile: 'a',
        facts: {},
        usedNext: false,
        once: { done: 'report', token },
      })
    store.open()
    await script('first')
    await Promise.all([
      script('second'),
      store.apply(MAC, { type: 'report', status: 'done', token: 'first' }),
    ])
    expect(store.get(MAC)).toMatchObject({ boots: 2, pending: { token: 'second' } })
    expect(store.get(MAC).installed).toBeUndefined()
    await store.apply(MAC, { type: 'report', status: 'done', token: 'second' })
    expect(store.get(MAC)).toMatchObject({ installed: { profile: 'a' } })
  })

  it.each(['', '{', 'null', '{"version":2,"machines":{}}', '{"version":1,"machines":{"m":{}}}'])(
    'is kept aside when it is corrupt, and the daemon starts: %s',
    (text) => {
      const folder = temporaryFolder()
      const path = join(folder, 'state.json')
      writeFileSync(path, text)
      const store = new StateStore(path, now)
      const corrupt = store.open()
      expect(corrupt?.problem).toBeTruthy()
      expect(readFileSync(corrupt?.keptAs ?? '', 'utf8')).toBe(text)
      expect(readdirSync(folder)).toHaveLength(1)
      expect(store.get(MAC)).toEqual({ boots: 0 })
    },
  )
})
