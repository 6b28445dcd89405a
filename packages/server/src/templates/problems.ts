import type { Template } from 'liquidjs'

import { checkResult, type AnswerFormat } from '../model/answer-formats.ts'
import { messageOf } from '../model/errors.ts'
import { engineFor } from './template.ts'

/** Something wrong in a template: 1-based line and column of the template itself. */
export interface TemplateProblem {
  readonly message: string
  readonly line: number
  readonly column: number
  /** The name that is not defined, where this is what is wrong. */
  readonly undefinedName?: string
}

const START = { line: 1, column: 1 }

const several = (error: unknown): readonly unknown[] | undefined =>
  typeof error === 'object' && error !== null && 'errors' in error && Array.isArray(error.errors)
    ? error.errors
    : undefined

/** The library's errors know their place, and repeat it in their text. */
const problemsOf = (error: unknown): TemplateProblem[] => {
  const errors = several(error)
  if (errors) return errors.flatMap(problemsOf)
  const place = /, line:(\d+), col:(\d+)/.exec(messageOf(error))
  const message = (messageOf(error).split('\n')[0] ?? '').replace(/, line:\d+, col:\d+.*$/, '')
  const name = /^undefined variable: (.*)$/.exec(message)?.[1]
  return [
    {
      message,
      ...(place ? { line: Number(place[1]), column: Number(place[2]) } : START),
      ...(name !== undefined && { undefinedName: name }),
    },
  ]
}

/** Where in the text the parser of YAML or JSON stopped; JSON's says so in words only. */
const offsetOf = (error: unknown, text: string): number => {
  if (typeof error === 'object' && error !== null && 'pos' in error && Array.isArray(error.pos))
    return Number(error.pos[0])
  const message = messageOf(error)
  const position = /at position (\d+)/.exec(message)?.[1]
  if (position !== undefined) return Number(position)
  const near = /^Unexpected token .*?, (\.{3})?"([^]*?)"(\.{3})? is not valid JSON$/.exec(message)
  const token = /^Unexpected token '([^]*?)', /.exec(message)?.[1]
  if (near?.[2] === undefined || token === undefined) return text.length
  // The message shows ten characters before the one that it stumbled over.
  const start = text.indexOf(near[2])
  return Math.max(0, near[1] === undefined ? text.indexOf(token, start) : start + 10)
}

/** The part of the template that made what stands at `offset` of the result. */
const originOf = (
  parts: readonly Template[],
  offset: number,
  render: (parts: readonly Template[]) => string,
): { readonly line: number; readonly column: number } => {
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
  const at = begin + (isPlain ? Math.max(0, offset - before) : 0)
  const lines = input.slice(0, at).split('\n')
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 }
}

/** What is wrong with a template as it is written, and, with values, as it is rendered. */
export const templateProblems = (
  text: string,
  format: AnswerFormat,
  values?: Readonly<Record<string, unknown>>,
): TemplateProblem[] => {
  const engine = engineFor(format, true)
  const render = (parts: readonly Template[]): string => {
    const result: unknown = engine.renderSync([...parts], { ...values })
    return String(result)
  }
  let parts: Template[]
  try {
    parts = engine.parse(text)
    if (!values) return []
  } catch (error) {
    return problemsOf(error)
  }
  let rendered: string
  try {
    rendered = render(parts)
  } catch (error) {
    return problemsOf(error)
  }
  try {
    checkResult(format, rendered)
    return []
  } catch (error) {
    const what = (messageOf(error).split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')
    const message = `makes no valid ${format}: ${what}`
    return [{ message, ...originOf(parts, offsetOf(error, rendered), render) }]
  }
}
