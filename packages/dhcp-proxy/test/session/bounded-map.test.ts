import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { expect, it } from 'vitest'

import { BoundedMap } from '../../src/session/bounded-map.ts'

it('forgets the oldest when it is full', () => {
  const map = new BoundedMap<number>(2, 1000)
  map.set('a', 1, 0)
  map.set('b', 2, 0)
  map.set('a', 3, 0)
  map.set('c', 4, 0)
  expect([map.get('a', 0), map.get('b', 0), map.get('c', 0), map.size]).toEqual([
    3,
    undefined,
    4,
    2,
  ])
})

it('forgets what is too old, and what it is told to', () => {
  const map = new BoundedMap<number>(2, 1000)
  map.set('a', 1, 0)
  map.set('b', 1, 0)
  map.delete('b')
  expect([map.get('a', 999), map.get('b', 0)]).toEqual([1, undefined])
  expect([map.get('a', 1000), map.size]).toEqual([undefined, 0])
})

it('keeps no memory of what it has outgrown, however many come and go', () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const map = new BoundedMap<number>(4096, 1000)
  const churn = (from: number): number => {
    for (let i = from; i < from + 200_000; i++) {
      map.set(`key${i}`, i, 0)
      map.delete(`key${i - 8}`)
    }
    collect()
    return process.memoryUsage().heapUsed
  }
  const before = churn(0)
  expect(churn(200_000) - before).toBeLessThan(1_000_000)
})

it('still forgets the oldest first when it was full before, and emptied', () => {
  const map = new BoundedMap<number>(2, 1000)
  for (const key of ['a', 'b', 'c', 'd']) map.set(key, 1, 0)
  map.delete('c')
  map.delete('d')
  for (const key of ['e', 'f', 'g']) map.set(key, 1, 0)
  expect(['e', 'f', 'g'].map((key) => map.get(key, 0))).toEqual([undefined, 1, 1])
})
