import type { Measurement } from '../measure.ts'
import { countsOf } from './counts.ts'
import { DebianRoot } from './root.ts'

/** One of each package; together they use every kind of server that the release has. */
const TESTS = [
  'packages/dhcp-proxy/test/probe',
  'packages/tftp/test/interop',
  'packages/ipxe-script/test/oracle/differential',
  'packages/squid-rules/test/stock-helper',
  'packages/server/test/activation',
]

/** Indented, so that nobody takes a line of a run inside for one of this run. */
const inside = (text: string): void => void process.stderr.write(text.replaceAll(/^/gm, '  | '))

const atMostNone = (what: string, ours: number): Measurement => ({
  what,
  unit: '',
  ours,
  bar: { of: 'ours', is: 'at most', limit: 0 },
})

/** The demo and one system test of each package, with the declared packages there already. */
export const proveQuick = async (
  suite: string,
  say: (line: string) => void,
): Promise<Measurement[]> => {
  using root = await DebianRoot.create(suite, 'declared', say)
  await root.checkout()
  const demo = await root.run(['npm', 'run', 'demo', '--', 'bios-ipxe'], { watch: inside })
  const tests = await root.run(['npm', 'test', '--', '--project', 'system', ...TESTS], {
    watch: inside,
  })
  const { passed, failed, skipped } = countsOf(tests.said)
  // A run that ends with an error and counts none of its tests as failed has failed all the same.
  return [
    atMostNone(`${suite}: exit code of npm run demo`, demo.code ?? 1),
    atMostNone(`${suite}: tests that fail`, Math.max(failed, tests.code === 0 ? 0 : 1)),
    atMostNone(`${suite}: tests skipped`, skipped),
    { what: `${suite}: tests that pass`, unit: '', ours: passed },
  ]
}
