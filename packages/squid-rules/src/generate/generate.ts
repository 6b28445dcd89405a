import { compileRepository, type CompiledRepository } from '../engine/compile.ts'
import { SquidRulesError } from '../errors.ts'
import type { Options } from '../options/options.ts'
import { resolveRepositories } from '../options/resolve.ts'
import type { Issue } from '../options/shape.ts'
import { isOptions, validate } from '../options/validate.ts'
import { toDstdomain } from '../squid-conf/dstdomain.ts'
import { toSquidConf } from '../squid-conf/write.ts'
import { dbRules, toStoreIdDb } from '../storeid-db/write.ts'
import { clientSnippets } from './client-files.ts'

/** The repositories of these options, ready for the engine. The options must be valid. */
export const compileRules = (options: Options): CompiledRepository[] =>
  resolveRepositories(options).map(compileRepository)

/** What `generate` makes: file names and their text, and what is worth a look. */
export interface Generated {
  /** `squid.conf`, `storeid.db`, `rules.json`, `mirrors.txt`, and `clients/...`. */
  readonly files: Readonly<Record<string, string>>
  readonly warnings: readonly Issue[]
}

/**
 * Makes the files that Squid, its helper and its clients need.
 * @throws {SquidRulesError} with the first error that `validate` finds
 */
export const generate = (options: Options = {}): Generated => {
  const warnings = validate(options)
  const errors = warnings.filter(({ severity }) => severity === 'error')
  const [error] = errors
  if (error || !isOptions(options, errors)) {
    const where = error?.path.join('.') ?? ''
    throw new SquidRulesError(
      error?.code ?? 'ERR_SQUID_TYPE',
      `${where || 'options'}: ${error?.message}`,
    )
  }
  const repositories = compileRules(options)
  const hosts = toDstdomain(repositories.flatMap(({ mirrors }) => mirrors))
  const files = {
    'squid.conf': toSquidConf(options, repositories),
    // A pinned cache has no keys, so the stock helper has nothing to do there.
    ...(options.mode === 'pinned' ? {} : { 'storeid.db': toStoreIdDb(dbRules(repositories)) }),
    'rules.json': `${JSON.stringify(options, null, 2)}\n`,
    'mirrors.txt': `${hosts.join('\n')}\n`,
    ...clientSnippets(options),
  }
  return { files, warnings }
}
