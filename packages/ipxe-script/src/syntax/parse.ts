import { hasMagic } from './characters.ts'
import { lastBefore } from './last-before.ts'
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

/** A logical line, put together. */
interface Draft {
  readonly text: string
  /** Physical lines that left something of themselves in the text, by where they stand in it. */
  readonly fragments: readonly Fragment[]
  /** How many physical lines it takes. */
  readonly count: number
  /** Offset after the last line ending taken. */
  readonly end: number
  readonly dangling: boolean
}

/** Text that grows and loses characters at its end, at a cost that does not grow with it. */
class Joined {
  readonly #parts: string[] = []
  length = 0

  add(part: string): void {
    if (part === '') return
    this.#parts.push(part)
    this.length += part.length
  }

  /** Takes the character away where the text ends in it. */
  drop(character: string): boolean {
    const last = this.#parts.at(-1)
    if (!last?.endsWith(character)) return false
    if (last.length === 1) this.#parts.pop()
    else this.#parts[this.#parts.length - 1] = last.slice(0, -1)
    this.length--
    return true
  }

  toString(): string {
    return this.#parts.join('')
  }
}

/**
 * Joins physical lines as iPXE's `process_script` does: the text so far loses one carriage return, then a `\` at its
 * end asks for the next line. Both look at the joined text, not at the physical line.
 */
const join = (source: string, start: number, number: number): Draft => {
  const text = new Joined()
  const fragments: Fragment[] = []
  let end = start
  for (let line = number; ; line++) {
    const from = end
    const newline = source.indexOf('\n', from)
    const to = newline < 0 ? source.length : newline
    // What stood there was taken away again, with the backslash that a line before had at its end.
    while ((fragments.at(-1)?.at ?? 0) > text.length) fragments.pop()
    fragments.push({ at: text.length, offset: from, line })
    text.add(source.slice(from, to))
    end = newline < 0 ? to : to + 1
    text.drop('\r')
    const goesOn = text.drop('\\')
    const dangling = goesOn && end >= source.length
    if (!goesOn || dangling)
      return { text: text.toString(), fragments, count: line - number + 1, end, dangling }
  }
}

/** The last fragment that holds a character at `at`; an empty fragment holds none. */
const fragmentAt = (fragments: readonly Fragment[], at: number): Fragment =>
  fragments[lastBefore(fragments, (fragment) => fragment.at, at)]!

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
    number += draft.count
    start = end
  }
  return { text, lines, errors }
}
