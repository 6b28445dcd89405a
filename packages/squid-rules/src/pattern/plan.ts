import { SquidRulesError } from '../errors.ts'
import type { Pattern, Piece } from './parse.ts'
import { tokensOf } from './tokens.ts'

/** Part of a key: fixed text, or what the pattern's pieces `from` to `to` matched, with the slashes between. */
export type KeyPart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'span'; readonly from: number; readonly to: number }

type Atom =
  | { readonly kind: 'slash' }
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }

const SLASH: Atom = { kind: 'slash' }

const atomOf = (piece: Piece): Atom | undefined => {
  if (piece.name !== undefined) return { kind: 'name', name: piece.name }
  const text = piece.kind === 'fixed' && piece.anyOf.length === 1 ? piece.anyOf[0] : undefined
  return text === undefined ? undefined : { kind: 'literal', text }
}

/** The pattern as a row of atoms; `piece` numbers the pieces and is -1 for a slash. */
type Row = readonly {
  readonly atom: Atom | undefined
  readonly is?: Piece
  readonly piece: number
}[]

const rowOf = (pattern: Pattern): Row => {
  let piece = 0
  return pattern.segments.flatMap(({ pieces }, i) => [
    ...(i > 0 ? [{ atom: SLASH, piece: -1 }] : []),
    ...pieces.map((is) => ({ atom: atomOf(is), is, piece: piece++ })),
  ])
}

const keyAtoms = (key: string): Atom[] =>
  key.split('/').flatMap((part, i): Atom[] => [
    ...(i > 0 ? [SLASH] : []),
    ...tokensOf(part, key).map((token): Atom => {
      if (token.kind === 'literal') return token
      if (token.name !== undefined && token.type === undefined)
        return { kind: 'name', name: token.name }
      throw new SquidRulesError(
        'ERR_SQUID_KEY',
        `key "${key}" holds a wildcard, only text and <name> are allowed`,
      )
    }),
  ])

const same = (a: Atom | undefined, b: Atom | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  (a.kind === 'name'
    ? b.kind === 'name' && a.name === b.name
    : a.kind === 'literal'
      ? b.kind === 'literal' && a.text === b.text
      : b.kind === 'slash')

const textOf = (atom: Atom): string =>
  atom.kind === 'slash' ? '/' : atom.kind === 'literal' ? atom.text : `<${atom.name}>`

/** The key that a pattern has of itself: all of its text. */
export const defaultKey = (pattern: Pattern): string =>
  rowOf(pattern)
    .map(({ atom }) => {
      if (atom) return textOf(atom)
      const why =
        'has a wildcard or a choice without a name, so different files would share a key; name it or give a key'
      throw new SquidRulesError('ERR_SQUID_MERGES', `pattern "${pattern.text}" ${why}`)
    })
    .join('')

const isMajor = (piece: Piece | undefined): boolean =>
  piece?.kind === 'free' && piece.of === 'major'

/** How far atoms `i…` of a key go along with the pattern's row from `start` on. */
const runLength = (atoms: readonly Atom[], i: number, row: Row, start: number): number => {
  let length = 0
  while (same(atoms[i + length], row[start + length]?.atom)) {
    length++
    // What a major release leaves out behind its first number is not part of the key.
    if (isMajor(row[start + length - 1]?.is)) break
  }
  return length
}

const checkName = (pattern: Pattern, row: Row, key: string, name: string): void => {
  const has = row.flatMap(({ atom }) => (atom?.kind === 'name' ? atom.name : []))
  if (has.includes(name)) return
  const allowed = has.map((each) => `<${each}>`).join(' ') || 'no names'
  throw new SquidRulesError(
    'ERR_SQUID_KEY',
    `key "${key}" uses <${name}>, the pattern "${pattern.text}" has ${allowed}`,
  )
}

/**
 * Plans how a key is put together, with as few spans as can be: the stock helper allows nine.
 * @throws {SquidRulesError} `ERR_SQUID_KEY` for a name that the pattern does not have
 */
export const planKey = (pattern: Pattern, key: string): KeyPart[] => {
  const row = rowOf(pattern)
  const atoms = keyAtoms(key)
  const names = atoms.flatMap((atom) => (atom.kind === 'name' ? atom.name : []))
  for (const name of names) checkName(pattern, row, key, name)
  // A name used twice must be a span of its own both times.
  const isUsedOnce = new Set(names).size === names.length
  const parts: KeyPart[] = []
  let literal = ''
  for (let i = 0; i < atoms.length;) {
    const next = isUsedOnce ? atoms.findIndex((atom, at) => at >= i && atom.kind === 'name') : i
    const name = atoms[next]
    const at = name?.kind === 'name' ? row.findIndex(({ atom }) => same(name, atom)) : -1
    const start = at - (next - i)
    let length = start < 0 || row[start]!.piece < 0 ? 0 : runLength(atoms, i, row, start)
    if (length > 0 && !isUsedOnce) length = 1
    if (length > 0 && row[start + length - 1]!.piece < 0) length--
    if (length <= next - i) {
      literal += textOf(atoms[i++]!)
      continue
    }
    if (literal !== '') parts.push({ kind: 'literal', text: literal })
    literal = ''
    parts.push({ kind: 'span', from: row[start]!.piece, to: row[start + length - 1]!.piece })
    i += length
  }
  if (literal !== '') parts.push({ kind: 'literal', text: literal })
  return parts
}
