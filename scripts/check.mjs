// npm run check: format, lint, types, unused code, package shape. Every check runs; the exit code says whether all passed.
import { spawnSync } from 'node:child_process'

const CHECKS = [
  ['format', 'oxfmt', '--check'],
  ['lint', 'oxlint', '--deny-warnings'],
  ['types', 'tsc', '-p', '.'],
  ['words', 'node', 'scripts/check-words.mjs'],
  ['links of documents', 'tsx', 'scripts/docs.ts'],
  ['unused code', 'knip'],
  ['build', 'pnpm', '--recursive', '--filter', './packages/*', 'run', 'build'],
  ['packages', 'node', 'scripts/check-packages.mjs'],
]

let failed = 0
for (const [name, command, ...args] of CHECKS) {
  const started = performance.now()
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stdout.write(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`)
  if (status === 0) continue
  failed++
  process.stdout.write(`${stdout}${stderr}\n`)
}
process.stdout.write(`checks: ${CHECKS.length - failed} passed, ${failed} failed, 0 skipped\n`)
process.exit(failed === 0 ? 0 : 1)
