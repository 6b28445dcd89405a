import { KEY_DOMAIN, type FileClass, type Repository, type Rule } from '../catalogue/model.ts'
import { SquidRulesError } from '../errors.ts'
import {
  defaultKey,
  parsePattern,
  planKey,
  toMatcher,
  type KeyPart,
  type Matcher,
  type Pattern,
} from '../pattern/index.ts'
import { mayOverlap } from '../pattern/overlap.ts'
import { parseMirror, type Mirror } from './mirror.ts'

/** A rule made ready: its pattern, what must not match, and how its key is put together. */
export interface CompiledRule {
  readonly repository: CompiledRepository
  readonly id: string
  readonly class: FileClass
  readonly source: string
  readonly pattern: Pattern
  readonly matches: Matcher
  readonly key: readonly KeyPart[]
  /** `http://debian.pkg.squid.internal/indexed/` */
  readonly keyPrefix: string
  /** The mutable patterns that could match the same path: they win. */
  readonly unless: readonly { readonly pattern: Pattern; readonly matches: Matcher }[]
}

export interface CompiledRepository {
  readonly name: string
  readonly signing: string
  readonly mirrors: readonly Mirror[]
  readonly mutableWords: readonly string[]
  readonly mutable: readonly CompiledRule[]
  /** Those that give a key, in the order in which they are tried. */
  readonly keyed: readonly CompiledRule[]
}

/** The stock helper substitutes `$1` to `$9` and no more. */
const MAX_CAPTURES = 9

const compileRule = (rule: Rule, repository: CompiledRepository, prefix: string): CompiledRule => {
  const pattern = parsePattern(rule.path)
  const key = rule.class === 'mutable' ? [] : planKey(pattern, rule.key ?? defaultKey(pattern))
  const spans = new Set(key.flatMap((part) => (part.kind === 'span' ? part.from : [])))
  if (spans.size > MAX_CAPTURES) {
    throw new SquidRulesError(
      'ERR_SQUID_KEY',
      `rule "${rule.id}" needs ${spans.size} captures, the stock helper has ${MAX_CAPTURES}`,
    )
  }
  const unless = repository.mutable.filter((other) => mayOverlap(pattern, other.pattern))
  const { id, source } = rule
  return {
    repository,
    id,
    source,
    class: rule.class,
    pattern,
    matches: toMatcher(pattern),
    key,
    keyPrefix: prefix,
    unless,
  }
}

const unique = (mirrors: readonly Mirror[]): Mirror[] => {
  const seen = new Map(
    mirrors.map((mirror) => [`${mirror.includeSubdomains}${mirror.host}/${mirror.prefix}`, mirror]),
  )
  // Longest first: the order of the alternation, and of the engine where prefixes nest.
  return [...seen.values()].toSorted((a, b) => b.prefix.length - a.prefix.length)
}

/**
 * Makes repositories ready for the engine and for `storeid.db`.
 * @throws {SquidRulesError} for a mirror, pattern or key that cannot be used; `validate` lists them all instead
 */
export const compileRepository = (repository: Repository): CompiledRepository => {
  const { name, signing, rules, mutableWords = [] } = repository
  const mutable: CompiledRule[] = []
  const keyed: CompiledRule[] = []
  const compiled: CompiledRepository = {
    name,
    signing,
    mirrors: unique(repository.mirrors.map(parseMirror)),
    mutableWords,
    mutable,
    keyed,
  }
  const prefix = `http://${name}.${KEY_DOMAIN}/${signing}/`
  for (const rule of rules) {
    if (rule.class === 'mutable') mutable.push(compileRule(rule, compiled, prefix))
  }
  for (const kind of ['hash', 'versioned'] as const) {
    for (const rule of rules)
      if (rule.class === kind) keyed.push(compileRule(rule, compiled, prefix))
  }
  return compiled
}
