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
const rowOf = (pattern: Pattern): { readonly atom: Atom | undefined; readonly piece: number }[] => {
  let piece = 0
  return pattern.segments.flatMap(({ pieces }, i) => [
    ...(i > 0 ? [{ atom: SLASH, piece: -1 }] : []),
    ...pieces.map((each) => ({ atom: atomOf(each), piece: piece++ })),
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

/**
 * Plans how a key is put together, with as few spans as can be: the stock helper allows nine.
 * @throws {SquidRulesError} `ERR_SQUID_KEY` for a name that the pattern does not have
 */
export const planKey = (pattern: Pattern, key: string): KeyPart[] => {
  const row = rowOf(pattern)
  const atoms = keyAtoms(key)
  const names = atoms.flatMap((atom) => (atom.kind === 'name' ? atom.name : []))
  // A name used twice must be a span of its own both times.
  const mayGrow = new Set(names).size === names.length
  const endsEarly = (at: number): boolean => {
    const piece = pattern.segments.flatMap(({ pieces }) => pieces)[row[at]!.piece]
    return piece?.kind === 'free' && piece.of === 'major'
  }
  const parts: KeyPart[] = []
  let literal = ''
  const flush = (): void => {
    if (literal !== '') parts.push({ kind: 'literal', text: literal })
    literal = ''
  }
  for (let i = 0; i < atoms.length; i++) {
    // A run starts at an atom from which a name is reached without leaving the pattern.
    let reach = i
    while (mayGrow && atoms[reach]?.kind !== 'name' && reach < atoms.length) reach++
    const name = atoms[reach]
    const at = name?.kind === 'name' ? row.findIndex(({ atom }) => same(atom, name)) : -1
    if (name?.kind === 'name' && at < 0) {
      const has = row
        .flatMap(({ atom }) => (atom?.kind === 'name' ? `<${atom.name}>` : []))
        .join(' ')
      throw new SquidRulesError(
        'ERR_SQUID_KEY',
        `key "${key}" uses <${name.name}>, the pattern has ${has || 'no names'}`,
      )
    }
    const start = at - (reach - i)
    const reaches =
      at >= 0 &&
      start >= 0 &&
      atoms.slice(i, reach).every((atom, k) => same(atom, row[start + k]!.atom))
    if (!reaches || row[start]!.piece < 0) {
      literal += textOf(atoms[i]!)
      continue
    }
    let last = at
    while (
      mayGrow &&
      !endsEarly(last) &&
      atoms[i + last - start + 1] &&
      same(atoms[i + last - start + 1], row[last + 1]?.atom)
    )
      last++
    if (row[last]!.piece < 0) last--
    flush()
    parts.push({ kind: 'span', from: row[start]!.piece, to: row[last]!.piece })
    i += last - start
  }
  flush()
  return parts
}
