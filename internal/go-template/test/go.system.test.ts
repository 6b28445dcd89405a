import { expect, it } from 'vitest'

import { describeSystemWith } from '../../../scripts/system-tests.ts'
import { differences } from '../prove/differential.ts'

describeSystemWith(['golang-go'])("Debian's Go", () => {
  it('says the same of 2,000 random templates, in output and in errors', () => {
    const { found, rendered } = differences(20_240_301, 2000)
    expect(found).toEqual([])
    expect(rendered).toBeGreaterThan(300)
  })
})
