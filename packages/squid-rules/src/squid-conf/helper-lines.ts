import type { CompiledRepository } from '../engine/compile.ts'
import type { Settings } from '../options/cache-defaults.ts'
import type { RulesOptions } from '../options/options.ts'
import { VERSIONS } from '../options/squid-versions.ts'
import { spelledPath, toPosixRegex } from '../pattern/index.ts'
import { canonicalBases, placedRegexes } from './places.ts'
import { joined } from './regex-lines.ts'

/** Requests that one helper may have open at a time; well above what a worker has in flight. */
const CONCURRENCY = 200

const children = ({ helpers, version }: Settings): string => {
  const queue = VERSIONS[version].overload ? ' queue-size=1000 on-persistent-overload=ERR' : ''
  // startup=0: Squid ends itself when helpers that it started at once are lost within half a minute. The first
  // request starts all of them; Squid gives a request to the least busy, so one that hangs keeps only a few.
  return `${helpers} startup=0 idle=${helpers} concurrency=${CONCURRENCY}${queue}`
}

/**
 * URLs of a canonical mirror, written as its clients write them: they are their own keys, so that asking would only
 * cost. Not those of another release's name, which have the key of the release.
 */
const canonicalLines = (repositories: readonly CompiledRepository[]): string[] => {
  const bases = canonicalBases(repositories)
  if (bases.length === 0) return []
  const spellings = new Set(bases.map(({ repository }) => repository.canonical!.spelling))
  const own = [...spellings].flatMap((spelling) => {
    const all = bases.filter(({ repository }) => repository.canonical!.spelling === spelling)
    return joined(
      all.map(({ before }) => before),
      (one) => `^http://(${one})${spelledPath(spelling)}$`,
    )
  })
  const others = placedRegexes(
    'http://',
    bases,
    ({ keyed }) => keyed.filter(({ isWholePath }) => !isWholePath),
    // Release 9 is written as its key has it, 9.4 is another name of it.
    (pattern) => toPosixRegex(pattern, true),
  )
  return [
    ...own.map((regex) => `acl bootwire_canonical url_regex ${regex}`),
    ...others.map((regex) => `acl bootwire_alias url_regex ${regex}`),
    `store_id_access deny bootwire_canonical${others.length > 0 ? ' !bootwire_alias' : ''}`,
  ]
}

/** How Squid asks the helper, and for which requests. */
export const helperLines = (
  settings: Settings,
  mode: RulesOptions['mode'],
  repositories: readonly CompiledRepository[],
): string[] => {
  const { helper, program, directory } = settings
  const pinned = mode === 'pinned'
  const what = pinned ? 'url_rewrite' : 'store_id'
  const rules =
    helper === 'stock'
      ? `${directory}/storeid.db`
      : pinned
        ? `rewrite ${directory}/rules.json`
        : `storeid ${directory}/rules.json`
  return [
    '# PURGE goes to the helper as well: so it drops the shared copy, whichever mirror is named.',
    'acl bootwire_methods method GET HEAD PURGE',
    'acl bootwire_query urlpath_regex \\?',
    'acl bootwire_credentials req_header Authorization .',
    'acl bootwire_credentials_too req_header Cookie .',
    '# A name and password in the URL are taken out of it before the helper is asked, and sent as Authorization.',
    'acl bootwire_login urllogin .',
    '',
    `${what}_program ${program} ${rules}`,
    `${what}_children ${children(settings)}`,
    "# Of a request, only its URL is looked at: formatting the client's name and address would cost Squid more than the key.",
    `${what}_extras ""`,
    '# With bypass on, a busy helper silently costs the key.',
    `${what}_bypass off`,
    ...(pinned && VERSIONS[settings.version].rewriteTimeout
      ? ['url_rewrite_timeout 10 seconds on_timeout=bypass']
      : []),
    ...(mode === 'path' || mode === undefined ? canonicalLines(repositories) : []),
    `${what}_access deny !bootwire_methods`,
    `${what}_access deny bootwire_query`,
    `${what}_access deny bootwire_credentials`,
    `${what}_access deny bootwire_credentials_too`,
    `${what}_access deny bootwire_login`,
    // Verified mirrors are learnt while Squid runs; the helper alone knows them.
    mode === 'verified' ? `${what}_access allow all` : `${what}_access allow bootwire_mirrors`,
    ...(settings.sites.length > 0 ? [`${what}_access allow bootwire_sites`] : []),
    `${what}_access deny all`,
  ]
}
