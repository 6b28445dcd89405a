import { describe, expect, it } from 'vitest'

import { checkHistories } from './histories.ts'

describe('histories of machines', () => {
  it('install no machine again that nobody asked to install again, and lose no installed state', () => {
    expect(() => checkHistories(3000, 4711)).not.toThrow()
  }, 60_000)
})
