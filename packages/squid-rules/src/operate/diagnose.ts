import type { Engine } from '../engine/engine.ts'
import { isHit, parseLogLine, type LogEntry } from './access-log.ts'

/** What a running Squid tells of itself. */
export interface Evidence {
  /** The manager's page `store_id`, or `redirector` for mode `pinned`. */
  readonly manager?: string
  readonly cacheLog?: string
  readonly accessLog?: string
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

const bypassed = (entries: readonly LogEntry[], engine: Engine): DoctorFinding[] => {
  const lost = entries.filter(
    ({ key, url, method, status }) =>
      key === '' && method === 'GET' && status === 200 && engine.keyAt(url, 0) !== undefined,
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

/** Finds what is wrong from what a running Squid tells. Pure: whoever calls it has fetched the evidence. */
export const diagnose = (
  engine: Engine,
  { manager, cacheLog, accessLog }: Evidence,
): DoctorFinding[] => {
  const entries = (accessLog ?? '').split('\n').flatMap((line) => parseLogLine(line) ?? [])
  return [
    ...(manager === undefined ? [] : fromManager(manager)),
    ...(cacheLog === undefined ? [] : fromCacheLog(cacheLog)),
    ...loops(entries),
    ...bypassed(entries, engine),
  ]
}
