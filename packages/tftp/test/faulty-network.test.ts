import { describe, expect, it } from 'vitest'

import { NO_FAULTS } from './faulty-lines.ts'
import { Network, type Report, type Scenario } from './network.ts'
import { Random } from './random.ts'
import { runSeed, violationOf } from './scenarios.ts'
import { patternOf } from './support.ts'

const SEEDS = 3000
const PART = 500

/** As text: comparing buffers byte by byte takes minutes. */
const shown = (report: Report): string =>
  JSON.stringify({ ...report, runs: 0, arrived: report.arrived?.toString('base64') })

const quiet: Scenario = {
  operation: 'read',
  bytes: patternOf(0),
  blockSize: 8,
  windowSize: 1,
  tsize: true,
  rollover: 0,
  faults: NO_FAULTS,
}

describe('a faulty network', () => {
  it.each(Array.from({ length: SEEDS / PART }, (_, i) => i * PART))(
    'gives equal bytes or a reported failure, from seed %i on',
    (first) => {
      for (let seed = first; seed < first + PART; seed++) {
        const { scenario, report } = runSeed(seed)
        expect(violationOf(scenario, report), `seed ${seed}`).toBeUndefined()
      }
    },
  )

  it('sees the same datagrams when blocks are sent in runs', () => {
    let runs = 0
    for (let seed = 0; seed < PART; seed++) {
      const { report } = runSeed(seed, true)
      runs += report.runs
      expect(shown(report), `seed ${seed}`).toBe(shown(runSeed(seed).report))
    }
    expect(runs).toBeGreaterThan(PART)
  })

  it('lets most transfers through all the same', () => {
    const done = Array.from({ length: 500 }, (_, seed) => runSeed(seed)).filter(
      ({ report }) => report.client.outcome === 'done',
    )
    expect(done.length).toBeGreaterThan(400)
  })

  it('shows the same for the same seed', () => {
    expect(runSeed(7).report).toEqual(runSeed(7).report)
  })
})

describe('block numbers', () => {
  const counts = [65_534, 65_535, 65_536, 65_537].flatMap((blocks) =>
    ([0, 1] as const).map((rollover) => ({ blocks, rollover })),
  )

  it.each(counts)(
    'roll over to $rollover: $blocks blocks in windows of 16',
    ({ blocks, rollover }) => {
      const bytes = patternOf((blocks - 1) * 8)
      const scenario = {
        ...quiet,
        bytes,
        windowSize: 16,
        rollover,
        faults: { ...NO_FAULTS, loss: 0.0005 },
      }
      const report = new Network(scenario, new Random(blocks)).run()
      expect(report.client.outcome).toBe('done')
      expect(report.arrived?.equals(bytes)).toBe(true)
    },
  )

  it.each([65_534, 65_535, 65_536, 65_537])(
    'roll over in lock-step, and in a write: %i blocks',
    (blocks) => {
      const bytes = patternOf((blocks - 1) * 8 + 7)
      const report = new Network({ ...quiet, operation: 'write', bytes }, new Random(blocks)).run()
      expect(report.client.outcome).toBe('done')
      expect(report.arrived?.equals(bytes)).toBe(true)
      expect(report.dataSent).toBe(blocks)
    },
  )
})
