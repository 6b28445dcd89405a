import { compileRepository, type CompiledRepository } from '../engine/compile.ts'
import { SquidRulesError } from '../errors.ts'
import { settingsOf } from '../options/cache-defaults.ts'
import type { Options } from '../options/options.ts'
import { resolveRepositories } from '../options/resolve.ts'
import { usedOf } from '../options/resolve.ts'
import type { Issue } from '../options/shape.ts'
import { isOptions, validate } from '../options/validate.ts'
import { DENIED_PAGE } from '../squid-conf/access.ts'
import { deniedPage } from '../squid-conf/denied-page.ts'
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

/** `strict` and snippets: what may be fetched is the mirrors, their lists of mirrors, and what was added. */
const allowedFiles = (
  options: Options,
  repositories: readonly CompiledRepository[],
): Record<string, string> => {
  const { access, form, alsoAllow, directory } = settingsOf(options)
  if (access === 'open' && form === 'whole') return {}
  const hosts = [
    ...repositories.flatMap(({ mirrors }) => mirrors),
    ...[...usedOf(options).flatMap(({ services = [] }) => services), ...alsoAllow].map((host) => ({
      host: host.replace(/^\*\./, ''),
      includeSubdomains: host.startsWith('*.'),
    })),
  ]
  return {
    'allowed.txt': `${toDstdomain(hosts).join('\n')}\n`,
    ...(access === 'strict' && { [DENIED_PAGE]: deniedPage(directory) }),
  }
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
    // Internal keys, as the stock helper cannot spell a name; a pinned cache has no keys at all.
    ...(options.mode === 'pinned' || options.mode === 'verified'
      ? {}
      : { 'storeid.db': toStoreIdDb(dbRules(compileRules({ ...options, canonical: false }))) }),
    'rules.json': `${JSON.stringify(options, null, 2)}\n`,
    'mirrors.txt': `${hosts.join('\n')}\n`,
    ...allowedFiles(options, repositories),
    ...clientSnippets(options),
  }
  return { files, warnings }
}
