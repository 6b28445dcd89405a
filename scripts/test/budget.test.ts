import { describe, expect, it } from 'vitest'

import { overBudget, watchOthers } from '../budget.mjs'

describe('the time that tests may take', () => {
  it('names what took longer than its budget, and nothing else', () => {
    expect(overBudget({ tftp: 41, server: 149 }, { server: 150, tftp: 40, rest: 15 })).toEqual([
      'tftp took 41 s; its budget is 40 s',
    ])
  })

  it('adds up what has no budget of its own', () => {
    expect(overBudget({ rest: 10, new: 6 }, { rest: 15 })).toEqual([
      'rest took 16 s; its budget is 15 s',
    ])
  })
})

const moments = (all: number, ours: number): (() => number | undefined) => {
  const read = [
    { all: 1000, ours: 50, atMs: 0 },
    { all: 1000 + all, ours: 50 + ours, atMs: 100_000 },
  ].values()
  return watchOthers(() => read.next().value!)
}

describe('other programs', () => {
  it('are not in the way when the processors were busy with the tests alone', () => {
    expect(moments(190, 180)()).toBeUndefined()
  })

  it('are in the way when they had more than a quarter of a core', () => {
    expect(moments(190, 100)()).toBeCloseTo(0.9)
  })

  it('are measured from what this machine tells', () => {
    const others = watchOthers()()
    expect(others === undefined || others > 0).toBe(true)
  })
})
