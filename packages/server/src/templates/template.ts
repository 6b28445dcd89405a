import { Liquid, type Template } from 'liquidjs'

import { syntaxOf } from '../formats/index.ts'
import type { AnswerFormat } from '../model/answer-formats.ts'
import { messageOf, ServerError } from '../model/errors.ts'
import { fillIn } from './fill.ts'
import { JsonText, Marks, type Cut } from './marks.ts'

/** Longest text that a template may make, in characters, and longest time it may take, in ms. */
const MAX_RENDERED = 4_194_304
const MAX_RENDER_MS = 1000

/** Where the values of the rendering that goes on now are kept. */
let marks = new Marks()

const engineThat = (catchAllErrors: boolean): Liquid => {
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
    outputEscape: (value: unknown) => marks.mark(value),
  })
  engine.registerFilter('json', (value: unknown) => new JsonText(value))
  return engine
}

/** The template language: to stop at the first error of a template, or to find every one. */
export const ENGINES: { readonly first: Liquid; readonly every: Liquid } = {
  first: engineThat(false),
  every: engineThat(true),
}

/** Renders a parsed template, with its values kept apart from its text. */
export const renderCut = (
  engine: Liquid,
  parts: readonly Template[],
  values: Readonly<Record<string, unknown>>,
): { readonly cut: Cut; readonly marked: string } => {
  marks = new Marks()
  const result: unknown = engine.renderSync([...parts], { ...values })
  const marked = String(result)
  return { cut: marks.cut(marked), marked }
}

/** Parsed templates kept; a template is parsed again when it has fallen out. */
const MAX_PARSED = 256
const parsed = new Map<string, Template[]>()

const parseTemplate = (text: string): Template[] => {
  const known = parsed.get(text)
  if (known) return known
  const template = ENGINES.first.parse(text)
  if (parsed.size >= MAX_PARSED) parsed.clear()
  parsed.set(text, template)
  return template
}

/** False where there is nothing to render. */
export const isTemplate = (text: string): boolean => text.includes('{{') || text.includes('{%')

/**
 * Renders a template with each value as its place in `format` asks for. An unknown name is an error, never an empty text;
 * so is a result that is none of its format.
 * @throws {ServerError} `ERR_SERVER_TEMPLATE`
 */
export const renderTemplate = (
  text: string,
  values: Readonly<Record<string, unknown>>,
  format: AnswerFormat,
  where: string,
): string => {
  if (!isTemplate(text)) return text
  const fail = (why: string, cause?: unknown): never => {
    throw new ServerError('ERR_SERVER_TEMPLATE', `${where}: ${why}`, { cause })
  }
  let cut: Cut
  try {
    cut = renderCut(ENGINES.first, parseTemplate(text), values).cut
  } catch (error) {
    return fail(messageOf(error).split('\n')[0] ?? '', error)
  }
  const filled = fillIn(format, cut)
  if (!filled.ok) return fail(filled.why)
  const [problem] = syntaxOf(format).problems?.(filled.text) ?? []
  return problem ? fail(`makes no valid ${format}: ${problem.message}`) : filled.text
}
