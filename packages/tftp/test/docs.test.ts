import { readFile } from 'node:fs/promises'

import { describe, expect, it } from 'vitest'

import { CHANNELS, OUTCOMES, TFTP_ERROR_CODES } from '../src/index.ts'

const page = (name: string) => readFile(new URL(`../${name}`, import.meta.url), 'utf8')

describe('the documentation', () => {
  it('has a row for every error code, and for no other', async () => {
    const rows = [...(await page('docs/errors.md')).matchAll(/^\| `(ERR_\w+)`/gm)].map(
      ([, code]) => code,
    )
    expect(rows).toEqual([...TFTP_ERROR_CODES])
  })

  it('names every channel and every outcome', async () => {
    const text = await page('docs/channels.md')
    for (const name of Object.values(CHANNELS)) expect(text).toContain(`\`${name}\``)
    for (const outcome of OUTCOMES) expect(text).toContain(`\`${outcome}\``)
  })
})
