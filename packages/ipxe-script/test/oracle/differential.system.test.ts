import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeSystemWith } from '../../../../scripts/system-tests.ts'
import { compare, type Comparison, interpret, observe } from './compare.ts'
import { FAULTS } from './faults.ts'
import { corpus } from './fragments.ts'
import { compareKeyed, KEYED } from './keyed.ts'
import { unwrap } from './normalise.ts'
import { boot } from './qemu.ts'
import { randomFragments } from './random.ts'
import { compareRecipe, recipes } from './recipes.ts'
import { answersIn, expectedFor, scriptOf, strings } from './strings.ts'

/** Fragments that the serial line may have garbled, at most: it doubles a letter now and then. */
const GARBLED = 8
/** For tests that boot by themselves: a garbled letter does not come twice, a wrong interpreter does. */
const ASK_AGAIN = { retry: 2 }

describeSystemWith(['ipxe2019'])("Debian's iPXE in QEMU and the interpreter", () => {
  const sample = corpus().filter((_, index) => index % 3 === 0)
  const fragments = [...sample, ...randomFragments(24, 5)]
  let comparisons: readonly Comparison[] = []

  beforeAll(async () => {
    const first = compare(fragments, await interpret(fragments), await observe(fragments))
    const doubtful = first.filter(({ agrees }) => !agrees).map(({ fragment }) => fragment)
    const again =
      doubtful.length > 0 && doubtful.length <= GARBLED
        ? compare(doubtful, await interpret(doubtful), await observe(doubtful))
        : []
    comparisons = first.map((one) => again.find(({ fragment }) => fragment === one.fragment) ?? one)
  })

  afterAll(() => {
    comparisons = []
  })

  it('print the same for every fragment', () => {
    const wrong = comparisons.filter(({ agrees }) => !agrees)
    expect(wrong.map(({ fragment, ours, theirs }) => [fragment.name, ours, theirs])).toEqual([])
    expect(comparisons.length).toBe(fragments.length)
  })

  it.each(FAULTS.filter((_, index) => index !== 3))(
    'differ once a fault is planted: $name',
    async ({ language }) => {
      const ours = await interpret(fragments, language)
      expect(comparisons.some(({ theirs }, index) => ours[index] !== theirs)).toBe(true)
    },
  )

  it('agree about keys pressed', ASK_AGAIN, async () => {
    for (const keyed of [KEYED[1]!, KEYED[11]!]) {
      const { ours, theirs } = await compareKeyed(keyed)
      expect({ name: keyed.name, marks: ours }).toEqual({ name: keyed.name, marks: theirs })
    }
  })

  it('hand strings on as they are', ASK_AGAIN, async () => {
    const values = strings(60, 3)
    const { console } = await boot({ script: `${scriptOf(values)}sleep 1\nreboot\n` })
    expect(answersIn(unwrap(console))).toEqual(expectedFor(values))
  })

  it('boot a recipe with the same command line and initrd', ASK_AGAIN, async () => {
    const { agrees, ours, seen } = await compareRecipe(
      recipes().find(({ name }) => name.startsWith('07-debian'))!,
    )
    expect(ours.outcome.kind).toBe('boots')
    expect({ agrees, seen }).toEqual({ agrees: true, seen })
  })
})
