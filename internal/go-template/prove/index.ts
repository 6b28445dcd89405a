import type { Measure, Measurement } from '../../../scripts/measure.ts'
import { differences } from './differential.ts'

const ROUNDS = 10
const PER_ROUND = 5000
const SHOWN = 5

const plain = (base: string): string => Buffer.from(base, 'base64').toString('utf8')

/** Random templates and data through Debian's Go and through this package. */
export const prove: Measure = ({ say }) => {
  let [different, rendered] = [0, 0]
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
  say(`seed ${seed}`)
  for (let round = 0; round < ROUNDS; round++) {
    const result = differences(seed + round, PER_ROUND)
    rendered += result.rendered
    for (const { asked, ours, gos } of result.found.slice(0, Math.max(0, SHOWN - different))) {
      say(`template: ${JSON.stringify(asked.text)}`)
      say(`data: ${JSON.stringify(asked.data)}`)
      say(`ours: ${ours.stage} ${JSON.stringify(plain(ours.output || ours.error))}`)
      say(`Go's: ${gos.stage} ${JSON.stringify(plain(gos.output || gos.error))}`)
    }
    different += result.found.length
  }
  const figures: Measurement[] = [
    {
      what: 'random templates and data, through Go and ours',
      unit: '',
      ours: ROUNDS * PER_ROUND,
      bar: { of: 'ours', is: 'at least', limit: 20_000 },
    },
    {
      what: 'of these, rendered without an error',
      unit: '',
      ours: rendered,
      bar: { of: 'ours', is: 'at least', limit: 4000 },
    },
    {
      what: 'different in bytes or in the text of the error',
      unit: '',
      ours: different,
      bar: { of: 'ours', is: 'at most', limit: 0 },
    },
  ]
  return Promise.resolve(figures)
}
