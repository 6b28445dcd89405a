import { Code } from './characters.ts'
import type { FixedPiece, FreePiece, Pattern, Piece, Segment } from './parse.ts'
import type { KeyPart } from './plan.ts'
import type { Path } from './scan.ts'

/** Where each piece of a pattern began and ended in the text. */
export interface Captures {
  readonly starts: Int32Array
  readonly ends: Int32Array
}

export const newCaptures = (): Captures => ({
  starts: new Int32Array(256),
  ends: new Int32Array(256),
})

/** Whether the segment `start..end` of `text` fits; records its pieces from number `piece` on. */
type MatchSegment = (text: string, start: number, end: number, captures: Captures) => boolean

const isHexDigit = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66)

const digitsUntil = (text: string, at: number, end: number): number => {
  while (at < end && text.charCodeAt(at) >= Code.zero && text.charCodeAt(at) <= Code.nine) at++
  return at
}

/** Where a fixed piece that begins at `at` ends, or -1. */
const fixedFrom = (piece: FixedPiece, text: string, at: number, end: number): number => {
  if (piece.hex !== undefined) {
    const stop = at + piece.hex
    if (stop > end) return -1
    for (let i = at; i < stop; i++) if (!isHexDigit(text.charCodeAt(i))) return -1
    return stop
  }
  for (const word of piece.anyOf) {
    if (at + word.length <= end && text.startsWith(word, at)) return at + word.length
  }
  return -1
}

/** Where a fixed piece that ends at `at` begins, or -1. */
const fixedUntil = (piece: FixedPiece, text: string, at: number, start: number): number => {
  if (piece.hex !== undefined) {
    const from = at - piece.hex
    return from >= start && fixedFrom(piece, text, from, at) === at ? from : -1
  }
  for (const word of piece.anyOf) {
    if (at - word.length >= start && text.startsWith(word, at - word.length))
      return at - word.length
  }
  return -1
}

/** Whether `start..end` is what a free piece may be; for `major`, returns where the kept part ends. */
const freeEnd = (
  piece: FreePiece,
  isFirst: boolean,
  text: string,
  start: number,
  end: number,
): number => {
  if (start >= end) return -1
  if (piece.of === 'any') {
    if (isFirst && text.charCodeAt(start) === Code.dot) return -1
    const cutsEscape =
      text.charCodeAt(end - 1) === Code.percent || text.charCodeAt(end - 2) === Code.percent
    return cutsEscape ? -1 : end
  }
  let digits = digitsUntil(text, start, end)
  if (digits === start) return -1
  if (piece.of === 'version') {
    while (digits < end) {
      const from = digits + 1
      if (text.charCodeAt(digits) !== Code.dot) return -1
      digits = digitsUntil(text, from, end)
      if (digits === from) return -1
    }
  }
  if (digits === end) return end
  if (piece.of === 'digits' || text.charCodeAt(digits) !== Code.dot) return -1
  return digits + 1 < end && digitsUntil(text, digits + 1, end) === end ? digits : -1
}

/** So many words are looked up by hash rather than one by one. */
const MANY_WORDS = 4

const wholeWord = (piece: FixedPiece, number: number): MatchSegment => {
  const words = piece.anyOf
  const set = new Set(words)
  const isWord = (text: string, start: number, end: number): boolean => {
    if (words.length > MANY_WORDS) return set.has(text.slice(start, end))
    for (const word of words) {
      if (end - start === word.length && text.startsWith(word, start)) return true
    }
    return false
  }
  return (text, start, end, captures) => {
    captures.starts[number] = start
    captures.ends[number] = end
    return isWord(text, start, end)
  }
}

/** A whole segment of any name: the scanner has checked its bytes already. */
const anyName =
  (number: number): MatchSegment =>
  (text, start, end, captures) => {
    captures.starts[number] = start
    captures.ends[number] = end
    return text.charCodeAt(start) !== Code.dot
  }

const general = (pieces: readonly Piece[], number: number): MatchSegment => {
  const middle = pieces.findIndex(({ kind }) => kind !== 'fixed')
  const free = pieces[middle]
  const prefix = (middle < 0 ? pieces : pieces.slice(0, middle)).filter(
    (piece) => piece.kind === 'fixed',
  )
  const suffix = (middle < 0 ? [] : pieces.slice(middle + 1)).filter(
    (piece) => piece.kind === 'fixed',
  )
  return (text, start, end, captures) => {
    let to = end
    for (let i = suffix.length - 1; i >= 0; i--) {
      const from = fixedUntil(suffix[i]!, text, to, start)
      if (from < 0) return false
      captures.starts[number + middle + 1 + i] = from
      captures.ends[number + middle + 1 + i] = to
      to = from
    }
    let at = start
    for (let i = 0; i < prefix.length; i++) {
      const stop = fixedFrom(prefix[i]!, text, at, to)
      if (stop < 0) return false
      captures.starts[number + i] = at
      captures.ends[number + i] = stop
      at = stop
    }
    if (free?.kind !== 'free') return at === to
    const stop = freeEnd(free, middle === 0, text, at, to)
    captures.starts[number + middle] = at
    captures.ends[number + middle] = stop
    return stop >= 0
  }
}

const matcherOf = ({ pieces }: Segment, number: number): MatchSegment => {
  const only = pieces.length === 1 ? pieces[0] : undefined
  if (only?.kind === 'fixed' && only.hex === undefined) return wholeWord(only, number)
  return only?.kind === 'free' && only.of === 'any' ? anyName(number) : general(pieces, number)
}

const startsWithDot = (path: Path, from: number, to: number): boolean => {
  for (let i = from; i < to; i++)
    if (path.text.charCodeAt(path.starts[i]!) === Code.dot) return true
  return false
}

/** Which bytes a segment can begin or end with: by them most patterns are told apart at once. */
const edgeBytes = ({ pieces }: Segment, edge: 'first' | 'last'): Uint8Array => {
  const piece = edge === 'first' ? pieces[0] : pieces.at(-1)
  if (piece?.kind !== 'fixed' || piece.hex !== undefined) return new Uint8Array(256).fill(1)
  const can = new Uint8Array(256)
  for (const word of piece.anyOf) can[word.charCodeAt(edge === 'first' ? 0 : word.length - 1)] = 1
  return can
}

/** Tells whether a scanned path fits from segment `first` on, and fills `captures`. Linear in the length of the path. */
export type Matcher = (path: Path, first: number, captures: Captures) => boolean

/** Makes the scanner of one pattern: the same language as its regular expression, without regular expressions. */
export const toMatcher = (pattern: Pattern): Matcher => {
  const { segments } = pattern
  let number = 0
  const numbers = segments.map(({ pieces }) => (number += pieces.length) - pieces.length)
  const run = segments.findIndex(({ pieces }) => pieces[0]?.kind === 'path')
  const matchers = segments.map((segment, i) => matcherOf(segment, numbers[i]!))
  const after = run < 0 ? 0 : segments.length - 1 - run
  const before = run < 0 ? segments.length : run
  const runNumber = run < 0 ? 0 : numbers[run]!

  const begin = edgeBytes(segments.at(-1)!, 'first')
  const end = edgeBytes(segments.at(-1)!, 'last')
  return (path, first, captures) => {
    if (end[path.text.charCodeAt(path.end - 1)] !== 1) return false
    if (begin[path.text.charCodeAt(path.starts[path.count - 1]!)] !== 1) return false
    const count = path.count - first
    if (run < 0 ? count !== before : count < before + after + 1) return false
    // The last segment tells most, so it is looked at first: `.rpm`, `repomd.xml`.
    for (let i = 1; i <= after; i++) {
      const at = path.count - i
      if (!matchers[segments.length - i]!(path.text, path.starts[at]!, path.ends[at]!, captures))
        return false
    }
    for (let i = before - 1; i >= 0; i--) {
      if (!matchers[i]!(path.text, path.starts[first + i]!, path.ends[first + i]!, captures))
        return false
    }
    if (run < 0) return true
    if (startsWithDot(path, first + before, path.count - after)) return false
    captures.starts[runNumber] = path.starts[first + before]!
    captures.ends[runNumber] = path.ends[path.count - after - 1]!
    return true
  }
}

/** Puts the key together from what was matched. */
export const keyOf = (
  prefix: string,
  key: readonly KeyPart[],
  text: string,
  captures: Captures,
): string => {
  let out = prefix
  for (const part of key) {
    out +=
      part.kind === 'literal'
        ? part.text
        : text.slice(captures.starts[part.from], captures.ends[part.to])
  }
  return out
}
