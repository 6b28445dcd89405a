import type { Measure, Measurement } from '../measure.ts'
import { proveContainer } from './container.ts'
import { countsOf } from './counts.ts'
import { provePackage } from './package.ts'
import { proveQuick } from './quick.ts'
import { DebianRoot } from './root.ts'

/** Releases that people have and that are not this host's own. */
const SUITES = ['trixie']

const atMostNone = (what: string, ours: number): Measurement => ({
  what,
  unit: '',
  ours,
  bar: { of: 'ours', is: 'at most', limit: 0 },
})

const pass = (text: string): void => void process.stderr.write(text)

/**
 * What a new user does on a small Debian: ada, whose home only she can read, runs the unit tests; root runs the demo and
 * every test. Nothing is installed before but Debian's Node and npm.
 */
const proveOn = async (suite: string, say: (line: string) => void): Promise<Measurement[]> => {
  using root = await DebianRoot.create(suite, 'none', say)
  await root.checkout()
  say(`Debian ${suite}: ada runs bootwire and the unit tests`)
  const command = await root.run(['npm', 'run', '--silent', 'bootwire', '--', '--help'], {
    user: 'ada',
  })
  const hers = await root.run(['npm', 'test', '--', '--project', '!system'], {
    user: 'ada',
    watch: pass,
  })
  say(`Debian ${suite}: root runs the demo`)
  const demo = await root.run(['npm', 'run', 'demo'], { watch: pass })
  say(`Debian ${suite}: root runs every test`)
  const all = await root.run(['npm', 'test'], { watch: pass })
  const [unit, every] = [countsOf(hers.said), countsOf(all.said)]
  return [
    atMostNone(`${suite}: exit code of npm run bootwire`, command.code ?? 1),
    atMostNone(`${suite}: unit tests that fail for ada`, unit.failed),
    atMostNone(`${suite}: exit code of npm run demo`, demo.code ?? 1),
    atMostNone(`${suite}: tests that fail for root`, every.failed),
    atMostNone(`${suite}: tests skipped for root`, every.skipped),
    { what: `${suite}: tests that pass for root`, unit: '', ours: every.passed },
    { what: `${suite}: npm test as root`, unit: 's', ours: Math.round(all.seconds) },
  ]
}

const PARTS = {
  tests: proveOn,
  package: provePackage,
  container: proveContainer,
} as const

/** A part of `tests`: only when named. */
const QUICK = 'quick'

/** `npm run prove -- platforms [tests|package|container|quick]`: other releases of Debian, each in a root of its own. */
export const prove: Measure = async ({ say, only }) => {
  const rows: Measurement[] = []
  for (const suite of SUITES) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other: each fills the machine
    if (only.includes(QUICK)) rows.push(...(await proveQuick(suite, say)))
    for (const [name, part] of Object.entries(PARTS)) {
      if (only.length > 0 && !only.includes(name)) continue
      // oxlint-disable-next-line no-await-in-loop -- one after the other: each fills the machine
      rows.push(...(await part(suite, say)))
    }
  }
  return rows
}
