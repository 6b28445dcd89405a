import { existsSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { becomesQuiet } from './bench-kit.ts'
import { PROVE_SECONDS, watchOthers } from './budget.mjs'
import { ensureDebianPackages } from './debian.mjs'
import { isMet, jsonOf, tableOf, type Measure, type Measurement } from './measure.ts'

const root = new URL('../', import.meta.url)
/** Not a package, but measured like one. */
const PLATFORMS = 'platforms'
const say = (line: string): void => void process.stderr.write(`${line}\n`)

/**
 * Runs `packages/NAME/KIND/index.ts` and prints its table. Exit codes: 0 every bar was met, 1 one was missed, 2 wrong words,
 * 3 the machine was not quiet, so that the figures say nothing.
 */
export const runMeasure = async (kind: 'bench' | 'prove'): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'string' }, corpus: { type: 'string' } },
  })
  const [name, ...only] = positionals
  const place =
    [`packages/${name}/${kind}/index.ts`, `internal/${name}/${kind}/index.ts`].find((each) =>
      existsSync(new URL(each, root)),
    ) ?? `scripts/${PLATFORMS}/${kind}.ts`
  const entry = new URL(place, root)
  if (!name || (place.startsWith('scripts/') && name !== PLATFORMS) || !existsSync(entry)) {
    say(`usage: npm run ${kind} -- PACKAGE [PART…] [--json FILE] [--corpus FOLDER]`)
    say(
      name ? `no ${kind} in packages/${name}` : 'PACKAGE is a folder of packages/, or "platforms"',
    )
    process.exit(2)
  }
  const missing = ensureDebianPackages(say)
  if (missing) say(`without Debian's peers: ${missing}`)
  const module: Partial<Record<string, Measure>> = await import(entry.href)
  const measure = module[kind]
  if (!measure) throw new Error(`packages/${name}/${kind}/index.ts exports no ${kind}`)
  const disturbed = kind === 'bench' && !(await becomesQuiet(say))
  const others = watchOthers()
  const startedMs = performance.now()
  const figures: readonly Measurement[] = await measure({
    say,
    only,
    ...(values.corpus !== undefined && { corpus: values.corpus }),
  })
  const seconds = (performance.now() - startedMs) / 1000
  const measurements = disturbed ? figures.map((each) => ({ ...each, disturbed })) : figures
  process.stdout.write(`${tableOf(measurements)}\n`)
  if (values.json) writeFileSync(values.json, `${jsonOf(measurements)}\n`)
  const missed = measurements.filter((m) => isMet(m) === false).length
  if (disturbed) {
    say('the machine was not quiet: no bar was met or missed')
    process.exit(3)
  }
  say(missed === 0 ? 'every bar was met' : `${missed} of the bars were not met`)
  const isLate = kind === 'prove' && seconds > PROVE_SECONDS && others() === undefined
  if (isLate) say(`it took ${Math.round(seconds)} s; the budget of a proof is ${PROVE_SECONDS} s`)
  process.exit(missed === 0 && !isLate ? 0 : 1)
}
