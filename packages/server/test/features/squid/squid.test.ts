import { describe, expect, it } from 'vitest'

import { FEATURES } from '../../../src/features/index.ts'
import { loadText } from '../../../src/load/load.ts'

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
})
