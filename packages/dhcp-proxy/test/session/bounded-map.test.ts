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
