import { expect, it } from 'vitest'

import { TokenBuckets } from '../src/index.ts'

it('lets a burst through, then as many as time brings', () => {
  const buckets = new TokenBuckets({ perSecond: 2, burst: 3 }, 16, 1)
  const taken = () => Array.from({ length: 5 }, () => buckets.take('a', 0)).filter(Boolean).length
  expect(taken()).toBe(3)
  expect(buckets.take('a', 499)).toBe(false)
  expect(buckets.take('a', 500)).toBe(true)
  expect(buckets.take('a', 500)).toBe(false)
})

it('never saves up more than a burst, and bears a clock that goes back', () => {
  const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, 1, 1)
  expect(buckets.take('a', 1_000_000)).toBe(true)
  expect(buckets.take('a', 0)).toBe(false)
  expect([buckets.take('a', 100_000), buckets.take('a', 100_000)]).toEqual([true, false])
})

it('keeps keys apart', () => {
  const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, 65_536, 7)
  const taken = Array.from({ length: 1000 }, (_, i) =>
    buckets.take(`52:54:00:00:00:${i}`, 0),
  ).filter(Boolean)
  // A few of a thousand share a bucket.
  expect(taken.length).toBeGreaterThan(970)
})

it('Infinity is no limit', () => {
  const buckets = new TokenBuckets({ perSecond: Infinity, burst: Infinity }, 1, 0)
  expect([0, 0, 5, 5, 5].map((nowMs) => buckets.take('a', nowMs))).not.toContain(false)
})
