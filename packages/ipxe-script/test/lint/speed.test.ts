import { describe, expect, it } from 'vitest'

import { lint } from '../../src/index.ts'
import { LONG_KINDS, longScript } from './long-scripts.ts'

/** Processor time in milliseconds: other work on the machine does not count. */
const cpuMs = (work: () => void): number => {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

/** What a garbage collection may add, on a machine that does other things too. */
const NOISE_MS = 100

/** The best of three tries. */
const lintMs = (text: string): number =>
  Math.min(...Array.from({ length: 3 }, () => cpuMs(() => lint(text))))

describe('a script of four times as many lines is linted in less than eight times the time:', () => {
  it.each(Object.entries(LONG_KINDS))('%s', (_name, kind) => {
    lint(longScript(kind, 2000))
    const quarterMs = lintMs(longScript(kind, 3000))
    const wholeMs = lintMs(longScript(kind, 12_000))
    expect(wholeMs).toBeLessThan(8 * quarterMs + NOISE_MS)
  })
})
