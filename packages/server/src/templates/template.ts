import { Liquid, type Template } from 'liquidjs'

import { checkResult, escapeFor, type AnswerFormat } from '../model/answer-formats.ts'
import { messageOf, ServerError } from '../model/errors.ts'

/** Longest text that a template may make, in characters, and longest time it may take, in ms. */
const MAX_RENDERED = 4_194_304
const MAX_RENDER_MS = 1000

const engines = new Map<string, Liquid>()

const printable = (value: unknown): string => {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

/** The template language as it escapes for `format`; to find every error of a template, or to stop at the first. */
export const engineFor = (format: AnswerFormat, catchAllErrors = false): Liquid => {
  const key = `${format} ${catchAllErrors}`
  const known = engines.get(key)
  if (known) return known
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    ownPropertyOnly: true,
    catchAllErrors,
    memoryLimit: MAX_RENDERED,
    renderLimit: MAX_RENDER_MS,
    // Templates are single files: nothing that a template says reaches the disk.
    templates: {},
    outputEscape: (value: unknown) => escapeFor(format, printable(value)),
  })
  engine.registerFilter('json', (value: unknown) => JSON.stringify(value))
  engines.set(key, engine)
  return engine
}

/** Parsed templates kept; a template is parsed again when it has fallen out. */
const MAX_PARSED = 256
const parsed = new Map<string, Template[]>()

const parseTemplate = (engine: Liquid, format: AnswerFormat, text: string): Template[] => {
  const key = `${format}\n${text}`
  const known = parsed.get(key)
  if (known) return known
  const template = engine.parse(text)
  if (parsed.size >= MAX_PARSED) parsed.clear()
  parsed.set(key, template)
  return template
}

/** False where there is nothing to render. */
export const isTemplate = (text: string): boolean => text.includes('{{') || text.includes('{%')

/**
 * Renders a template with values escaped for `format`. An unknown name is an error, never an empty text.
 * @throws {ServerError} `ERR_SERVER_TEMPLATE`
 */
export const renderTemplate = (
  text: string,
  values: Readonly<Record<string, unknown>>,
  format: AnswerFormat,
  where: string,
): string => {
  if (!isTemplate(text)) return text
  try {
    const engine = engineFor(format)
    const result: unknown = engine.renderSync(parseTemplate(engine, format, text), values)
    const rendered = String(result)
    checkResult(format, rendered)
    return rendered
  } catch (error) {
    throw new ServerError(
      'ERR_SERVER_TEMPLATE',
      `${where}: ${messageOf(error).split('\n')[0] ?? ''}`,
      { cause: error },
    )
  }
}
