export { expand, findExpansion, type Expansion } from './expand.ts'
export {
  hasMagic,
  isSpace,
  MAX_ARGUMENTS,
  SAFE_LINE_BYTES,
  SAFE_WORDS_PER_LINE,
} from './characters.ts'
export { parse, type ParseOptions } from './parse.ts'
export { caret, createLocator } from './position.ts'
export { format, print } from './print.ts'
export type {
  Line,
  LineContent,
  Operator,
  OperatorText,
  Script,
  Segment,
  Span,
  SyntaxProblem,
  Word,
} from './script.ts'
export { tokenise, type MakeWord } from './tokenise.ts'
