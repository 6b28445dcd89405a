import { readdirSync, readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { IPXE_SCRIPT_ERROR_CODES } from '../../src/index.ts'
import { ruleIndex, rulePage } from '../../src/lint/page.ts'
import { RULES } from '../../src/lint/rules/index.ts'
import { commandsPage } from '../../src/table/page.ts'

const docs = new URL('../../docs/', import.meta.url)

describe('the documentation', () => {
  it('has a row for every error code, and for no other', () => {
    const page = readFileSync(new URL('errors.md', docs), 'utf8')
    const rows = Array.from(page.matchAll(/^\| `(ERR_\w+)`/gm), ([, code]) => code)
    expect(new Set(rows)).toEqual(new Set(IPXE_SCRIPT_ERROR_CODES))
  })

  it('of commands is what the table says', async () => {
    await expect(commandsPage()).toMatchFileSnapshot('../../docs/commands.md')
  })

  it.each(RULES.map((rule): [string, (typeof RULES)[number]] => [rule.id, rule]))(
    'of rule %s is what the rule says',
    async (id, rule) => {
      await expect(rulePage(rule)).toMatchFileSnapshot(`../../docs/lint/${id}.md`)
    },
  )

  it('lists every rule, and has no page of a rule that is gone', async () => {
    await expect(ruleIndex()).toMatchFileSnapshot('../../docs/lint/index.md')
    const pages = readdirSync(new URL('lint/', docs)).map((name) => name.replace(/\.md$/, ''))
    expect(pages.toSorted()).toEqual([...RULES.map(({ id }) => id), 'index'].toSorted())
  })
})
