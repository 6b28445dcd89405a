import type { Measure, Measurement } from '../../../scripts/measure.ts'
import { createEngine } from '../src/engine/engine.ts'
import { compileRules, generate } from '../src/generate/generate.ts'
import { judgeRegex } from '../src/regex/backtracking.ts'
import { lintStoreIdDb } from '../src/storeid-db/lint.ts'
import { EVERYTHING } from '../test/urls/examples.ts'
import { configurations, parseAll } from './configurations.ts'
import { corpus } from './corpus/index.ts'
import { differential } from './differential.ts'
import { judge, oneLiner } from './sharing.ts'
import { trueHashes } from './true-hashes.ts'
import { versions } from './versions.ts'

const PAIRS = 1_000_000
const LINES = 1_000_000

const none: NonNullable<Measurement['bar']> = { of: 'ours', is: 'at most', limit: 0 }

type Say = (line: string) => void

const sharing = (say: Say): Measurement[] => {
  const engine = createEngine(compileRules(EVERYTHING))
  const ours = judge(corpus(PAIRS), (url) => engine.keyAt(url, 0))
  say(`corpus: ${ours.pairs} pairs`)
  for (const example of ours.examples) say(`wrong hit: ${example}`)
  const control = judge(corpus(PAIRS), oneLiner)
  for (const example of control.examples.slice(0, 2)) say(`wrong hit of the one-liner: ${example}`)
  return [
    {
      what: 'made-up lines (a stress of the rules, no proof)',
      unit: 'pairs',
      ours: ours.pairs,
      bar: { of: 'ours', is: 'at least', limit: PAIRS },
    },
    { what: 'wrong hits on made-up lines', unit: '', ours: ours.wrongHits, bar: none },
    {
      what: 'shareable bytes that are shared, on made-up lines',
      unit: '%',
      ours: (ours.sharedBytes / ours.shareableBytes) * 100,
      bar: { of: 'ours', is: 'at least', limit: 99 },
    },
    {
      what: 'wrong hits of the copied one-liner (control)',
      unit: '',
      ours: control.wrongHits,
      bar: { of: 'ours', is: 'at least', limit: 1 },
    },
    {
      what: 'bytes shared by the copied one-liner',
      unit: '%',
      ours: (control.sharedBytes / control.shareableBytes) * 100,
    },
  ]
}

const difference = async (say: Say): Promise<Measurement[]> => {
  const { lines, keyed, different, examples } = await differential(LINES, say)
  for (const example of examples) say(`differs: ${example}`)
  return [
    {
      what: 'lines through the stock helper and the engine',
      unit: 'lines',
      ours: lines,
      bar: { of: 'ours', is: 'at least', limit: LINES },
    },
    { what: 'of them with a key', unit: 'lines', ours: keyed },
    { what: 'answers that differ', unit: '', ours: different, bar: none },
  ]
}

const regexes = (say: Say): Measurement[] => {
  const rows = generate(EVERYTHING).files['storeid.db']!.trimEnd().split('\n')
  const bad = rows.filter((row, i) => {
    if (i % 50 === 49) say(`expressions: ${i + 1} of ${rows.length}`)
    return judgeRegex(row.split('\t')[0]!).degree !== 1
  })
  return [
    { what: 'expressions of the generated storeid.db', unit: '', ours: rows.length },
    { what: 'of them not proven linear', unit: '', ours: bad.length, bar: none },
    {
      what: 'faults that lint finds in the generated storeid.db',
      unit: '',
      ours: lintStoreIdDb(`${rows.join('\n')}\n`).length,
      bar: none,
    },
  ]
}

const parsing = (say: Say): Measurement[] => {
  const { parsed, unexpected } = parseAll(configurations())
  for (const each of unexpected.slice(0, 5)) say(`squid -k parse: ${each}`)
  return [
    { what: 'generated squid.conf that Squid parsed', unit: '', ours: parsed },
    { what: 'of them with an unexpected word', unit: '', ours: unexpected.length, bar: none },
  ]
}

/**
 * `npm run prove -- squid-rules [true-hashes|corpus|configurations|expressions|differential|versions]`; words after `versions`
 * name test files.
 */
export const prove: Measure = async ({ say, only }) => {
  const parts: Readonly<Record<string, (say: Say) => Measurement[] | Promise<Measurement[]>>> = {
    'true-hashes': trueHashes,
    corpus: sharing,
    configurations: parsing,
    expressions: regexes,
    differential: difference,
    versions: (log) =>
      versions(
        log,
        only.filter((word) => word !== 'versions'),
      ),
  }
  const found: Measurement[] = []
  for (const [name, run] of Object.entries(parts)) {
    if (only.length === 0 || only.some((word) => name.includes(word)))
      found.push(...(await run(say)))
  }
  return found
}
