import { KEY_DOMAIN } from '../catalogue/model.ts'
import type { CompiledRepository } from '../engine/compile.ts'
import { parseMirror } from '../engine/mirror.ts'
import type { Settings } from '../options/cache-defaults.ts'
import { quoteRegex, toRegex } from '../pattern/index.ts'

const MINUTES_PER_DAY = 1440

/** Squid crops what is longer than a year, with a warning. */
const YEAR_DAYS = 365

/** POSIX regular expressions have no `(?:`, and every group may capture there. */
const toPosix = (regex: string): string => regex.replaceAll('(?:', '(')

const MUTABLE = [
  '/(InRelease|Release|Release\\.gpg|Packages|Sources|Packages\\.(gz|xz|bz2)|Sources\\.(gz|xz|bz2))$',
  '/(Contents|Translation|Components|icons)-[^/]*$',
  '/(repomd\\.xml|repomd\\.xml\\.asc|repomd\\.xml\\.key|metalink|mirrorlist|\\.treeinfo|APKINDEX\\.tar\\.gz)$',
  '\\.(db|files)(\\.sig)?$',
]

const lines = (pattern: string, days: number, options: string): string =>
  `refresh_pattern ${pattern} ${days * MINUTES_PER_DAY} 100% ${days * MINUTES_PER_DAY} ${options}`

const OVERRIDE = 'override-expire override-lastmod'

/** How long keyed files stay fresh. Never `ignore-reload`: a client that sends no-cache must be able to heal a copy. */
export const freshnessLines = (
  settings: Settings,
  repositories: readonly CompiledRepository[],
  origins: Readonly<Record<string, string>> | undefined,
): string[] => {
  const keys = `^http://[a-z0-9-]+\\.${quoteRegex(KEY_DOMAIN)}/`
  const pinned = Object.entries(origins ?? {}).flatMap(([name, origin]) => {
    const repository = repositories.find((each) => each.name === name)
    const { host, prefix } = parseMirror(origin)
    const base = `^https?://${quoteRegex(prefix === '' ? host : `${host}/${prefix}`)}/`
    return (repository?.keyed ?? []).map(({ class: kind, pattern }) =>
      lines(
        `${base}${toPosix(toRegex(pattern))}$`,
        kind === 'hash' ? YEAR_DAYS : settings.freshDays,
        OVERRIDE,
      ),
    )
  })
  return [
    ...(origins
      ? pinned
      : [
          lines(`${keys}[A-Za-z0-9._-]+/(sha1|sha256|sha512)/`, YEAR_DAYS, OVERRIDE),
          lines(keys, settings.freshDays, OVERRIDE),
        ]),
    ...MUTABLE.map((pattern) => `refresh_pattern ${pattern} 0 0% 0 refresh-ims`),
    ...(settings.form === 'whole' ? ['refresh_pattern . 0 20% 4320'] : []),
  ]
}
