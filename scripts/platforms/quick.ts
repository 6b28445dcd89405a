// Part of .ci/run: the demo and one system test of each package on a Debian that is not this host's.
import { isRoot } from '../debian.mjs'
import { countsOf } from './counts.ts'
import { DebianRoot } from './root.ts'

const SUITE = 'trixie'

/** One of each package; together they use every kind of server that the release has. */
const TESTS = [
  'packages/dhcp-proxy/test/probe',
  'packages/tftp/test/interop',
  'packages/ipxe-script/test/oracle/differential',
  'packages/squid-rules/test/stock-helper',
  'packages/server/test/activation',
]

const say = (text: string): void => void process.stderr.write(text)

/** Indented, so that nobody takes a line of a run inside for one of this run. */
const inside = (text: string): void => say(text.replaceAll(/^/gm, '  | '))

const end = (passed: number, failed: number, skipped: number): never => {
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`)
  process.exit(failed === 0 ? 0 : 1)
}

if (!isRoot()) {
  say('another Debian needs root: skipped\n')
  end(0, 0, 1)
}
/** The demo and the tests in that root: what passed, failed and was skipped. */
const runAll = async (): Promise<readonly [number, number, number]> => {
  using root = await DebianRoot.create(SUITE, 'declared', (line) => say(`${line}\n`))
  await root.checkout()
  const demo = await root.run(['npm', 'run', 'demo', '--', 'bios-ipxe'], { watch: inside })
  const tests = await root.run(['npm', 'test', '--', '--project', 'system', ...TESTS], {
    watch: inside,
  })
  const { passed, failed, skipped } = countsOf(tests.said)
  const demoPassed = demo.code === 0
  // A run that ends with an error and counts none of its tests as failed has failed all the same.
  const bad = Math.max(failed, tests.code === 0 ? 0 : 1)
  return [passed + Number(demoPassed), bad + Number(!demoPassed), skipped]
}

try {
  end(...(await runAll()))
} catch (error) {
  say(
    `another Debian could not be tried: ${error instanceof Error ? error.message : String(error)}\n`,
  )
  end(0, 1, 0)
}
