import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Measurement } from '../../../scripts/measure.ts'
import type { Random } from './random.ts'
import { failures } from './rig.ts'

const ROOT = new URL('../../../', import.meta.url).pathname
const FEATURES = 'packages/server/src/features'

/** The row of a feature in the table, with the braces around it. */
const rowOf = (name: string): RegExp =>
  new RegExp(`\\n  \\{\\n    name: '${name}',\\n[^]*?\\n  \\},`)

/** A copy of what the server is built and tested from, with the workspace's node_modules. */
const copyInto = (folder: string): void => {
  for (const name of ['packages', 'internal', 'scripts', 'docs', 'node_modules'])
    cpSync(join(ROOT, name), join(folder, name), {
      recursive: true,
      verbatimSymlinks: true,
      // What is built of ours is made anew; what is built of others is all there is of them.
      filter: (path) => /\/\.pnpm\//.test(path) || !/\/(dist|\.cache|\.vite)$/.test(path),
    })
  for (const name of readdirSync(ROOT))
    if (/^(tsconfig.*|package)\.json$|^vitest\.config\.ts$/.test(name))
      cpSync(join(ROOT, name), join(folder, name))
}

const passes = (folder: string, args: readonly string[], say: (line: string) => void): boolean => {
  try {
    execFileSync('npx', args, { cwd: folder, stdio: 'pipe', encoding: 'utf8' })
    return true
  } catch (error) {
    const out: unknown = error instanceof Error && 'stdout' in error ? error.stdout : error
    say(String(out).slice(-3000))
    return false
  }
}

/** Deletes each feature's folder, row and tests in a scratch copy: the rest type-checks, and its unit tests pass. */
export const features = async (
  _random: Random,
  say: (line: string) => void,
): Promise<Measurement[]> => {
  const found: Measurement[] = []
  const names = readdirSync(join(ROOT, FEATURES), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
  for (const name of names) {
    const folder = mkdtempSync(join(tmpdir(), 'bootwire-scratch-'))
    try {
      copyInto(folder)
      rmSync(join(folder, FEATURES, name), { recursive: true })
      rmSync(join(folder, 'packages/server/test/features', name), { recursive: true, force: true })
      const table = join(folder, FEATURES, 'index.ts')
      const text = readFileSync(table, 'utf8')
      const without = text.replace(rowOf(name), '')
      if (without === text) throw new Error(`features/index.ts has no row of ${name}`)
      writeFileSync(table, without)
      const typeChecks = passes(folder, ['tsc', '-p', 'packages/server'], say)
      const tests = ['vitest', 'run', '--project', 'server', '-t', '^(?!the documentation)']
      const works = passes(folder, tests, say)
      found.push(failures(`without ${name}: types`, typeChecks ? 0 : 1))
      found.push(failures(`without ${name}: unit tests`, works ? 0 : 1))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  return found
}
