import fc from 'fast-check'
import { expect, it } from 'vitest'

import { run } from '../../src/run/index.ts'
import { ANY_STRING, answersIn, canSay, expectedFor, scriptOf } from '../oracle/strings.ts'

it('gives iPXE every string that the builder does not refuse, byte for byte (2,000 strings)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(ANY_STRING, { minLength: 20, maxLength: 20 }), async (drawn) => {
      const values = drawn.filter(canSay)
      fc.pre(values.length > 0)
      const { console } = await run(scriptOf(values))
      expect(answersIn(console)).toEqual(expectedFor(values))
    }),
    { numRuns: 100 },
  )
}, 60_000)
