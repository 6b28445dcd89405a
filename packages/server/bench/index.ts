import type { Measure, Measurement } from '../../../scripts/measure.ts'
import { boots } from './boots.ts'
import { decision } from './decision.ts'
import { idle, largeFiles, scripts, smallFiles } from './http.ts'
import { install } from './install.ts'
import { lines } from './lines.ts'
import { reload } from './reload.ts'
import { state } from './state.ts'

/** `npm run bench -- server [lines|install|decision|idle|scripts|reload|state|small-files|large-files|boots]`; needs `npm run build`. */
export const bench: Measure = async ({ say, only }) => {
  const parts: Readonly<
    Record<string, () => readonly Measurement[] | Promise<readonly Measurement[]>>
  > = {
    lines,
    install: () => install(say),
    decision: () => decision(say),
    idle: () => idle(say),
    scripts: () => scripts(say),
    reload: () => reload(say),
    state: () => state(say),
    'small-files': () => smallFiles(say),
    'large-files': () => largeFiles(say),
    boots: () => boots({ say, only }),
  }
  const found: Measurement[] = []
  for (const [name, run] of Object.entries(parts)) {
    if (only.length === 0 || only.some((word) => name.includes(word))) found.push(...(await run()))
  }
  return found
}
