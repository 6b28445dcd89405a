/** Number of single-character edits (insert, delete, replace, swap of neighbours) between two words. */
const distance = (a: string, b: string): number => {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [
    i,
    ...Array<number>(b.length).fill(0),
  ])
  for (let j = 1; j <= b.length; j++) rows[0]![j] = j
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, rows[i - 2]![j - 2]! + 1)
      }
      rows[i]![j] = best
    }
  }
  return rows[a.length]![b.length]!
}

/** The allowed word that `seen` was probably meant to be, or undefined. */
const suggest = (seen: string, allowed: readonly string[]): string | undefined => {
  const word = seen.toLowerCase().slice(0, 64)
  let best: { name: string; edits: number } | undefined
  for (const name of allowed) {
    if (Math.abs(name.length - word.length) > 3) continue
    const edits = distance(word, name.toLowerCase())
    if (edits <= Math.max(1, Math.floor(name.length / 3)) && edits < (best?.edits ?? 99))
      best = { name, edits }
  }
  return best?.name
}

/** `; did you mean "kernel"?` or the list of what is allowed. */
export const hint = (seen: string, allowed: readonly string[]): string => {
  const guess = suggest(seen, allowed)
  if (guess !== undefined) return `; did you mean "${guess}"?`
  if (allowed.length === 0) return '; none is defined'
  const shown = allowed.slice(0, 20).join(', ')
  return `; allowed: ${shown}${allowed.length > 20 ? ', …' : ''}`
}
