import { existsSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { ensureDebianPackages } from './debian.mjs'
import { isMet, jsonOf, tableOf, type Measure, type Measurement } from './measure.ts'

const root = new URL('../packages/', import.meta.url)
const say = (line: string): void => void process.stderr.write(`${line}\n`)

/** Runs `packages/NAME/KIND/index.ts` and prints its table; the exit code says whether every bar was met. */
export const runMeasure = async (kind: 'bench' | 'prove'): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'string' } },
  })
  const [name, ...only] = positionals
  const entry = new URL(`${name}/${kind}/index.ts`, root)
  if (!name || !existsSync(entry)) {
    say(`usage: npm run ${kind} -- PACKAGE [PART…] [--json FILE]`)
    say(name ? `no ${kind} in packages/${name}` : 'PACKAGE is a folder of packages/')
    process.exit(2)
  }
  const missing = ensureDebianPackages(say)
  if (missing) say(`without Debian's peers: ${missing}`)
  const module: Partial<Record<string, Measure>> = await import(entry.href)
  const measure = module[kind]
  if (!measure) throw new Error(`packages/${name}/${kind}/index.ts exports no ${kind}`)
  const measurements: readonly Measurement[] = await measure({ say, only })
  process.stdout.write(`${tableOf(measurements)}\n`)
  if (values.json) writeFileSync(values.json, `${jsonOf(measurements)}\n`)
  const missed = measurements.filter((m) => isMet(m) === false).length
  say(missed === 0 ? 'every bar was met' : `${missed} of the bars were not met`)
  process.exit(missed === 0 ? 0 : 1)
}
