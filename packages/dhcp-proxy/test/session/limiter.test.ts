import { expect, it } from 'vitest'

import { Limiter } from '../../src/session/limiter.ts'

it('lets a burst through, then as many as time brings', () => {
  const limiter = new Limiter({ perSecond: 2, burst: 3 }, 16, 1)
  const taken = () => Array.from({ length: 5 }, () => limiter.take('a', 0)).filter(Boolean).length
  expect(taken()).toBe(3)
  expect(limiter.take('a', 499)).toBe(false)
  expect(limiter.take('a', 500)).toBe(true)
  expect(limiter.take('a', 500)).toBe(false)
})

it('never saves up more than a burst, and bears a clock that goes back', () => {
  const limiter = new Limiter({ perSecond: 1, burst: 1 }, 1, 1)
  expect(limiter.take('a', 1_000_000)).toBe(true)
  expect(limiter.take('a', 0)).toBe(false)
  expect([limiter.take('a', 100_000), limiter.take('a', 100_000)]).toEqual([true, false])
})

it('keeps keys apart', () => {
  const limiter = new Limiter({ perSecond: 1, burst: 1 }, 65_536, 7)
  const taken = Array.from({ length: 1000 }, (_, i) =>
    limiter.take(`52:54:00:00:00:${i}`, 0),
  ).filter(Boolean)
  // A few of a thousand share a bucket.
  expect(taken.length).toBeGreaterThan(970)
})

it('Infinity is no limit', () => {
  const limiter = new Limiter({ perSecond: Infinity, burst: Infinity }, 1, 0)
  expect([0, 0, 5, 5, 5].map((nowMs) => limiter.take('a', nowMs))).not.toContain(false)
})
