import { LAYOUTS } from '../catalogue/layouts.ts'
import { KEY_DOMAIN, type FileClass } from '../catalogue/model.ts'
import type { CompiledRepository } from '../engine/compile.ts'
import { parseMirror } from '../engine/mirror.ts'
import type { Settings } from '../options/cache-defaults.ts'
import { parsePattern, quoteRegex, toPosixRegex } from '../pattern/index.ts'
import { canonicalBases, placedRegexes, placeRegex, type Base } from './places.ts'
import { joined } from './regex-lines.ts'

const MINUTES_PER_DAY = 1440

/** Squid crops what is longer than a year, with a warning. */
const YEAR_DAYS = 365

/** A versioned file never changes, whatever its mirror says of its age. */
const OVERRIDE = 'override-expire override-lastmod'

/** Asked for again before every use; a client's If-Modified-Since goes to the origin too. */
const REVALIDATE = '0 0% 0 refresh-ims'

const fresh = (pattern: string, days: number): string =>
  `refresh_pattern ${pattern} ${days * MINUTES_PER_DAY} 100% ${days * MINUTES_PER_DAY} ${OVERRIDE}`

const stale = (pattern: string): string => `refresh_pattern ${pattern} ${REVALIDATE}`

/** Words that move, anywhere behind the prefix, its slash too. */
const moving = (scheme: string, bases: readonly Base[]): string[] => {
  const byWords = new Map<string, string[]>()
  for (const { repository, before } of bases) {
    const words = repository.mutableWords.map(quoteRegex).join('|')
    if (words !== '') byWords.set(words, [...(byWords.get(words) ?? []), before.slice(0, -1)])
  }
  return [...byWords].map(([words, places]) => `^${scheme}(${places.join('|')}).*(${words})`)
}

const ofClass = (kind: FileClass) => (repository: CompiledRepository) =>
  repository.keyed.filter((rule) => rule.class === kind)

/** Mutable first, as it wins everywhere; then what is keyed. */
const keptUnderItself = (scheme: string, bases: readonly Base[], freshDays: number): string[] => [
  ...placedRegexes(scheme, bases, ({ mutable }) => mutable).map(stale),
  ...moving(scheme, bases).map(stale),
  ...placedRegexes(scheme, bases, ofClass('versioned')).map((pattern) => fresh(pattern, freshDays)),
  ...placedRegexes(scheme, bases, ofClass('hash')).map((pattern) => fresh(pattern, YEAR_DAYS)),
]

const originBase = (repository: CompiledRepository, origin: string): Base => ({
  repository,
  before: placeRegex(parseMirror(origin)),
})

/** The names that change in any repository of a known layout, whoever's it is. */
const indexNames = (): string[] => {
  const patterns = Object.values(LAYOUTS).flatMap(({ rules }) =>
    rules.flatMap((rule) =>
      rule.class === 'mutable' ? toPosixRegex(parsePattern(rule.path)) : [],
    ),
  )
  return joined([...new Set(patterns)], (all) => `^https?://[^/]+/(.*/)?(${all})$`).map(stale)
}

/**
 * How long files stay fresh. All of it follows from the catalogue: what has a key is fresh, and whatever else lies
 * below a known mirror, named as mutable or not named at all, is asked for again. Never `ignore-reload`: a client
 * that sends no-cache must be able to heal a copy.
 */
export const freshnessLines = (
  settings: Settings,
  repositories: readonly CompiledRepository[],
  origins: Readonly<Record<string, string>> | undefined,
): string[] => {
  const { freshDays, form } = settings
  const keys = `^http://[a-z0-9-]+\\.${quoteRegex(KEY_DOMAIN)}/`
  const canonical = canonicalBases(repositories)
  const pinned = Object.entries(origins ?? {}).flatMap(([name, origin]) =>
    repositories.filter((each) => each.name === name).map((each) => originBase(each, origin)),
  )
  const places = [
    ...new Set(repositories.flatMap(({ mirrors }) => mirrors.map((mirror) => placeRegex(mirror)))),
  ]
  return [
    ...(origins
      ? keptUnderItself('https?://', pinned, freshDays)
      : [
          fresh(`${keys}([A-Za-z0-9._-]+/)?(sha1|sha256|sha512)/`, YEAR_DAYS),
          fresh(keys, freshDays),
          ...keptUnderItself('http://', canonical, freshDays),
        ]),
    '# Below a known mirror and without a key: an index, an install tree, or a name that no rule knows.',
    ...joined(places, (all) => `^https?://(${all})`).map(stale),
    '# The indexes of any other repository.',
    ...indexNames(),
    ...(form === 'whole' ? ['refresh_pattern . 0 20% 4320'] : []),
  ]
}
