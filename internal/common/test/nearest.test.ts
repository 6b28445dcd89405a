import { describe, expect, it } from 'vitest'

import { didYouMean, nearest } from '../src/index.ts'

const NAMES = ['kernel', 'initrd', 'args', 'chain', 'id', '--block-size']

describe('nearest', () => {
  it.each([
    ['kernal', 'kernel', 'a wrong letter'],
    ['kernl', 'kernel', 'a missing letter'],
    ['kernell', 'kernel', 'a letter too many'],
    ['kenrel', 'kernel', 'two letters swapped'],
    ['KERNEL', 'kernel', 'upper case'],
    ['agrs', 'args', 'a swap in a short word'],
    ['ids', 'id', 'one letter in a very short word'],
    ['--blocksize', '--block-size', 'a missing hyphen'],
  ])('takes %s for %s: %s', (word, name) => {
    expect(nearest(word, NAMES)).toBe(name)
  })

  it.each(['menu', 'xy', '', 'entirely-different', 'k'.repeat(65)])(
    'knows nothing near %j',
    (word) => {
      expect(nearest(word, NAMES)).toBeUndefined()
    },
  )

  it('takes the nearest of several, and the first of equals', () => {
    expect(nearest('lists', ['lest', 'list'])).toBe('list')
    expect(nearest('lost', ['list', 'last'])).toBe('list')
  })

  it('is bounded for words of any length', () => {
    expect(nearest('a'.repeat(1_000_000), NAMES)).toBeUndefined()
  })
})

describe('didYouMean', () => {
  it('names the nearest word, or else what is allowed', () => {
    expect(didYouMean('kernal', NAMES)).toBe('; did you mean "kernel"?')
    expect(didYouMean('zzzzz', ['a', 'b'])).toBe('; allowed: a, b')
    expect(didYouMean('zzzzz', [])).toBe('; none is defined')
  })

  it('shows 20 names and says that there are more', () => {
    const names = Array.from({ length: 21 }, (_, i) => `name-${i}`)
    expect(didYouMean('zzzzz', names)).toBe(`; allowed: ${names.slice(0, 20).join(', ')}, …`)
    expect(didYouMean('zzzzz', names.slice(0, 20))).not.toContain('…')
  })
})
