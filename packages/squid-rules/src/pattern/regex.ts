import { ESCAPES, PLAIN, PLAIN_FIRST } from './characters.ts'
import type { Pattern, Piece } from './parse.ts'
import type { KeyPart } from './plan.ts'

/** Escapes text for Perl, JavaScript and POSIX regular expressions alike. */
export const quoteRegex = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')

// One loop inside another, but they cannot meet: a round of the outer begins with a percent sign.
const REST = `[${PLAIN}]*(?:${ESCAPES}[${PLAIN}]*)*`
const NAME = `(?:[${PLAIN_FIRST}]|${ESCAPES})${REST}`
const AFTER_PREFIX = `(?:[${PLAIN}]|${ESCAPES})${REST}`

const regexOf = (
  piece: Piece,
  isFirst: boolean,
): { readonly kept: string; readonly dropped: string } => {
  if (piece.kind === 'path') return { kept: `${NAME}(?:/${NAME})*`, dropped: '' }
  if (piece.kind === 'free') {
    if (piece.of === 'any') return { kept: isFirst ? NAME : AFTER_PREFIX, dropped: '' }
    if (piece.of === 'version') return { kept: '[0-9]+(?:\\.[0-9]+)*', dropped: '' }
    return { kept: '[0-9]+', dropped: piece.of === 'major' ? '(?:\\.[0-9]+)?' : '' }
  }
  if (piece.hex !== undefined) return { kept: `[0-9a-f]{${piece.hex}}`, dropped: '' }
  const words = piece.anyOf.map(quoteRegex)
  return { kept: words.length === 1 ? words[0]! : `(?:${words.join('|')})`, dropped: '' }
}

/** The pattern as a regular expression without anchors, with a capture group around every span of the key. */
export const toRegex = (pattern: Pattern, key: readonly KeyPart[] = []): string => {
  const spans = key.filter((part) => part.kind === 'span')
  const opens = new Set(spans.map(({ from }) => from))
  const closes = new Set(spans.map(({ to }) => to))
  let number = 0
  return pattern.segments
    .map(({ pieces }) =>
      pieces
        .map((piece, i) => {
          const { kept, dropped } = regexOf(piece, i === 0)
          const text = `${opens.has(number) ? '(' : ''}${kept}${closes.has(number) ? ')' : ''}${dropped}`
          number++
          return text
        })
        .join(''),
    )
    .join('/')
}

/** The key as the stock helper's replacement: `$1` to `$9` by order of the capture groups. */
export const toReplacement = (key: readonly KeyPart[]): string => {
  const starts = key.flatMap((part) => (part.kind === 'span' ? part.from : []))
  const order = [...new Set(starts)].toSorted((a, b) => a - b)
  return key
    .map((part) => (part.kind === 'literal' ? part.text : `$${order.indexOf(part.from) + 1}`))
    .join('')
}

const posixOf = (piece: Piece, onlyMinor: boolean): string => {
  if (piece.kind === 'path') return '[^?]+'
  if (piece.kind === 'free') {
    if (piece.of === 'any') return '[^/?]+'
    if (piece.of === 'version') return '[0-9]+(\\.[0-9]+)*'
    if (piece.of === 'major') return onlyMinor ? '[0-9]+\\.[0-9]+' : '[0-9]+(\\.[0-9]+)?'
    return '[0-9]+'
  }
  if (piece.hex !== undefined) return `[0-9a-f]{${piece.hex}}`
  const words = piece.anyOf.map(quoteRegex)
  return words.length === 1 ? words[0]! : `(${words.join('|')})`
}

/**
 * The pattern for Squid's own directives, which are POSIX. Wider than {@link toRegex} by the characters that a key may
 * not have: a name stands for any text without a slash. `onlyMinor`: of releases such as 9 and 9.4 only the latter.
 */
export const toPosixRegex = ({ segments }: Pattern, onlyMinor = false): string =>
  segments.map(({ pieces }) => pieces.map((each) => posixOf(each, onlyMinor)).join('')).join('/')
