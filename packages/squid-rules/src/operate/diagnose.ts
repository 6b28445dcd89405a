import type { Engine } from '../engine/engine.ts'
import { isHit, isWhole, parseLogLine, type LogEntry } from './access-log.ts'
import { countHost, isDenied, topHosts } from './hosts.ts'

/** What a running Squid tells of itself. */
export interface Evidence {
  /** The manager's page `store_id`, or `redirector` for mode `pinned`. */
  readonly manager?: string
  readonly cacheLog?: string
  readonly accessLog?: string
  /** The squid.conf that is in force. */
  readonly config?: string
  /** What `squid -v` says. */
  readonly build?: { readonly version: string; readonly tls: 'openssl' | 'gnutls' | 'none' }
}

/** What is wrong with a running Squid. */
export interface DoctorFinding {
  readonly code:
    | 'no-helper'
    | 'dead-helpers'
    | 'unanswered'
    | 'queue'
    | 'slow-helper'
    | 'crashing'
    | 'wrong-answers'
    | 'rules-refused'
    | 'open-loop'
    | 'bypassed'
    | 'denied'
    | 'failed-origin'
    | 'unseen'
    | 'unkeyed'
    | 'no-keys'
    | 'missing-file'
    | 'own-name'
    | 'vary'
    | 'tls'
  readonly severity: 'error' | 'warning'
  readonly message: string
}

const number = (page: string, pattern: RegExp): number | undefined => {
  const found = pattern.exec(page)?.[1]
  return found === undefined ? undefined : Number(found)
}

const finding = (
  code: DoctorFinding['code'],
  severity: DoctorFinding['severity'],
  message: string,
): DoctorFinding => ({
  code,
  severity,
  message,
})

/** A helper that takes longer than this holds up every request, milliseconds. */
const SLOW_MS = 20

const fromManager = (page: string): DoctorFinding[] => {
  const active = number(page, /number active: (\d+) of/)
  const most = number(page, /number active: \d+ of (\d+)/)
  if (active === undefined || most === undefined) {
    return [
      finding(
        'no-helper',
        'error',
        'the manager knows no helper: store_id_program is not in force',
      ),
    ]
  }
  const found: DoctorFinding[] = []
  if (active < most)
    found.push(finding('dead-helpers', 'error', `${active} of ${most} helpers run`))
  const sent = number(page, /requests sent: (\d+)/) ?? 0
  const received = number(page, /replies received: (\d+)/) ?? 0
  if (sent - received > 100) {
    found.push(
      finding('unanswered', 'error', `${sent - received} requests wait for a helper: one may hang`),
    )
  }
  const queue = number(page, /queue length: (\d+)/) ?? 0
  if (queue > 0)
    found.push(
      finding('queue', 'warning', `${queue} requests wait for a free helper; raise concurrency=`),
    )
  const service = number(page, /avg service time: (\d+)/) ?? 0
  if (service > SLOW_MS)
    found.push(finding('slow-helper', 'warning', `a helper takes ${service} ms on average`))
  return found
}

const IN_CACHE_LOG: readonly (readonly [
  RegExp,
  DoctorFinding['code'],
  DoctorFinding['severity'],
  string,
])[] = [
  [
    /helpers are crashing too rapidly|Too few (?:store_id|url_rewrite) processes|(?:store_id|storeid\S*|rewrite) #Hlpr\d+ exited/g,
    'crashing',
    'error',
    'helpers exit',
  ],
  [
    /assertion failed: (?:helper|Write)\.cc/g,
    'crashing',
    'error',
    'Squid itself ended because of what a helper sent',
  ],
  [
    /invalid result code|Wrong helper\?|unexpected reply on channel/g,
    'wrong-answers',
    'error',
    'a helper answers what Squid does not understand',
  ],
  [
    /Too many queued (?:store_id|storeid|url_rewrite) requests|queue overload/gi,
    'queue',
    'error',
    'the helpers were overloaded',
  ],
  [
    /bootwire-squid: rules refused/g,
    'rules-refused',
    'error',
    'new rules were refused and are not in force',
  ],
  [
    /Can(?:not|'t) open (?:the )?file|Can not open file|No such file or directory/gi,
    'missing-file',
    'error',
    'Squid cannot open a file that its configuration names: was --out another folder than cache.directory?',
  ],
  [
    /public hostname|Could not determine this machines/gi,
    'own-name',
    'warning',
    "this host's own name does not resolve, which costs every answer a look-up: set visible_hostname",
  ],
  [
    /Vary object loop/g,
    'vary',
    'warning',
    'a mirror varies by Accept-Encoding, so that clients keep copies of their own of one file',
  ],
]

const fromCacheLog = (log: string): DoctorFinding[] =>
  IN_CACHE_LOG.flatMap(([pattern, code, severity, message]) => {
    const count = log.match(pattern)?.length ?? 0
    return count === 0 ? [] : finding(code, severity, `${message} (${count} times in cache.log)`)
  })

/** So many redirects of one URL for one client in a row are a loop: clients give up at 20 to 50. */
const LOOP = 5

const loops = (entries: readonly LogEntry[]): DoctorFinding[] => {
  const runs = new Map<string, number>()
  for (const entry of entries) {
    const isRedirect =
      entry.status >= 300 && entry.status < 400 && entry.status !== 304 && isHit(entry)
    const id = `${entry.client} ${entry.url}`
    if (isRedirect) runs.set(id, (runs.get(id) ?? 0) + 1)
  }
  return [...runs]
    .filter(([, count]) => count >= LOOP)
    .map(([id, count]) =>
      finding('open-loop', 'error', `${count} redirects from the cache: ${id}; is store_miss set?`),
    )
}

/** A canonical URL is its own key, and the helper is not asked for it. */
const isOther = (key: string | undefined, url: string): boolean => key !== undefined && key !== url

const bypassed = (entries: readonly LogEntry[], engine: Engine): DoctorFinding[] => {
  const lost = entries.filter(
    ({ key, url, method, status }) =>
      key === '' && method === 'GET' && status === 200 && isOther(engine.keyAt(url, 0), url),
  )
  const bytes = lost.reduce((sum, entry) => sum + entry.bytes, 0)
  return lost.length === 0
    ? []
    : [
        finding(
          'bypassed',
          'error',
          `${lost.length} requests (${bytes} bytes) went past the helper or had credentials; is store_id_bypass off?`,
        ),
      ]
}

const told = (counts: ReadonlyMap<string, number>): string =>
  Object.entries(topHosts(counts))
    .slice(0, 10)
    .map(([host, count]) => `${host} (${count})`)
    .join(', ')

const sum = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((all, count) => all + count, 0)

/** Hosts that were refused or failed, and what went by without a key. */
const hosts = (entries: readonly LogEntry[], engine: Engine): DoctorFinding[] => {
  const denied = new Map<string, number>()
  const failed = new Map<string, number>()
  const unkeyed = new Map<string, number>()
  let unkeyedBytes = 0
  let tunnelled = 0
  for (const entry of entries) {
    if (isDenied(entry)) countHost(denied, entry)
    else if (entry.status === 502 || entry.status === 503) countHost(failed, entry)
    else if (entry.method === 'CONNECT') tunnelled += entry.bytes
    else if (
      isWhole(entry) &&
      PACKAGE.test(entry.url) &&
      engine.placesAt(entry.url, 0).length === 0
    ) {
      countHost(unkeyed, entry)
      unkeyedBytes += entry.bytes
    }
  }
  return [
    ...(denied.size === 0
      ? []
      : [
          finding(
            'denied',
            'warning',
            `${sum(denied)} requests were refused: ${told(denied)}; alsoAllow or access "open" lets them through`,
          ),
        ]),
    ...(failed.size === 0
      ? []
      : [
          finding(
            'failed-origin',
            'error',
            `${sum(failed)} requests failed at their origin: ${told(failed)}`,
          ),
        ]),
    ...(tunnelled < UNSEEN_BYTES
      ? []
      : [
          finding(
            'unseen',
            'warning',
            `${Math.round(tunnelled / 1e6)} MB went by in tunnels, which no cache can see: use http:// mirrors (metalink with &protocol=http)`,
          ),
        ]),
    ...(unkeyed.size === 0
      ? []
      : [
          finding(
            'unkeyed',
            'warning',
            `${Math.round(unkeyedBytes / 1e6)} MB of packages came from hosts that no rule knows: ${told(unkeyed)}; bootwire-squid learn proposes them as mirrors`,
          ),
        ]),
  ]
}

/** What is a package by its name, whoever has it. */
const PACKAGE = /\.(?:rpm|drpm|deb|udeb|apk|pkg\.tar\.(?:zst|xz|gz))$/

/** Below it, tunnels are mirror lists and the like. */
const UNSEEN_BYTES = 10_000_000

const fromConfig = (config: string): DoctorFinding[] =>
  /^\s*store_id_access\s+deny\s+all\b/m.exec(
    config.replace(/^\s*store_id_access\s+allow[\s\S]*$/m, ''),
  )
    ? [
        finding(
          'no-keys',
          'error',
          'store_id_access denies all before it allows anything: no request gets a key',
        ),
      ]
    : []

const fromBuild = ({ version, tls }: NonNullable<Evidence['build']>): DoctorFinding[] =>
  tls === 'openssl'
    ? []
    : [
        finding(
          'tls',
          'warning',
          `Squid ${version} was built ${tls === 'none' ? 'without TLS' : 'with GnuTLS'}: https origins fail with TLS 1.3 and nothing is verified; apt install squid-openssl`,
        ),
      ]

/** Finds what is wrong from what a running Squid tells. Pure: whoever calls it has fetched the evidence. */
export const diagnose = (
  engine: Engine,
  { manager, cacheLog, accessLog, config, build }: Evidence,
): DoctorFinding[] => {
  const entries = (accessLog ?? '').split('\n').flatMap((line) => parseLogLine(line) ?? [])
  return [
    ...(manager === undefined ? [] : fromManager(manager)),
    ...(cacheLog === undefined ? [] : fromCacheLog(cacheLog)),
    ...loops(entries),
    ...bypassed(entries, engine),
    ...hosts(entries, engine),
    ...(config === undefined ? [] : fromConfig(config)),
    ...(build === undefined ? [] : fromBuild(build)),
  ]
}
