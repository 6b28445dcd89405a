import type { Measurement } from '../../../scripts/measure.ts'
import { rankOf } from '../src/decide/match.ts'
import { RuleIndex } from '../src/decide/rules.ts'
import { decideMachine } from '../src/decide/verdict.ts'
import { activate, loadFile } from '../src/load/load.ts'
import type { Clause } from '../src/model/rule.ts'
import type { Rule } from '../src/model/rule.ts'

const GROUPS = 100_000
const DECISIONS = 20_000

const macOf = (i: number): string =>
  `52:54:${[24, 16, 8, 0].map((shift) => ((i >>> shift) & 255).toString(16).padStart(2, '0')).join(':')}`

/** Mostly machines by address, some by serial number, some racks by prefix, as a large site has them. */
const clausesOf = (i: number): Clause[] => {
  if (i % 10 === 8) return [{ fact: 'serial', test: { op: 'is', value: `s${i}` } }]
  if (i % 10 === 9) {
    const product: Clause = { fact: 'product', test: { op: 'is', value: `p${i}` } }
    return [{ fact: 'mac', test: { op: 'prefix', value: macOf(i).slice(0, 14) } }, product]
  }
  return [{ fact: 'mac', test: { op: 'is', value: macOf(i) } }]
}

/** p99 of one decision among 100,000 groups. */
export const decision = async (say: (line: string) => void): Promise<Measurement[]> => {
  const rules = Array.from({ length: GROUPS }, (_, i): Rule => {
    const clauses = clausesOf(i)
    return { name: `g${i}`, kind: 'group', clauses, rank: rankOf(clauses), profile: 'local' }
  }).toSorted((a, b) => b.rank - a.rank)
  const index = new RuleIndex()
  index.add(rules)
  const loaded = await loadFile(undefined)
  if (!loaded.ok) throw new Error('the embedded configuration is refused')
  const configuration = { ...(await activate(loaded)), rules: index }
  const took: number[] = []
  for (let i = 0; i < DECISIONS; i++) {
    const n = (i * 7919) % GROUPS
    // As the script stage asks: every fact known; each tenth by serial, each tenth by nothing that is there.
    const known =
      i % 10 === 0 ? { mac: 'ff:ff:ff:ff:ff:ff', serial: `s${n}` } : { mac: macOf(n), serial: 'x' }
    const started = performance.now()
    decideMachine(configuration, { known, final: i % 3 !== 0 })
    took.push((performance.now() - started) * 1000)
  }
  took.sort((a, b) => a - b)
  say(`median ${took[DECISIONS / 2]?.toFixed(1)} us`)
  const p99 = took[Math.floor(DECISIONS * 0.99)]!
  return [
    {
      what: 'decision among 100,000 groups, p99',
      unit: 'us',
      ours: p99,
      bar: { of: 'ours', is: 'at most', limit: 100 },
    },
  ]
}
