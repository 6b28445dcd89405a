import type { Pattern, Segment } from './parse.ts'

/** The spellings of a row of fixed pieces, or undefined where there are too many to list. */
const spellings = (segment: Segment): string[] | undefined => {
  let all = ['']
  for (const piece of segment.pieces) {
    if (piece.kind !== 'fixed' || piece.hex !== undefined) return undefined
    all = all.flatMap((start) => piece.anyOf.map((word) => start + word))
  }
  return all
}

/** What every text of the segment begins or ends with: one of these. */
const edges = (segment: Segment, end: 'first' | 'last'): readonly string[] => {
  const piece = end === 'first' ? segment.pieces[0] : segment.pieces.at(-1)
  return piece?.kind === 'fixed' && piece.hex === undefined ? piece.anyOf : ['']
}

/** Whether the fixed text before or after the first free piece already tells the two apart. */
const joined = (segment: Segment, end: 'first' | 'last'): readonly string[] => {
  const pieces = end === 'first' ? segment.pieces : segment.pieces.toReversed()
  let all = ['']
  for (const piece of pieces) {
    if (piece.kind !== 'fixed' || piece.hex !== undefined) break
    all = all.flatMap((text) =>
      piece.anyOf.map((word) => (end === 'first' ? text + word : word + text)),
    )
  }
  return all.length > 0 ? all : edges(segment, end)
}

/** What is fixed of a segment: all of it, or how it begins and ends. */
interface Fixed {
  readonly all: readonly string[] | undefined
  readonly first: readonly string[]
  readonly last: readonly string[]
}

const seen = new WeakMap<Segment, Fixed>()

const fixedOf = (segment: Segment): Fixed => {
  const known = seen.get(segment)
  if (known) return known
  const fixed = {
    all: spellings(segment),
    first: joined(segment, 'first'),
    last: joined(segment, 'last'),
  }
  seen.set(segment, fixed)
  return fixed
}

const segmentsMeet = (one: Segment, other: Segment): boolean => {
  const [a, b] = [fixedOf(one), fixedOf(other)]
  if (a.all && b.all) return a.all.some((text) => b.all!.includes(text))
  return (
    a.first.some((x) => b.first.some((y) => x.startsWith(y) || y.startsWith(x))) &&
    a.last.some((x) => b.last.some((y) => x.endsWith(y) || y.endsWith(x)))
  )
}

const runOf = ({ segments }: Pattern): number =>
  segments.findIndex(({ pieces }) => pieces[0]?.kind === 'path')

/** False only where no path can match both patterns; it looks at what is fixed at either end. */
export const mayOverlap = (a: Pattern, b: Pattern): boolean => {
  const [runA, runB] = [runOf(a), runOf(b)]
  const [countA, countB] = [a.segments.length, b.segments.length]
  if (runA < 0 && runB < 0 && countA !== countB) return false
  // A run stands for at least one segment, so a pattern with one is never shorter than it is written.
  if ((runA < 0 && countA < countB) || (runB < 0 && countB < countA)) return false
  const left = Math.min(runA < 0 ? countA : runA, runB < 0 ? countB : runB)
  for (let i = 0; i < left; i++) if (!segmentsMeet(a.segments[i]!, b.segments[i]!)) return false
  const right = Math.min(
    runA < 0 ? countA : countA - runA - 1,
    runB < 0 ? countB : countB - runB - 1,
  )
  for (let i = 1; i <= right; i++) {
    if (!segmentsMeet(a.segments[countA - i]!, b.segments[countB - i]!)) return false
  }
  return true
}
