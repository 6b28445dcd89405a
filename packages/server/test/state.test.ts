import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
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
