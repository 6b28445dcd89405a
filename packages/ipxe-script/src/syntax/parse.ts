import { hasMagic } from './characters.ts'
import type { Line, Script, Span, SyntaxProblem, Word } from './script.ts'
import { tokenise } from './tokenise.ts'

export interface ParseOptions {
  /** Whether a text without `#!ipxe` at its very start is an error. Default: `true`. */
  readonly magic?: boolean
}

/** A physical line's part of a logical one: where its first byte stands in the logical text and in the source. */
interface Fragment {
  readonly at: number
  readonly offset: number
  readonly line: number
}

/** A logical line while it is put together. */
interface Draft {
  text: string
  readonly fragments: Fragment[]
  /** Offset after the last line ending taken. */
  end: number
  dangling: boolean
}

/**
 * Joins physical lines as iPXE's `process_script` does: the text so far loses one carriage return, then a `\` at its
 * end asks for the next line. Both look at the joined text, not at the physical line.
 */
const join = (source: string, start: number, number: number): Draft => {
  const draft: Draft = { text: '', fragments: [], end: start, dangling: false }
  for (let line = number; ; line++) {
    const from = draft.end
    const newline = source.indexOf('\n', from)
    const to = newline < 0 ? source.length : newline
    draft.fragments.push({ at: draft.text.length, offset: from, line })
    draft.text += source.slice(from, to)
    draft.end = newline < 0 ? to : to + 1
    if (draft.text.endsWith('\r')) draft.text = draft.text.slice(0, -1)
    if (!draft.text.endsWith('\\')) return draft
    draft.text = draft.text.slice(0, -1)
    draft.dangling = draft.end >= source.length
    if (draft.dangling) return draft
  }
}

/** The last fragment that holds a character at `at`; an empty fragment holds none. */
const fragmentAt = (fragments: readonly Fragment[], at: number): Fragment => {
  let found = fragments[0]!
  for (const fragment of fragments) if (fragment.at <= at) found = fragment
  return found
}

const placeOf = (fragments: readonly Fragment[], from: number, to: number): Span => {
  const first = fragmentAt(fragments, from)
  const last = fragments.length === 1 ? first : fragmentAt(fragments, Math.max(from, to - 1))
  return {
    start: first.offset + (from - first.at),
    end: last.offset + (to - last.at),
    line: first.line,
    column: from - first.at + 1,
  }
}

const wordAt = (text: string, fragments: readonly Fragment[], from: number, to: number): Word => {
  const { start, end, line, column } = placeOf(fragments, from, to)
  return { text: text.slice(from, to), start, end, line, column }
}

const problemsOf = (draft: Draft, nul: number): SyntaxProblem[] => {
  const place = (from: number, to: number) => placeOf(draft.fragments, from, to)
  const length = draft.text.length
  const problems: SyntaxProblem[] = []
  if (draft.dangling)
    problems.push({
      code: 'ERR_IPXE_CONTINUATION',
      message:
        'the script ends in a continuation: iPXE does not run this line and fails; a last line has no \\ at its end',
      ...place(length, length + 1),
    })
  if (nul >= 0)
    problems.push({
      code: 'ERR_IPXE_NUL',
      message:
        'a NUL byte ends the line and iPXE drops the rest of it; a line has any byte but NUL',
      ...place(nul, nul + 1),
    })
  return problems
}

/**
 * Parses a script without loss: `print(parse(text)) === text` for any text. Defects are listed in `errors`,
 * never thrown.
 */
export const parse = (text: string, { magic = true }: ParseOptions = {}): Script => {
  const lines: Line[] = []
  const errors: SyntaxProblem[] = []
  if (magic && !hasMagic(text))
    errors.push({
      code: 'ERR_IPXE_MAGIC',
      message:
        'the text does not begin with #!ipxe and white space, so iPXE does not take it for a script',
      start: 0,
      end: Math.min(text.length, 6),
      line: 1,
      column: 1,
    })
  let number = 1
  for (let start = 0; start < text.length;) {
    const draft = join(text, start, number)
    const { fragments, end } = draft
    const nul = draft.text.indexOf('\0')
    const seen = nul < 0 ? draft.text : draft.text.slice(0, nul)
    const content = tokenise(seen, (from, to) => wordAt(seen, fragments, from, to))
    const line: { -readonly [K in keyof Line]: Line[K] } = {
      number,
      start,
      end,
      text: seen,
      source: text.slice(start, end),
      segments: content.segments,
    }
    if (content.label) line.label = content.label
    if (content.comment) line.comment = content.comment
    if (draft.dangling) line.dangling = true
    lines.push(line)
    if (draft.dangling || nul >= 0) errors.push(...problemsOf(draft, nul))
    number += fragments.length
    start = end
  }
  return { text, lines, errors }
}
