import { CATALOGUE } from '../catalogue/index.ts'
import { parseMirror } from '../engine/mirror.ts'
import { SquidRulesError } from '../errors.ts'
import type { CacheOptions, Options } from './options.ts'
import {
  list,
  object,
  oneOf,
  show,
  text,
  whole,
  type Check,
  yesNo,
  type Path,
  type Report,
} from './shape.ts'
import { OBSOLETE_DIRECTIVES, OBSOLETE_REFRESH } from './squid-versions.ts'

const FILE = text(
  /^\/[A-Za-z0-9._/-]+$/,
  'an absolute path of letters, digits, dots, hyphens and underscores',
)
const HOST = text(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, 'a host name in lower case')
const DOMAIN = text(/^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, 'a host name, or *.domain')
const NETWORK = text(
  /^(?:all|[0-9a-fA-F:.]+(?:\/\d{1,3}|-[0-9a-fA-F:.]+)?)$/,
  'an address, a network such as 10.0.0.0/8, or all',
)
const PORT = whole(1, 65_535, 'a port')
const LINE = text(/^[^\n\r]*$/, 'one line')

const origin: Check = (value, path, report) => {
  if (typeof value !== 'string' || !/^https?:\/\/[^*]*$/.test(value)) {
    return report(
      path,
      'ERR_SQUID_VALUE',
      `${show(value)} is not an origin such as http://mirror.example/debian`,
    )
  }
  try {
    parseMirror(value)
  } catch (error) {
    if (!(error instanceof SquidRulesError)) throw error
    report(path, error.code, error.message)
  }
}

/** The check of {@link CacheOptions}. */
export const CACHE_SHAPE: Check = object({
  version: oneOf('3.5', '4', '5', '6', '7'),
  form: oneOf('whole', 'snippet'),
  host: HOST,
  access: oneOf('open', 'strict'),
  never: list(NETWORK),
  tls: oneOf('openssl', 'gnutls', 'none'),
  tlsCaFile: FILE,
  proxy: oneOf('forward', 'accelerator', 'both'),
  helper: oneOf('bootwire', 'stock'),
  program: FILE,
  directory: FILE,
  port: PORT,
  sitePort: PORT,
  sites: list(
    object({ host: HOST, repository: text(/./, 'a name'), origin, verify: yesNo }, [
      'host',
      'repository',
      'origin',
    ]),
  ),
  clients: list(NETWORK, 1),
  alsoAllow: list(DOMAIN),
  storage: oneOf('aufs', 'rock', 'memory'),
  cacheDirectory: FILE,
  logDirectory: FILE,
  pidFile: FILE,
  diskMegabytes: whole(32, 100_000_000, 'megabytes'),
  memoryMegabytes: whole(8, 10_000_000, 'megabytes'),
  largestMegabytes: whole(1, 1_000_000, 'megabytes'),
  workers: whole(1, 64, 'processes'),
  helpers: whole(1, 64, 'processes'),
  freshDays: whole(1, 365, 'days'),
  siblings: list(object({ host: HOST, httpPort: PORT, icpPort: PORT }, ['host'])),
  extra: list(LINE),
  accept: list(oneOf('allow-all', 'ignore-reload', 'obsolete', 'unverified-origin')),
})

type Accepted = NonNullable<CacheOptions['accept']>[number]

const EVERYONE = /^(?:all|0\.0\.0\.0\/0|::\/0)$/

/** What a line of the user's own must not say, unless it is accepted by name. */
const refusedIn = (line: string): readonly [Accepted, string] | undefined => {
  const words = line.trim().split(/\s+/)
  const [directive = ''] = words
  if (
    directive === 'http_access' &&
    words[1] === 'allow' &&
    words.slice(2).every((word) => EVERYONE.test(word))
  ) {
    return ['allow-all', 'lets everyone use the cache']
  }
  if (directive === 'refresh_pattern' && words.includes('ignore-reload')) {
    return ['ignore-reload', 'keeps a client from healing a bad copy']
  }
  const option =
    directive === 'refresh_pattern'
      ? OBSOLETE_REFRESH.find((word) => words.includes(word))
      : undefined
  if (option !== undefined)
    return ['obsolete', `uses ${option}, which Squid ignores with a warning`]
  const gone = Object.hasOwn(OBSOLETE_DIRECTIVES, directive)
    ? OBSOLETE_DIRECTIVES[directive]
    : undefined
  return gone === undefined ? undefined : ['obsolete', `uses ${directive}, which ${gone}`]
}

const unsafe = (cache: CacheOptions, report: Report): void => {
  const refuse = (path: Path, kind: Accepted, why: string): void => {
    if (cache.accept?.includes(kind)) return
    const code = kind === 'obsolete' ? 'ERR_SQUID_OBSOLETE' : 'ERR_SQUID_UNSAFE'
    report(path, code, `${why}; if it is meant, say so again with accept: ["${kind}"]`)
  }
  cache.clients?.forEach((network, i) => {
    if (EVERYONE.test(network))
      refuse(['cache', 'clients', i], 'allow-all', `"${network}" lets everyone use the cache`)
  })
  cache.sites?.forEach(({ origin: from, verify }, i) => {
    if (verify === false && from.startsWith('https://'))
      refuse(
        ['cache', 'sites', i, 'verify'],
        'unverified-origin',
        `whoever is between the cache and ${from} could send any bytes, for all clients`,
      )
  })
  cache.extra?.forEach((line, i) => {
    const found = refusedIn(line)
    if (found) refuse(['cache', 'extra', i], found[0], `"${line}" ${found[1]}`)
  })
}

/** `https` origins need a Squid that can check them; Debian's own `squid` is built with GnuTLS and cannot. */
const tlsIssues = (cache: CacheOptions, origins: Options['origins'], report: Report): void => {
  if (cache.tls === 'openssl') return
  const secure: [Path, string][] = [
    ...(cache.sites ?? []).flatMap(({ origin: from }, i): [Path, string][] => [
      [['cache', 'sites', i, 'origin'], from],
    ]),
    ...Object.entries(origins ?? {}).map(([name, from]): [Path, string] => [
      ['origins', name],
      from,
    ]),
  ].filter(([, from]) => from.startsWith('https://'))
  for (const [path, from] of secure) {
    const known = cache.tls !== undefined
    report(
      path,
      'ERR_SQUID_TLS',
      `${from} needs a Squid that was built with OpenSSL${known ? `, this one has ${cache.tls === 'none' ? 'no TLS' : 'GnuTLS: TLS 1.3 fails there, and nothing is verified'}` : ''}; on Debian: apt install squid-openssl`,
      known ? 'error' : 'warning',
    )
  }
}

/** What a snippet cannot set, as the file that includes it does. */
const IN_THE_MAIN_FILE = ['logDirectory', 'pidFile', 'port', 'host'] as const

const snippetIssues = (cache: CacheOptions, report: Report): void => {
  if (cache.form !== 'snippet') return
  for (const key of IN_THE_MAIN_FILE) {
    if (cache[key] === undefined || (key === 'port' && cache.proxy !== 'accelerator')) continue
    report(
      ['cache', key],
      'ERR_SQUID_VALUE',
      `a snippet does not set ${key}; set it in the file that includes it, or use form "whole"`,
    )
  }
  const hasDisk = ['diskMegabytes', 'cacheDirectory', 'storage'] as const
  if (hasDisk.every((key) => cache[key] === undefined)) {
    report(
      ['cache', 'diskMegabytes'],
      'ERR_SQUID_MISSING',
      'without it the snippet sets no cache_dir; unless your squid.conf has one, nothing above 512 KB is kept',
      'warning',
    )
  }
}

/** What only shows when several of the settings are seen together. */
export const cacheIssues = (
  { cache, mode, repositories, origins }: Options,
  report: Report,
): void => {
  if (!cache) return
  unsafe(cache, report)
  const { proxy = 'forward', sites = [], storage, workers = 1, helper, form } = cache
  const known = [...CATALOGUE, ...(repositories ?? [])].map(({ name }) => name)
  sites.forEach(({ repository }, i) => {
    if (!known.includes(repository))
      report(
        ['cache', 'sites', i, 'repository'],
        'ERR_SQUID_VENDOR',
        `no repository "${repository}"`,
      )
  })
  if (proxy !== 'forward' && sites.length === 0) {
    report(['cache', 'sites'], 'ERR_SQUID_MISSING', `proxy "${proxy}" needs at least one site`)
  }
  if (proxy === 'forward' && sites.length > 0) {
    report(
      ['cache', 'proxy'],
      'ERR_SQUID_VALUE',
      'proxy "forward" has no sites; use "accelerator" or "both"',
    )
  }
  if (storage === 'aufs' && workers > 1) {
    report(
      ['cache', 'storage'],
      'ERR_SQUID_VALUE',
      'storage "aufs" cannot be shared by workers; use "rock" or "memory"',
    )
  }
  if ((mode === 'pinned' || mode === 'verified') && helper === 'stock') {
    report(
      ['cache', 'helper'],
      'ERR_SQUID_PIN',
      `mode "${mode}" needs the helper "bootwire": the stock one only knows expressions`,
    )
  }
  tlsIssues(cache, origins, report)
  snippetIssues(cache, report)
  if (form === 'snippet' && workers > 1) {
    report(
      ['cache', 'workers'],
      'ERR_SQUID_VALUE',
      'a snippet sets no workers; set them in the file that includes it',
    )
  }
}
