import type { Template } from 'liquidjs'

import { syntaxOf } from '../formats/index.ts'
import type { AnswerFormat } from '../model/answer-formats.ts'
import { messageOf } from '../model/errors.ts'
import { fillIn } from './fill.ts'
import type { Cut } from './marks.ts'
import { ENGINES, isTemplate, renderCut } from './template.ts'

/** Something wrong in a template: 1-based line and column of the template itself. */
export interface TemplateProblem {
  readonly message: string
  readonly line: number
  readonly column: number
  /** The name that is not defined, where this is what is wrong. */
  readonly undefinedName?: string
}

const START = { line: 1, column: 1 }

/** cloud-init renders such a file itself. */
const JINJA = /^## template: *jinja/

const isSyntax = (error: unknown): boolean =>
  error instanceof Error &&
  ['ParseError', 'TokenizationError'].includes(error.name) &&
  !/ not closed/.test(error.message)

const several = (error: unknown): readonly unknown[] | undefined =>
  typeof error === 'object' && error !== null && 'errors' in error && Array.isArray(error.errors)
    ? error.errors
    : undefined

/** What Go, Jinja and Liquid itself write between the same braces is not for us. */
const FOREIGN =
  'this is no value of ours; put what is for another program between {% raw %} and {% endraw %}'

/** What the library says is wrong with a text: its errors know their place, and repeat it in their words. */
const problemsOf = (error: unknown, text: string): TemplateProblem[] => {
  const errors = several(error)
  if (errors) return errors.flatMap((each) => problemsOf(each, text))
  const place = /, line:(\d+), col:(\d+)/.exec(messageOf(error))
  const message = (messageOf(error).split('\n')[0] ?? '').replace(/, line:\d+, col:\d+.*$/, '')
  const name = /^undefined variable: (.*)$/.exec(message)?.[1]
  const at = place ? { line: Number(place[1]), column: Number(place[2]) } : START
  const here = (text.split('\n')[at.line - 1] ?? '').slice(at.column - 1)
  const isForeign = isSyntax(error) || here.startsWith('.') || JINJA.test(text)
  return [
    {
      message: isForeign ? `${message}: ${FOREIGN}` : message,
      ...at,
      ...(name !== undefined && { undefinedName: name }),
    },
  ]
}

type Place = Pick<TemplateProblem, 'line' | 'column'>

const placeIn = (text: string, offset: number): Place => {
  const lines = text.slice(0, offset).split('\n')
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 }
}

/** The place in a template that made what stands at `offset` of its marked result. */
const originOf = (
  parts: readonly Template[],
  offset: number,
  render: (parts: readonly Template[]) => string,
): Place => {
  let low = 0
  let high = parts.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (render(parts.slice(0, middle + 1)).length > offset) high = middle
    else low = middle + 1
  }
  const part = parts[low]
  if (!part) return START
  const { input, begin } = part.token
  const before = render(parts.slice(0, low)).length
  const isPlain = render(parts.slice(low, low + 1)) === part.token.getText()
  return placeIn(input, begin + (isPlain ? Math.max(0, offset - before) : 0))
}

/** Offsets in a filled text as offsets in the marked one, where each value is a mark. */
const markedOffset = (
  { texts }: Cut,
  marked: string,
  pieces: readonly string[],
  offset: number,
): number => {
  const plain = texts.reduce((sum, text) => sum + text.length, 0)
  const mark = texts.length > 1 ? (marked.length - plain) / (texts.length - 1) : 0
  let filledAt = 0
  let markedAt = 0
  for (const [i, text] of texts.entries()) {
    if (offset <= filledAt + text.length) return Math.floor(markedAt + offset - filledAt)
    const piece = pieces[i] ?? ''
    filledAt += text.length + piece.length
    markedAt += text.length + mark
    if (offset < filledAt) return Math.floor(markedAt - 1)
  }
  return marked.length
}

/** What is wrong with a text that is no template. */
const plainProblems = (text: string, format: AnswerFormat): TemplateProblem[] =>
  (syntaxOf(format).problems?.(text) ?? []).map(({ message, offset }) => ({
    message: `is no valid ${format}: ${message}`,
    ...placeIn(text, offset),
  }))

/** What is wrong with a text as it is written, and, with values, as it is rendered. */
export const templateProblems = (
  text: string,
  format: AnswerFormat,
  values?: Readonly<Record<string, unknown>>,
): TemplateProblem[] => {
  if (!isTemplate(text)) return values ? [] : plainProblems(text, format)
  const engine = ENGINES.every
  let parts: Template[]
  let rendered: ReturnType<typeof renderCut>
  try {
    parts = engine.parse(text)
    if (!values) return []
    rendered = renderCut(engine, parts, values)
  } catch (error) {
    return problemsOf(error, text)
  }
  const { cut, marked } = rendered
  const render = (some: readonly Template[]): string => renderCut(engine, some, values).marked
  const filled = fillIn(format, cut)
  if (!filled.ok) {
    const before = cut.texts.slice(0, filled.at + 1).join('').length
    const offset = markedOffset(cut, marked, [], before) + 1
    return [{ message: filled.why, ...originOf(parts, offset, render) }]
  }
  return (syntaxOf(format).problems?.(filled.text) ?? []).map(({ message, offset }) => ({
    message: `makes no valid ${format}: ${message}`,
    ...originOf(parts, markedOffset(cut, marked, filled.pieces, offset), render),
  }))
}
