// npm test [-- VITEST ARGUMENTS]: brings the Debian packages, then runs every test and holds the time against its budget.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { BUDGET, ENFORCED, overBudget, watchOthers } from './budget.mjs'
import { ensureDebianPackages, lackedPackages } from './debian.mjs'

const say = (line) => process.stderr.write(`test: ${line}\n`)
const args = process.argv.slice(2)

const missing = ensureDebianPackages(say)
if (missing) {
  say(`SKIPPING the tests on real machines and servers: ${missing}`)
  say('to run them, on Debian 12 or newer: sudo npm test')
}
const folder = mkdtempSync(join(tmpdir(), 'bootwire-test-'))
const times = join(folder, 'seconds.json')
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
process.on('SIGINT', () => {}) // vitest gets it too

// A budget is for the whole: parts are run while one works on them, and without root there is little to wait for.
const isWhole = args.length === 0 && !missing
const others = isWhole ? watchOthers() : () => undefined
const vitest = spawn('vitest', ['run', ...args], {
  stdio: 'inherit',
  env: {
    ...process.env,
    BOOTWIRE_SYSTEM_TESTS: missing ? 'skip' : 'run',
    BOOTWIRE_LACKED_PACKAGES: missing ? '' : lackedPackages().join(','),
    BOOTWIRE_TEST_SECONDS: times,
  },
})
await once(vitest, 'close')

const over = isWhole ? overBudget(JSON.parse(readFileSync(times, 'utf8')), BUDGET) : []
const disturbed = others()
for (const sentence of over) say(`OVER BUDGET: ${sentence}`)
if (over.length > 0 && disturbed !== undefined)
  say(`other programs used ${disturbed.toFixed(1)} cores meanwhile, so the budget says nothing`)
const isOver = ENFORCED && over.length > 0 && disturbed === undefined
process.exitCode = vitest.exitCode || Number(isOver)
