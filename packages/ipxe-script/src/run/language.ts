import { expand, type OperatorText, type Script } from '../syntax/index.ts'
import { STATUS } from './errno.ts'
import { HANDLERS } from './handlers.ts'
import type { Image } from './images.ts'
import type { Handler } from './vm.ts'

/**
 * The rules of the language that are worth a name. The differential test plants its faults by replacing one of them;
 * nothing else may.
 */
export interface Language {
  readonly expand: typeof expand
  /** Whether the command after an operator runs. */
  readonly runsAfter: (operator: OperatorText, status: number) => boolean
  /** Index of the line with a label, or the status of a `goto` that finds none. */
  readonly findLabel: (
    script: Script,
    label: string,
  ) => { readonly index: number } | { readonly status: number }
  /** Whether a failed line ends its script. */
  readonly endsScript: (status: number) => boolean
  /** Whether an image is registered again after it has run. */
  readonly keepsAfterRun: (image: Image) => boolean
  readonly handlers: ReadonlyMap<string, Handler>
}

const runsAfter: Language['runsAfter'] = (operator, status) => {
  if (operator === '||') return status !== 0
  return operator === ';' || status === 0
}

/** The first line with the label, from the top; a scan that ends in a dangling line has that line's status. */
const findLabel: Language['findLabel'] = ({ lines }, label) => {
  const index = lines.findIndex((line) => line.label?.text === label && !line.dangling)
  if (index >= 0) return { index }
  return { status: lines.at(-1)?.dangling ? STATUS.dangling : STATUS.noLabel }
}

export const LANGUAGE: Language = {
  expand,
  runsAfter,
  findLabel,
  endsScript: (status) => status !== 0,
  keepsAfterRun: (image) => !image.replacement && !image.autofree,
  handlers: HANDLERS,
}
