// Run by `faults.ts` in a copy of the sources that holds a planted fault: exits 3 when a check finds it, 0 when none does.
import { CHECKS } from './state-checks.ts'

const RUNS: Readonly<Record<string, number>> = { histories: 12_000, 'power fails': 12 }

for (const [name, check] of Object.entries(CHECKS)) {
  try {
    await check(RUNS[name] ?? 1)
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    process.stdout.write(`${name}: ${String(cause).split('\n')[0]}\n`)
    process.exit(3)
  }
}
process.exit(0)
