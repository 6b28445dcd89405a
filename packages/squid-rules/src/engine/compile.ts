import {
  KEY_DOMAIN,
  type FileClass,
  type Repository,
  type Rule,
  type Spelling,
} from '../catalogue/model.ts'
import { SquidRulesError } from '../errors.ts'
import {
  defaultKey,
  parsePattern,
  planKey,
  spellingOf,
  toMatcher,
  type KeyPart,
  type Matcher,
  type Pattern,
  type Spell,
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
  /** `http://debian.pkg.squid.internal/indexed/`, or the canonical mirror: `http://ftp.debian.org/debian/`. */
  readonly keyPrefix: string
  /** Whether the key is the whole path: the canonical mirror's own URL needs no helper then. */
  readonly isWholePath: boolean
  /** The mutable patterns that could match the same path: they win. */
  readonly unless: readonly { readonly pattern: Pattern; readonly matches: Matcher }[]
}

export interface Canonical {
  readonly base: string
  readonly mirror: Mirror
  readonly spelling: Spelling
  readonly spell: Spell
}

export interface CompiledRepository {
  readonly name: string
  readonly signing: string
  readonly mirrors: readonly Mirror[]
  readonly mutableWords: readonly string[]
  /** The mirror whose URLs are the keys, `http://host/prefix/`, and how they are spelt; absent for internal keys. */
  readonly canonical?: Canonical
  readonly mutable: readonly CompiledRule[]
  /** Those that give a key, in the order in which they are tried. */
  readonly keyed: readonly CompiledRule[]
}

/** The stock helper substitutes `$1` to `$9` and no more. */
const MAX_CAPTURES = 9

/** Many repositories share the rules of their layout: each is read once. */
const read = new WeakMap<Rule, { readonly pattern: Pattern; readonly matches: Matcher }>()

const readRule = (rule: Rule): { readonly pattern: Pattern; readonly matches: Matcher } => {
  const known = read.get(rule)
  if (known) return known
  const pattern = parsePattern(rule.path)
  const made = { pattern, matches: toMatcher(pattern) }
  read.set(rule, made)
  return made
}

const compileRule = (rule: Rule, repository: CompiledRepository, prefix: string): CompiledRule => {
  const { pattern, matches } = readRule(rule)
  // A hash in the path is as good as a hash for a name, and the canonical mirror has the path.
  const isWholePath =
    rule.key === undefined || (rule.class === 'hash' && repository.canonical !== undefined)
  const template = isWholePath ? undefined : rule.key
  const key = rule.class === 'mutable' ? [] : planKey(pattern, template ?? defaultKey(pattern))
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
    matches,
    key,
    keyPrefix: prefix,
    isWholePath,
    unless,
  }
}

const canonicalOf = ({
  mirror: text,
  spelling,
}: NonNullable<Repository['canonical']>): Canonical => {
  const mirror = parseMirror(text)
  const prefix = mirror.prefix === '' ? '' : `${mirror.prefix}/`
  return { base: `http://${mirror.host}/${prefix}`, mirror, spelling, spell: spellingOf(spelling) }
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
    ...(repository.canonical && { canonical: canonicalOf(repository.canonical) }),
    mutable,
    keyed,
  }
  const prefix = compiled.canonical?.base ?? `http://${name}.${KEY_DOMAIN}/${signing}/`
  for (const rule of rules) {
    if (rule.class === 'mutable') mutable.push(compileRule(rule, compiled, prefix))
  }
  for (const kind of ['hash', 'versioned'] as const) {
    for (const rule of rules)
      if (rule.class === kind) keyed.push(compileRule(rule, compiled, prefix))
  }
  return compiled
}
