import type { RulesOptions } from './config/options.ts'
import { resolveRepositories } from './config/resolve.ts'
import type { Issue } from './config/shape.ts'
import { validateRules } from './config/validate.ts'
import { compileRepository, type CompiledRepository } from './engine/compile.ts'
import { SquidRulesError } from './errors.ts'
import { dbRules, toStoreIdDb } from './storeid-db/emit.ts'

/** The repositories of these options, ready for the engine. */
export const compileRules = (options: RulesOptions): CompiledRepository[] =>
  resolveRepositories(options).map(compileRepository)

/** What `generate` makes: file names and their text, and what is worth a look. */
export interface Generated {
  readonly files: Readonly<Record<string, string>>
  readonly warnings: readonly Issue[]
}

/**
 * Makes the files that Squid needs.
 * @throws {SquidRulesError} with the first error that `validate` finds
 */
export const generate = (options: RulesOptions = {}): Generated => {
  const issues = validateRules(options)
  const error = issues.find(({ severity }) => severity === 'error')
  if (error)
    throw new SquidRulesError(error.code, `${error.path.join('.') || 'options'}: ${error.message}`)
  const repositories = compileRules(options)
  return { files: { 'storeid.db': toStoreIdDb(dbRules(repositories)) }, warnings: issues }
}
