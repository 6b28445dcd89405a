import { describe, expect, it } from 'vitest'

import { modulesOf } from './modules-of.ts'

describe('a daemon', () => {
  it('with a minimal configuration has loaded no feature', async () => {
    const modules = await modulesOf('')
    expect(modules).toContain('daemon/daemon.ts')
    expect(modules).toContain('load/worker.ts')
    expect(modules.filter((path) => path.startsWith('features/'))).toEqual(['features/index.ts'])
  }, 60_000)
})
