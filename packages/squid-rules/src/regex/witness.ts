import type { ByteSet, Node } from './syntax.ts'

/** So many texts are tried: enough for the alternatives that rules have. */
const MAX_WITNESSES = 200

/** Characters by how much they look like a URL's; a blank comes last, as it ends one. */
const PREFERRED = 'a0/.-_bx1'

const charOf = (set: ByteSet): string | undefined => {
  const liked = PREFERRED.split('').find((char) => set[char.charCodeAt(0)] === 1)
  if (liked !== undefined) return liked
  const code = set.findIndex((bit, i) => bit === 1 && i > 0x20 && i < 0x7f)
  return code < 0 ? undefined : String.fromCharCode(code)
}

const join = (starts: readonly string[], ends: readonly string[]): string[] =>
  starts.flatMap((start) => ends.map((end) => start + end)).slice(0, MAX_WITNESSES)

/** A mark for the place where only a blank would fit: the URL ends there. */
const END = '\n'

/**
 * Texts without blanks that an expression matches, as far as its assertions let it: one for each way through its
 * alternatives. Whoever asks runs the expression on them.
 */
export const witnesses = (node: Node): string[] => {
  const of = (part: Node): string[] => {
    if (part.kind === 'set') return [charOf(part.set) ?? END]
    if (part.kind === 'assertion') return ['']
    if (part.kind === 'choice') return part.parts.flatMap(of).slice(0, MAX_WITNESSES)
    if (part.kind === 'sequence') return part.parts.map(of).reduce(join, [''])
    const once = of(part.part)
    const least = Array.from({ length: Math.min(part.least, 300) }, () => once.slice(0, 1)).reduce(
      join,
      [''],
    )
    const more = part.most > part.least ? join(least, once) : []
    // More than the least is tried first, so that a file has a name.
    return [...more, ...least].slice(0, MAX_WITNESSES)
  }
  return [...new Set(of(node).map((text) => text.split(END)[0]!))]
}
