import { syntaxOf } from '../formats/index.ts'
import type { AnswerFormat } from '../model/answer-formats.ts'
import type { Cut } from './marks.ts'

/** A text with its values in it, or which of them cannot stand where it is printed. */
export type FilledText =
  | { readonly ok: true; readonly text: string; readonly pieces: readonly string[] }
  | { readonly ok: false; readonly why: string; readonly at: number }

/** Puts values into the text that a template made, each as its place asks for. */
export const fillIn = (format: AnswerFormat, { texts, values }: Cut): FilledText => {
  const filled = values.length === 0 ? [] : syntaxOf(format).fill(texts, values)
  const pieces: string[] = []
  for (const [at, each] of filled.entries()) {
    if ('refused' in each) {
      const shown = JSON.stringify(values[at]!.text.slice(0, 80))
      const why = `the value ${shown} cannot stand here in ${format}: ${each.refused}`
      return { ok: false, why, at }
    }
    pieces.push(each.text)
  }
  const text = texts.map((each, i) => each + (pieces[i] ?? '')).join('')
  return { ok: true, text, pieces }
}
