import { describe, expect, it } from 'vitest'

import { corpus } from '../prove/corpus/index.ts'
import { judge, oneLiner } from '../prove/sharing.ts'
import { createEngine } from '../src/engine/engine.ts'
import { compileRules } from '../src/generate/generate.ts'
import { EVERYTHING } from './urls/examples.ts'

const PAIRS = 30_000

describe('a sample of the corpus of real layouts and traps', { timeout: 30_000 }, () => {
  it('has no two files of different bytes under one key, and shares 99 % of what can be shared', () => {
    const engine = createEngine(compileRules(EVERYTHING))
    const { pairs, examples, wrongHits, sharedBytes, shareableBytes } = judge(
      corpus(PAIRS),
      (url) => engine.keyAt(url, 0),
    )
    expect(pairs).toBeGreaterThanOrEqual(PAIRS)
    expect(examples).toEqual([])
    expect(wrongHits).toBe(0)
    expect(sharedBytes / shareableBytes).toBeGreaterThan(0.99)
  })

  it('shows the wrong hits of the copied one-liner: signed and unsigned builds, and signatures', () => {
    const { examples, wrongHits } = judge(corpus(PAIRS), oneLiner)
    expect(wrongHits).toBeGreaterThan(0)
    expect(examples.some((each) => each.includes('signed') || each.includes(' sig '))).toBe(true)
  })
})
