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
using root = await DebianRoot.create(SUITE, 'declared', (line) => say(`${line}\n`))
await root.checkout()
const demo = await root.run(['npm', 'run', 'demo', '--', 'bios-ipxe'], { watch: inside })
const tests = await root.run(['npm', 'test', '--', '--project', 'system', ...TESTS], {
  watch: inside,
})
const { passed, failed, skipped } = countsOf(tests.said)
root.close()
const demoPassed = demo.code === 0
end(passed + Number(demoPassed), failed + Number(!demoPassed), skipped)
