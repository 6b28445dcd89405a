import { existsSync, readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { configurationReference } from '../src/config/reference.ts'
import { FEATURES } from '../src/features/index.ts'
import { EVENTS } from '../src/log/names.ts'
import { SERVER_ERROR_CODES } from '../src/model/errors.ts'
import { featureSchemas } from '../src/seam/registry.ts'

const doc = (name: string): string =>
  readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8')

describe('the documentation', () => {
  it('has a row for every error code', () => {
    for (const code of SERVER_ERROR_CODES)
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
})
