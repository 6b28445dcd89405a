import { expect, it } from 'vitest'

import { messageOf } from '../src/index.ts'

it.each([
  [new TypeError('no number'), 'no number'],
  ['plain text', 'plain text'],
  [undefined, 'undefined'],
  [7, '7'],
])('says %s as its message', (thrown, message) => {
  expect(messageOf(thrown)).toBe(message)
})
