import { readFile } from 'node:fs/promises'

import { describe, expect, it } from 'vitest'

import { CHANNELS, DROP_REASONS, ODDITIES, OUTCOMES, TFTP_ERROR_CODES } from '../src/index.ts'
import { settingsOf } from '../src/server/settings.ts'

const page = (name: string) => readFile(new URL(`../${name}`, import.meta.url), 'utf8')

describe('the documentation', () => {
  it('has a row for every error code, and for no other', async () => {
    const rows = [...(await page('docs/errors.md')).matchAll(/^\| `(ERR_\w+)`/gm)].map(
      ([, code]) => code,
    )
    expect(rows).toEqual([...TFTP_ERROR_CODES])
  })

  it('names every channel, outcome, reason of a drop and oddity', async () => {
    const text = await page('docs/channels.md')
    for (const name of Object.values(CHANNELS)) expect(text).toContain(`\`${name}\``)
    for (const word of [...OUTCOMES, ...DROP_REASONS, ...ODDITIES])
      expect(text).toContain(`| \`${word}\``)
  })

  it('names every setting and every limit', async () => {
    const { limits, ...settings } = settingsOf({})
    const [readme, bounds] = [await page('README.md'), await page('docs/limits.md')]
    for (const name of Object.keys(settings)) expect(readme).toContain(`| \`${name}\``)
    for (const name of Object.keys(limits)) expect(bounds).toContain(`\`${name}\``)
  })

  it('cites sections that readers have', async () => {
    for (const name of ['README.md', 'docs/conformance.md', 'docs/design.md'])
      expect(await page(name)).not.toMatch(/\b[A-D]\.\d/)
  })
})
