import { SquidRulesError } from '../errors.ts'
import { tokensOf, type Token } from './tokens.ts'

/** A piece of fixed text: one of these spellings. `hex` stands for so many hexadecimal digits instead. */
export interface FixedPiece {
  readonly kind: 'fixed'
  readonly name?: string
  readonly anyOf: readonly string[]
  readonly hex?: number
}

/** A piece of variable length, never empty, within one path segment. */
export interface FreePiece {
  readonly kind: 'free'
  readonly name?: string
  readonly of: 'any' | 'digits' | 'version' | 'major'
}

/** One or more whole path segments. */
export interface PathPiece {
  readonly kind: 'path'
  readonly name?: string
}

export type Piece = FixedPiece | FreePiece | PathPiece

/** What stands between two slashes: fixed pieces around at most one free piece, or a run of whole segments. */
export interface Segment {
  readonly pieces: readonly Piece[]
}

/** A path below a mirror's prefix, such as `pool/<dirs:path>/<file>.<ext:deb|udeb>`. */
export interface Pattern {
  readonly text: string
  readonly segments: readonly Segment[]
}

const fail = (text: string, why: string): never => {
  throw new SquidRulesError('ERR_SQUID_PATTERN', `pattern "${text}": ${why}`)
}

const named = (name: string | undefined): { name?: string } => (name === undefined ? {} : { name })

const pieceOf = (token: Token, text: string): Piece => {
  if (token.kind === 'literal') return { kind: 'fixed', anyOf: [token.text] }
  const { name, type } = token
  if (type === undefined) return { kind: 'free', ...named(name), of: 'any' }
  if (type === 'path') return { kind: 'path', ...named(name) }
  if (type === 'digits' || type === 'version' || type === 'major')
    return { kind: 'free', ...named(name), of: type }
  const hex = /^hex(\d{1,3})$/.exec(type)?.[1]
  if (hex !== undefined) return { kind: 'fixed', ...named(name), anyOf: [], hex: Number(hex) }
  const anyOf = type.split('|')
  if (anyOf.length < 2 || anyOf.some((word) => !/^[A-Za-z0-9._+~:^=,@!-]+$/.test(word))) {
    return fail(
      text,
      `type "${type}" is not path, digits, version, major, hexN or a list such as a|b`,
    )
  }
  return { kind: 'fixed', ...named(name), anyOf }
}

const checkSegment = ({ pieces }: Segment, text: string): void => {
  if (pieces.filter(({ kind }) => kind === 'free').length > 1) {
    fail(text, 'a segment has two pieces of variable length, at most one is allowed')
  }
  if (pieces.some(({ kind }) => kind === 'path') && pieces.length > 1) {
    fail(text, 'a path piece shares its segment, it must stand alone between slashes')
  }
  const major = pieces.findIndex((piece) => piece.kind === 'free' && piece.of === 'major')
  if (major >= 0 && major < pieces.length - 1)
    fail(text, 'something follows a major piece in its segment')
  if (pieces.length === 1) return
  const [first] = pieces
  if (first?.kind === 'fixed' && first.anyOf.includes('.')) {
    fail(text, 'a lone dot begins a segment, which would let ".." in')
  }
  // Alternatives are tried without going back: forwards before the free piece, backwards behind it.
  const free = pieces.findIndex(({ kind }) => kind === 'free')
  pieces.forEach((piece, i) => {
    if (piece.kind !== 'fixed') return
    const isBehind = free >= 0 && i > free
    const touches = (a: string, b: string): boolean => (isBehind ? a.endsWith(b) : a.startsWith(b))
    const clash = piece.anyOf.find((a) => piece.anyOf.some((b) => a !== b && touches(a, b)))
    if (clash !== undefined) {
      fail(text, `alternative "${clash}" ${isBehind ? 'ends' : 'begins'} with another one`)
    }
  })
}

/** @throws {SquidRulesError} `ERR_SQUID_PATTERN` with what is wrong in it */
export const parsePattern = (text: string): Pattern => {
  if (text === '' || text.startsWith('/') || text.endsWith('/')) {
    fail(text, 'must not be empty nor begin or end with a slash')
  }
  const segments = text.split('/').map((part): Segment => {
    if (part === '' || part === '.' || part === '..') fail(text, `segment "${part}" is not allowed`)
    return { pieces: tokensOf(part, text).map((token) => pieceOf(token, text)) }
  })
  for (const segment of segments) checkSegment(segment, text)
  if (segments.filter(({ pieces }) => pieces[0]?.kind === 'path').length > 1) {
    fail(text, 'has two path pieces, at most one is allowed')
  }
  const names = segments.flatMap(({ pieces }) => pieces.flatMap(({ name }) => name ?? []))
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) fail(text, `the name "${twice}" is used twice`)
  return { text, segments }
}
