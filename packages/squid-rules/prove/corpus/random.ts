/** Repeatable pseudo-random numbers (mulberry32), so that every run has the same corpus. */
export interface Random {
  readonly below: (limit: number) => number
  readonly pick: <T>(list: readonly T[]) => T
  readonly hex: (digits: number) => string
}

export const createRandom = (seed: number): Random => {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (limit: number): number => next() % limit
  return {
    below,
    pick: (list) => list[below(list.length)]!,
    hex: (digits) => {
      let text = ''
      while (text.length < digits) text += next().toString(16).padStart(8, '0')
      return text.slice(0, digits)
    },
  }
}
