/** Longer words are not compared: the work grows with the square, and no name of ours is as long. */
const MAX_WORD_LETTERS = 64

/** Number of single-letter edits (insert, delete, replace, swap of neighbours) that make one word the other. */
const distance = (a: string, b: string): number => {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwap ? beforeLast[j - 2]! + 1 : Infinity
      row.push(Math.min(last[j]! + 1, row[j - 1]! + 1, replaced, swapped))
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}

/** Edits that a slip of the fingers explains: a third of the word, two in a word of four letters. */
const editsAllowed = (letters: number): number =>
  letters < 4 ? 1 : Math.max(2, Math.floor(letters / 3))

/** The name that `word` was probably meant to be, upper and lower case being equal; undefined where none is near. */
export const nearest = (word: string, names: Iterable<string>): string | undefined => {
  if (word.length > MAX_WORD_LETTERS) return undefined
  const wanted = word.toLowerCase()
  let fewest = editsAllowed(word.length) + 1
  let best: string | undefined
  for (const name of names) {
    if (Math.abs(name.length - word.length) >= fewest) continue
    const edits = distance(wanted, name.toLowerCase())
    if (edits >= fewest) continue
    fewest = edits
    best = name
  }
  return best
}

/** Names shown where none is near. */
const MAX_NAMES_SHOWN = 20

/** What to say behind an unknown word: `; did you mean "kernel"?`, or what is allowed. */
export const didYouMean = (word: string, allowed: readonly string[]): string => {
  const guess = nearest(word, allowed)
  if (guess !== undefined) return `; did you mean "${guess}"?`
  if (allowed.length === 0) return '; none is defined'
  const rest = allowed.length > MAX_NAMES_SHOWN ? ', …' : ''
  return `; allowed: ${allowed.slice(0, MAX_NAMES_SHOWN).join(', ')}${rest}`
}
