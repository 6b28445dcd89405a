// npm test [-- VITEST ARGUMENTS]: brings the Debian packages, then runs every test.
import { spawnSync } from 'node:child_process'

import { ensureDebianPackages } from './debian.mjs'

const say = (line) => process.stderr.write(`test: ${line}\n`)
const missing = ensureDebianPackages(say)
if (missing) {
  say(`SKIPPING the tests on real machines and servers: ${missing}`)
  say('to run them, on Debian 12: sudo npm test')
}
const env = { ...process.env, BOOTWIRE_SYSTEM_TESTS: missing ? 'skip' : 'run' }
const { status } = spawnSync('vitest', ['run', ...process.argv.slice(2)], { stdio: 'inherit', env })
process.exit(status ?? 1)
