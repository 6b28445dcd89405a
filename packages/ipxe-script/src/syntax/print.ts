import type { Line, Script } from './script.ts'

/** Writes a script back byte for byte, comments, blank lines, continuations and carriage returns included. */
export const print = (script: { readonly lines: readonly Pick<Line, 'source'>[] }): string =>
  script.lines.map((line) => line.source).join('')

/** iPXE's white space alone: `trimEnd` would take bytes of other encodings, as A0 hex, with it. */
const TRAILING_SPACE = /[ \t\n\v\f\r]+$/

const wordsOf = (line: Line): string[] => [
  ...(line.label ? [`:${line.label.text}`] : []),
  ...line.segments.flatMap(({ words, operator }) => [
    ...words.map((word) => word.text),
    ...(operator ? [operator.text] : []),
  ]),
  ...(line.comment ? [line.comment.text.replace(TRAILING_SPACE, '')] : []),
]

/** A line that ends in a `\\`, which only a NUL after it can leave, must not become a continuation. */
const shielded = (line: Line, text: string): string => {
  if (!text.endsWith('\\')) return text
  return line.segments.length > 0 && !line.comment ? `${text}\${}` : `${text} `
}

/**
 * Writes a script in the house form: one blank between words, no indentation, continuations joined, LF line ends,
 * one blank line at most between lines and none before the first, a newline at the end. It does the same in iPXE.
 */
export const format = (script: Script): string => {
  const lines: string[] = []
  for (const line of script.lines) {
    const words = wordsOf(line).join(' ')
    const text = line.dangling ? `${words}\\` : shielded(line, words)
    if (text !== '' || (lines.at(-1) ?? '') !== '') lines.push(text)
  }
  while (lines.at(-1) === '') lines.pop()
  return lines.map((line) => `${line}\n`).join('')
}
