/**
 * Go's text/template, as far as data that came from JSON can use it. Never published: the build inlines it.
 *
 * @module
 */
import { DEFAULT_LIMITS, type Limits } from './budget.ts'
import { fromBytes, toBytes } from './bytes.ts'
import { GoTemplateError } from './error.ts'
import { FUNCTIONS } from './functions.ts'
import { parse } from './parse.ts'
import { run, type Program } from './run.ts'
import { valueOf, type Data } from './values.ts'

export { DEFAULT_LIMITS, type Limits } from './budget.ts'
export { GoTemplateError, type GoTemplateErrorCode } from './error.ts'
export { StringMap, type Data } from './values.ts'

/** A parsed template. */
export interface GoTemplate {
  /**
   * Renders data; a key that is missing is an error (Go's `missingkey=error`).
   * @throws {GoTemplateError} `ERR_GO_TEMPLATE_RUN` with Go's message, or `ERR_GO_TEMPLATE_LIMIT`
   */
  readonly render: (data: Data) => Buffer
}

const NAMES = new Set(FUNCTIONS.keys())

/** JavaScript's own stack is a bound, too. */
const withinStack = <T>(work: () => T): T => {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new GoTemplateError('ERR_GO_TEMPLATE_LIMIT', 'the template is nested too deeply', {
      cause: error,
    })
  }
}

/** Parses in Go's words: errors come as text, not as bytes. */
const inText = <T>(work: () => T): T => {
  try {
    return withinStack(work)
  } catch (error) {
    if (!(error instanceof GoTemplateError)) throw error
    throw new GoTemplateError(error.code, fromBytes(error.message), { cause: error.cause })
  }
}

/**
 * Parses a template. Its name stands in error messages.
 * @throws {GoTemplateError} `ERR_GO_TEMPLATE_PARSE` with Go's message, or `ERR_GO_TEMPLATE_LIMIT`
 */
export const parseGoTemplate = (
  name: string,
  text: string | Buffer,
  limits: Partial<Limits> = {},
): GoTemplate => {
  const bytes = typeof text === 'string' ? toBytes(text) : text.toString('latin1')
  const ownName = toBytes(name)
  const program: Program = {
    name: ownName,
    text: bytes,
    templates: inText(() => parse(ownName, bytes, NAMES)),
  }
  const bounds = { ...DEFAULT_LIMITS, ...limits }
  return {
    render: (data) => inText(() => Buffer.from(run(program, valueOf(data), bounds), 'latin1')),
  }
}
