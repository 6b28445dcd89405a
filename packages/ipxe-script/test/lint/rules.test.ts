import { readdirSync, readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { applyFixes, lint, PROFILES } from '../../src/index.ts'
import { exampleOf } from '../../src/lint/page.ts'
import { RULES } from '../../src/lint/rules/index.ts'

const profilesOf = (name: string | undefined) => (name === undefined ? [] : [PROFILES.get(name)!])

const cases = RULES.map((rule): [string, (typeof RULES)[number]] => [rule.id, rule])

describe('every rule', () => {
  it('has a name of its own', () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length)
    expect(RULES.length).toBeGreaterThanOrEqual(40)
  })

  it.each(cases)('%s finds its bad example, and says nothing of its good one', (id, rule) => {
    const profiles = profilesOf(rule.profile)
    const bad = lint(exampleOf(rule, 'bad'), { profiles })
    expect(bad.map((finding) => finding.rule)).toContain(id)
    expect(bad.find((finding) => finding.rule === id)).toMatchObject({ severity: rule.severity })
    expect(lint(exampleOf(rule, 'good'), { profiles })).toEqual([])
  })

  it.each(cases.filter(([, { fixes }]) => fixes))('%s cures its bad example', (id, rule) => {
    const text = exampleOf(rule, 'bad')
    const profiles = profilesOf(rule.profile)
    const findings = lint(text, { profiles }).filter((finding) => finding.rule === id)
    const fixed = applyFixes(text, findings)
    expect(fixed).not.toBe(text)
    expect(lint(fixed, { profiles }).filter((finding) => finding.rule === id)).toEqual([])
  })

  it.each(cases.filter(([, { fixes }]) => !fixes))(
    '%s offers no fix, as its page says',
    (id, rule) => {
      const findings = lint(exampleOf(rule, 'bad'), { profiles: profilesOf(rule.profile) })
      expect(findings.filter((finding) => finding.rule === id && finding.fix)).toEqual([])
    },
  )
})

const golden = new URL('../../../../examples/ipxe-scripts/golden/', import.meta.url)

/** Three examples say in their source which build they are for. */
const profileOf = (name: string): string | undefined => {
  if (name.startsWith('04') || name.startsWith('17')) return 'ipxe2-efi'
  return name.startsWith('08') ? 'secure-boot' : undefined
}

describe('the example scripts', () => {
  it.each(readdirSync(golden))('%s has no finding but what it means to show', (name) => {
    const profiles = profilesOf(profileOf(name))
    const findings = lint(readFileSync(new URL(name, golden), 'utf8'), { profiles })
    const shown = name.includes('six-commands') ? ['missing-initrd-argument'] : []
    expect(findings.map(({ rule }) => rule).filter((rule) => !shown.includes(rule))).toEqual([])
  })
})
