import { expect, it } from 'vitest'

import { describeSystem } from '../../../scripts/system-tests.ts'
import { configurations, parseAll } from '../prove/configurations.ts'

describeSystem('every kind of squid.conf', () => {
  it('passes `squid -k parse` without a warning that is not expected (every ninth; the others in prove)', () => {
    const { parsed, unexpected } = parseAll([...configurations()].filter((_, i) => i % 9 === 0))
    expect(unexpected).toEqual([])
    expect(parsed).toBeGreaterThan(50)
  })
})
