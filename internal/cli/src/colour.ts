import { styleText } from 'node:util'

import type { ProcessLike, Output } from './process-like.ts'

type Style = Parameters<typeof styleText>[0]

/** Colours a text, where colours are wanted. */
export type Paint = (style: Style, text: string) => string

/**
 * Whether to colour what goes to `output`: FORCE_COLOR says so (`0` says no), else NO_COLOR forbids it
 * (no-color.org), else terminals get it unless they are `dumb`.
 */
export const isColoured = (output: Output, environment: ProcessLike['environment']): boolean => {
  const { FORCE_COLOR, NO_COLOR, TERM } = environment
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return !/^(?:0|false)$/.test(FORCE_COLOR)
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  return output.isTTY === true && TERM !== 'dumb'
}

/** Colours for `output`, or plain text. */
export const painter = (output: Output, environment: ProcessLike['environment']): Paint =>
  isColoured(output, environment)
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_style, text) => text
