import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Measurement } from '../../../scripts/measure.ts'

/** Most lines that the core may have. */
const MAX_CORE_LINES = 8300

const SOURCE = new URL('../src/', import.meta.url).pathname

/** Lines of TypeScript in the core and in the features. */
export const countLines = (): { readonly core: number; readonly features: number } => {
  const count = { core: 0, features: 0 }
  for (const entry of readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })) {
    if (!entry.endsWith('.ts')) continue
    const lines = readFileSync(join(SOURCE, entry), 'utf8').split('\n').length - 1
    count[entry.startsWith('features/') ? 'features' : 'core'] += lines
  }
  return count
}

/** How large the core is, for whoever takes it over. */
export const lines = (): Measurement[] => {
  const { core, features } = countLines()
  return [
    {
      what: 'lines of the core',
      unit: 'lines',
      ours: core,
      bar: { of: 'ours', is: 'at most', limit: MAX_CORE_LINES },
    },
    { what: 'lines of the features', unit: 'lines', ours: features },
  ]
}
