import { describe, expect, it } from 'vitest'

import { becomesQuiet, compared, cpuSecondsOf, inTurns, median } from '../bench-kit.ts'
import { isMet, tableOf } from '../measure.ts'

const clockOf = (loads: readonly number[]) => {
  let waitedMs = 0
  let at = 0
  return {
    load: () => loads[Math.min(at++, loads.length - 1)]!,
    pause: (ms: number) => {
      waitedMs += ms
      return Promise.resolve()
    },
    waitedMs: () => waitedMs,
  }
}
const silent = (): void => {}

describe('a bench', () => {
  it('starts at once on a quiet machine', async () => {
    const clock = clockOf([0.4])
    expect(await becomesQuiet(silent, clock)).toBe(true)
    expect(clock.waitedMs()).toBe(0)
  })

  it('waits for a machine to become quiet', async () => {
    const clock = clockOf([2, 1, 0.49])
    expect(await becomesQuiet(silent, clock)).toBe(true)
    expect(clock.waitedMs()).toBe(10_000)
  })

  it('gives up after three minutes', async () => {
    const clock = clockOf([0.5])
    expect(await becomesQuiet(silent, clock)).toBe(false)
    expect(clock.waitedMs()).toBe(180_000)
  })

  it('runs ours and the peer in turns, of which the first does not count', async () => {
    const told: string[] = []
    const run = (name: string) => () => told.push(name)
    const runs = await inTurns({ ours: run('ours'), peer: run('peer') }, 2)
    expect(told).toEqual(['ours', 'peer', 'ours', 'peer', 'ours', 'peer'])
    expect(runs).toEqual({ ours: [3, 5], peer: [4, 6] })
  })

  it('prints the median and the worst of its rounds', () => {
    const bar = { of: 'ratio', is: 'at most', limit: 1 } as const
    const row = compared({ what: 'CPU', unit: 's/GiB', bar }, [3, 1, 2, 9, 2], {
      name: 'peer',
      values: [4, 4, 5],
    })
    expect(row).toMatchObject({ ours: 2, worst: 9, peer: { name: 'peer', value: 4 } })
    expect(isMet(row)).toBe(true)
    const speed = { what: 'speed', unit: 'MB/s', bar: { ...bar, is: 'at least' } as const }
    expect(compared(speed, [3, 1, 2]).worst).toBe(1)
    expect(median([])).toBeNaN()
    expect(median([1, 2])).toBe(1.5)
  })

  it('neither meets nor misses a bar when it was disturbed', () => {
    const bar = { of: 'ours', is: 'at most', limit: 1 } as const
    const row = { what: 'CPU', unit: 's', ours: 5, bar }
    expect(isMet(row)).toBe(false)
    expect(isMet({ ...row, disturbed: true })).toBeUndefined()
    expect(tableOf([{ ...row, disturbed: true }])).toMatch(/disturbed$/)
  })

  it('reads the CPU seconds of a process', () => {
    const before = cpuSecondsOf(process.pid)
    const until = process.cpuUsage().user + 100_000
    while (process.cpuUsage().user < until) Math.sqrt(2)
    expect(cpuSecondsOf(process.pid) - before).toBeGreaterThan(0.05)
  })
})
