import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

import type { Reporter, TestModule } from 'vitest/node'

/** Seconds by package: system tests take turns, unit tests share the cores. */
const secondsOf = (modules: readonly TestModule[]): Record<string, number> => {
  const seconds: Record<string, number> = {}
  for (const module of modules) {
    const { environmentSetupDuration, prepareDuration, collectDuration, setupDuration, duration } =
      module.diagnostic()
    const parts = [
      environmentSetupDuration,
      prepareDuration,
      collectDuration,
      setupDuration,
      duration,
    ]
    const share = module.moduleId.includes('.system.') ? 1 : availableParallelism()
    const name = /\/packages\/([^/]+)\//.exec(module.moduleId)?.[1] ?? 'rest'
    const spent = parts.reduce((sum, ms) => sum + ms, 0) / 1000 / share
    seconds[name] = (seconds[name] ?? 0) + spent
  }
  return seconds
}

/**
 * Prints the closing line `N passed, N failed, N skipped`; as root in CI, a skipped system test counts as failed. A test
 * that passed only when it ran again is named: it says that something here depends on luck.
 */
export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 }
    const mayNotSkip = process.env['CI'] === 'true' && process.getuid?.() === 0
    let forbidden = 0
    const flaky: string[] = []
    for (const module of modules) {
      const all = [...module.children.allTests()]
      const tests = all.map((test) => test.result().state)
      for (const test of all) if (test.diagnostic()?.flaky) flaky.push(test.fullName)
      for (const state of tests) {
        if (state === 'skipped' && mayNotSkip && module.moduleId.includes('.system.')) forbidden++
        else count[state]++
      }
      // A file that does not load has no tests, and would else not be counted at all.
      if (module.state() === 'failed' && !tests.includes('failed')) count.failed++
    }
    if (forbidden > 0) {
      process.exitCode = 1
      process.stderr.write(`${forbidden} system tests were skipped; under CI as root none may be\n`)
    }
    for (const name of flaky) process.stderr.write(`passed only at the second try: ${name}\n`)
    const times = process.env['BOOTWIRE_TEST_SECONDS']
    if (times !== undefined) writeFileSync(times, JSON.stringify(secondsOf(modules)))
    const failed = count.failed + count.pending + forbidden
    process.once('exit', () => {
      process.stdout.write(`${count.passed} passed, ${failed} failed, ${count.skipped} skipped\n`)
    })
  }
}
