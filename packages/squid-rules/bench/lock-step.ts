import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import type { Measurement } from '../../../scripts/measure.ts'
import { STOCK_HELPER } from '../test/stock-helper.ts'
import type { Setting } from './setting.ts'

const ROUNDS = 7
const REQUESTS = 20_000

const driver = fileURLToPath(new URL('lock-step.pl', import.meta.url))

interface Round {
  readonly p50: number
  readonly p99: number
  readonly rssKb: number
}

const round = (command: readonly string[]): Round => {
  const text = execFileSync('perl', [driver, String(REQUESTS), ...command], { encoding: 'utf8' })
  const [p50 = Number.NaN, p99 = Number.NaN, rssKb = Number.NaN] = text
    .trim()
    .split(' ')
    .map(Number)
  return { p50, p99, rssKb }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1]!

/** One request at a time over a socket pair; rounds of ours and stock alternate. */
export const lockStep = (setting: Setting, say: (line: string) => void): Measurement[] => {
  const rounds = Array.from({ length: ROUNDS }, (_, i) => {
    say(`lock-step: round ${i + 1} of ${ROUNDS}`)
    return { ours: round(setting.ours), stock: round([STOCK_HELPER, setting.generatedDb]) }
  })
  const of = (who: 'ours' | 'stock', what: keyof Round): number =>
    median(rounds.map((each) => each[who][what]))
  const peer = (what: keyof Round): NonNullable<Measurement['peer']> => ({
    name: 'storeid_file_rewrite',
    value: of('stock', what),
  })
  return [
    { what: 'lock-step p50', unit: 'us', ours: of('ours', 'p50'), peer: peer('p50') },
    {
      what: 'lock-step p99',
      unit: 'us',
      ours: of('ours', 'p99'),
      peer: peer('p99'),
      bar: { of: 'ratio', is: 'at most', limit: 2 },
    },
    {
      what: 'resident memory after 24,000 requests',
      unit: 'MB',
      ours: of('ours', 'rssKb') / 1024,
      peer: { name: 'storeid_file_rewrite', value: of('stock', 'rssKb') / 1024 },
      bar: { of: 'ours', is: 'at most', limit: 60 },
    },
  ]
}
