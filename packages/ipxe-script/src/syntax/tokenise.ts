import { isSpace } from './characters.ts'
import type { LineContent, Operator, OperatorText, Segment, Word } from './script.ts'

/** Makes a word of `text[from, to)`, with its place in the source. */
export type MakeWord = (from: number, to: number) => Word

const OPERATORS: ReadonlySet<string> = new Set<OperatorText>(['||', '&&', ';'])

const isOperator = (word: Word): word is Operator =>
  word.text.length <= 2 && OPERATORS.has(word.text)

const skipSpace = (text: string, from: number): number => {
  let at = from
  while (at < text.length && isSpace(text.charCodeAt(at))) at++
  return at
}

const skipWord = (text: string, from: number): number => {
  let at = from
  while (at < text.length && !isSpace(text.charCodeAt(at))) at++
  return at
}

/**
 * Splits one logical line the way iPXE does: the label first, then blanks alone separate words, then whole words
 * that are `||`, `&&` or `;` separate commands, and a word that begins with `#` ends them.
 */
export const tokenise = (text: string, word: MakeWord): LineContent => {
  const segments: Segment[] = []
  let words: Word[] = []
  let label: Word | undefined
  let comment: Word | undefined
  let at = skipSpace(text, 0)
  if (text[at] === ':') {
    const end = skipWord(text, at + 1)
    label = { ...word(at, end), text: text.slice(at + 1, end) }
    at = end
  }
  for (at = skipSpace(text, at); at < text.length; at = skipSpace(text, at)) {
    if (text[at] === '#') {
      comment = word(at, text.length)
      break
    }
    const end = skipWord(text, at)
    const next = word(at, end)
    if (isOperator(next)) {
      segments.push({ words, operator: next })
      words = []
    } else words.push(next)
    at = end
  }
  if (words.length > 0 || segments.length > 0) segments.push({ words })
  // Written out: spreading takes a third of the time of a long script.
  if (label) return comment ? { label, segments, comment } : { label, segments }
  return comment ? { segments, comment } : { segments }
}
