import type { Reporter, TestModule } from 'vitest/node'

/** Prints the closing line `N passed, N failed, N skipped`; as root in CI, a skipped system test fails the run. */
export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state]++
      // A file that does not load has no tests, so it would not be counted at all.
      if (module.state() === 'failed' && [...module.children.allTests('failed')].length === 0) count.failed++
    }
    const failed = count.failed + count.pending + errors.length
    const skippedInCi = process.env['CI'] === 'true' && process.getuid?.() === 0 ? count.skipped : 0
    if (skippedInCi > 0) {
      process.exitCode = 1
      process.stderr.write(`${skippedInCi} tests were skipped, and under CI as root none may be\n`)
    }
    process.once('exit', () => {
      process.stdout.write(`${count.passed} passed, ${failed + skippedInCi} failed, ${count.skipped - skippedInCi} skipped\n`)
    })
  }
}
