import { expect, it } from 'vitest'

import { packageVersion } from '../src/index.ts'

it('finds the manifest above the module, however deep that lies', () => {
  expect(packageVersion(import.meta.url)).toBe('0.0.0')
  expect(packageVersion(new URL('a/b/c.js', import.meta.url).href)).toBe('0.0.0')
})

it('is unknown where there is none', () => {
  expect(packageVersion('file:///nowhere/x.js')).toBe('unknown')
})
