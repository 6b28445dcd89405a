import { existsSync, readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { countLines } from '../bench/lines.ts'
import { CONSOLE_TITLES } from '../src/boot/explain-script.ts'
import { FEATURES } from '../src/features/index.ts'
import { EVENTS } from '../src/log/names.ts'
import { SERVER_ERROR_CODES } from '../src/model/errors.ts'
import { featureSchemas } from '../src/seam/registry.ts'
import { STATE_ERROR_REASONS } from '../src/state/state-error.ts'
import { configurationReference } from './configuration-reference.ts'

const doc = (name: string): string =>
  readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8')

describe('the documentation', () => {
  it('has a row for every error code', () => {
    for (const code of SERVER_ERROR_CODES)
      expect(doc('errors.md')).toMatch(new RegExp(`^\\| \`${code}\` +\\|`, 'm'))
  })

  it('has a row for everything that a console or the store can say', () => {
    for (const code of [...Object.keys(CONSOLE_TITLES), ...STATE_ERROR_REASONS])
      expect(doc('errors.md')).toMatch(new RegExp(`^\\| \`${code}\` +\\|`, 'm'))
  })

  it('names every event of the log', () => {
    for (const event of EVENTS) expect(doc('booting.md')).toContain(`\`${event}\``)
  })

  it('has the reference of the configuration as the schema gives it', async () => {
    const reference = configurationReference(await featureSchemas(FEATURES))
    await expect(reference).toMatchFileSnapshot('../docs/configuration.md')
  })

  it('name files that are there', () => {
    const limits = readFileSync(new URL('../docs/limits.md', import.meta.url), 'utf8')
    const named = [...limits.matchAll(/`(src\/[^`]+\.ts)`/g)].map((found) => found[1] ?? '')
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((path) => !existsSync(new URL(`../${path}`, import.meta.url)))).toEqual([])
  })

  it('tell how large the core and the features are, to 5 percent', () => {
    const text = readFileSync(new URL('../../../docs/architecture.md', import.meta.url), 'utf8')
    const [, core, features] = /The core has ([\d,]+) lines, the features ([\d,]+)/.exec(text) ?? []
    const said = [core, features].map((each) => Number((each ?? '').replaceAll(',', '')))
    const counted = countLines()
    for (const [i, lines] of [counted.core, counted.features].entries())
      expect(Math.abs((said[i] ?? 0) / lines - 1), `it is ${lines} lines`).toBeLessThan(0.05)
  })
})
