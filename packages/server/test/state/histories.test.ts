import { describe, it } from 'vitest'

import { checkHistories } from './histories.ts'

describe('histories of machines', () => {
  it('install no machine again that nobody asked to install again, and lose no installed state', () => {
    checkHistories(3000)
  }, 60_000)
})
