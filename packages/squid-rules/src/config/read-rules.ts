import { readFileSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import { messageOf } from '@bootwire-internal/common'

import { SquidRulesError } from '../errors.ts'
import { parseLocatedJson } from './json.ts'
import type { Options } from './options.ts'
import type { Issue } from './shape.ts'
import { isOptions, validate } from './validate.ts'

/** Options from a file, with the warnings that came up. */
export interface ReadOptions {
  readonly options: Options
  /** `FILE:LINE:COLUMN: path: message`, or without a position for a module. */
  readonly warnings: readonly string[]
}

const describe = (file: string, issue: Issue, where: string): string =>
  `${file}${where}: ${issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue.message}`

const load = async (file: string): Promise<{ value: unknown; where: (issue: Issue) => string }> => {
  if (extname(file) !== '.json') {
    // A query makes the module loader read the file again after a change.
    const url = `${pathToFileURL(resolve(file)).href}?at=${performance.now()}`
    const module: Record<string, unknown> = await import(url)
    return { value: module['default'], where: () => '' }
  }
  const { value, locate } = parseLocatedJson(readFileSync(file, 'utf8'))
  const where = (issue: Issue): string => {
    const { line, column } = locate(issue.path)
    return `:${line}:${column}`
  }
  return { value, where }
}

/**
 * Reads a `.json` file, or the default export of an `.mjs` one.
 * @throws {SquidRulesError} with every error of the file in its message, one a line
 */
export const readOptions = async (file: string): Promise<ReadOptions> => {
  const { value, where } = await load(file).catch((error: unknown) => {
    if (error instanceof SquidRulesError)
      throw new SquidRulesError(error.code, `${file}:${error.message}`)
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const said = messageOf(error)
    const why = isMissing ? 'there is no such file' : said
    throw new SquidRulesError('ERR_SQUID_FILE', `${file}: ${why}`, { cause: error })
  })
  const issues = validate(value)
  const errors = issues.filter(({ severity }) => severity === 'error')
  if (!isOptions(value, errors)) {
    const lines = errors.map((issue) => describe(file, issue, where(issue)))
    throw new SquidRulesError(errors[0]?.code ?? 'ERR_SQUID_TYPE', lines.join('\n'))
  }
  return { options: value, warnings: issues.map((issue) => describe(file, issue, where(issue))) }
}
