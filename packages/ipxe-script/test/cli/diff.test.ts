import fc from 'fast-check'
import { expect, it } from 'vitest'

import { unifiedDiff } from '../../src/cli/diff.ts'

/** What `patch` makes of a text, by the form that POSIX gives a unified difference. */
const patched = (before: string, diff: string): string => {
  const old = before.match(/[^\n]*\n|[^\n]+$/g) ?? []
  let made = ''
  let at = 0
  for (const hunk of diff.split(/^@@ /m).slice(1)) {
    const [head = '', ...lines] = hunk.split('\n')
    const [, from, length] = /^-(\d+),(\d+)/.exec(head)!
    const start = Number(from) - (Number(length) === 0 ? 0 : 1)
    made += old.slice(at, start).join('')
    at = start + Number(length)
    for (const [index, line] of lines.entries()) {
      const end = lines[index + 1]?.startsWith('\\') ? '' : '\n'
      if (/^[ +]/.test(line)) made += line.slice(1) + end
    }
  }
  return made + old.slice(at).join('')
}

const text = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 }), fc.boolean())
  .map(([lines, newline]) => lines.join('\n') + (newline ? '\n' : ''))

it('a patch of the difference makes the new text of the old one', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(patched(before, unifiedDiff('a.ipxe', before, after))).toBe(after)
    }),
  )
})

it('has nothing to say of the same text', () => {
  expect(unifiedDiff('a.ipxe', 'x\ny', 'x\ny')).toBe('')
})
