import { expectTypeOf, it } from 'vitest'

import type { Writable } from '../src/index.ts'

it('takes readonly away and nothing else', () => {
  expectTypeOf<Writable<{ readonly a: number; readonly b?: string }>>().toEqualTypeOf<{
    a: number
    b?: string
  }>()
})
