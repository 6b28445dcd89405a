import type { Position } from '../errors.ts'
import { lastBefore } from './last-before.ts'
import type { Span } from './script.ts'

/** Turns offsets into lines and columns, both from 1, for one text. */
export const createLocator = (text: string): ((offset: number) => Position) => {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    const line = lastBefore(starts, (start) => start, offset)
    return { offset, line: line + 1, column: offset - starts[line]! + 1 }
  }
}

/** Longest piece of a source line that `caret` prints, in characters. */
const WIDTH = 100

/** Replaces what a terminal would act on, one for one, so that the caret stays in its column. */
const visible = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- control characters are what is replaced
  text.replaceAll('\t', ' ').replace(/[\0-\x1f\x7f-\x9f]/g, '\u{fffd}')

/**
 * The source line of a span with carets under it:
 *
 *     goto retry | goto fail
 *                ^
 */
export const caret = (text: string, { start, end }: Pick<Span, 'start' | 'end'>): string => {
  const from = text.lastIndexOf('\n', start - 1) + 1
  const newline = text.indexOf('\n', start)
  const to = newline < 0 ? text.length : newline
  const cut = Math.max(0, start - from - Math.floor(WIDTH / 2))
  const line = visible(text.slice(from, to).replace(/\r$/, '')).slice(cut, cut + WIDTH)
  const column = start - from - cut
  const length = Math.max(1, Math.min(end, to) - start)
  return `${line}\n${' '.repeat(column)}${'^'.repeat(Math.min(length, Math.max(1, WIDTH - column)))}`
}
