import { fillBy, onOneLine, type Syntax } from './syntax.ts'

/** A text without rules: a value is what it is, on one line. */
export const text: Syntax = {
  fill: fillBy(() => ({ read: () => {}, put: ({ text: value }) => onOneLine(value) })),
}
