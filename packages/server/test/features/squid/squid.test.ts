import { main } from '@bootwire/squid-rules/cli'
import { describe, expect, it } from 'vitest'

import { FEATURES } from '../../../src/features/index.ts'
import { loadText } from '../../../src/load/load.ts'
import { modulesOf } from '../../modules-of.ts'
import { saidByBoth } from '../../same-program.ts'

describe('squid:', () => {
  it('is checked by the package that owns it, at the right line', async () => {
    const text = 'vars: {}\nsquid:\n  catalog: 12'
    const loaded = await loadText(text, '/nonexistent/boot.yaml', { features: FEATURES })
    expect(loaded).toMatchObject({
      ok: false,
      issues: [{ code: 'squid', line: expect.any(Number) }],
    })
    expect(!loaded.ok && [2, 3]).toContain(loaded.ok ? 0 : loaded.issues[0]?.line)
  })

  it('has that feature loaded, and no other', async () => {
    const modules = await modulesOf('squid: {}')
    const features = modules.filter((path) => path.startsWith('features/'))
    expect(features.toSorted()).toEqual(['features/index.ts', 'features/squid/index.ts'])
  }, 60_000)
})

it('bootwire squid is bootwire-squid', async () => {
  const [within, alone] = await saidByBoth('squid', main, 'generate')
  expect(within).toEqual(alone)
})
