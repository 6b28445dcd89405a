// node scripts/ci-times.mjs FILE: what each step of .ci/run took, beside its budget. FILE: seconds, tab, name.
import { readFileSync } from 'node:fs'

import { CI_BUDGET, overBudget } from './budget.mjs'

const steps = readFileSync(process.argv[2], 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split('\t'))
const total = steps.reduce((sum, [seconds]) => sum + Number(seconds), 0)
process.stdout.write('== times\n')
for (const [seconds, name] of steps)
  process.stdout.write(`${seconds.padStart(5)} s of ${CI_BUDGET[name] ?? '-'}  ${name}\n`)
const allowed = Object.values(CI_BUDGET).reduce((sum, seconds) => sum + seconds, 0)
process.stdout.write(`${String(total).padStart(5)} s of ${allowed}  all\n`)
const spent = Object.fromEntries(steps.map(([seconds, name]) => [name, Number(seconds)]))
// Said, not failed: CI's machine may have other work. `npm test` holds its own budget where it is alone.
for (const sentence of overBudget(spent, CI_BUDGET))
  process.stdout.write(`over budget: ${sentence}\n`)
