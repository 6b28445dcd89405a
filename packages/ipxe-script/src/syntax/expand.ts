/** Longest value that an expansion may grow to; iPXE's heap is 512 KiB. */
const MAX_LENGTH = 262_144

/** Replacements in one word after which it is taken to go on for ever. */
const MAX_ROUNDS = 10_000

export type Expansion = { readonly text: string } | { readonly failure: 'endless' | 'too long' }

/** Where the next `${name}` stands: the first `}` after a `${`, and the last `${` before that. */
export const findExpansion = (text: string): { start: number; end: number } | undefined => {
  const open = text.indexOf('${')
  if (open < 0) return undefined
  const end = text.indexOf('}', open)
  if (end < 0) return undefined
  return { start: text.lastIndexOf('${', end), end }
}

/**
 * Replaces `${name}`, innermost first, and looks at the result from its start again, values included, until nothing
 * is left to replace. A value that contains itself never ends in iPXE; here it is told.
 */
export const expand = (text: string, valueOf: (name: string) => string): Expansion => {
  let result = text
  for (let round = 0; ; round++) {
    const found = findExpansion(result)
    if (!found) return { text: result }
    const value = valueOf(result.slice(found.start + 2, found.end))
    result = result.slice(0, found.start) + value + result.slice(found.end + 1)
    if (result.length > MAX_LENGTH) return { failure: 'too long' }
    if (round > MAX_ROUNDS) return { failure: 'endless' }
  }
}
