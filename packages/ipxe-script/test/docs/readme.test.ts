import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { capture } from '@bootwire-internal/cli/testing'
import { describe, expect, it } from 'vitest'

import { main } from '../../src/cli/main.ts'
import { RULES } from '../../src/lint/rules/index.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

describe('the README', () => {
  it('has a first example that builds what it shows', async () => {
    const [, source] = /```js\n([^]*?)```/.exec(readme)!
    const [, shown] = /\$ npx bootwire-ipxe build boot\.mjs\n([^]*?)\n\n/.exec(readme)!
    const folder = mkdtempSync(join(tmpdir(), 'bootwire-ipxe-'))
    try {
      const library = new URL('../../src/index.ts', import.meta.url).href
      const file = join(folder, 'boot.mjs')
      writeFileSync(file, source!.replace('@bootwire/ipxe-script', library))
      const { code, out } = await capture(main, ['build', file])
      expect(code).toBe(0)
      expect(out).toBe(shown!.replaceAll(/^ {4}/gm, '').concat('\n'))
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('counts the rules right', () => {
    expect(readme).toContain(`${RULES.length} rules, listed in`)
  })
})
