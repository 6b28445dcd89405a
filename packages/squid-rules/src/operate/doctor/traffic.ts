import type { Engine } from '../../engine/engine.ts'
import { isHit, isWhole, type LogEntry } from '../access-log.ts'
import { countHost, isDenied, topHosts } from '../hosts.ts'
import { finding, type DoctorFinding } from './finding.ts'

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
  topHosts(counts)
    .slice(0, 10)
    .map(({ host, count }) => `${host} (${count})`)
    .join(', ')

const requests = (counts: ReadonlyMap<string, number>): string => {
  const sum = [...counts.values()].reduce((all, count) => all + count, 0)
  return sum === 1 ? '1 request' : `${sum} requests`
}

const sizeOf = (bytes: number): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${Math.round(bytes / 1e6)} MB`

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
            `${requests(denied)} were refused: ${told(denied)}; alsoAllow or access "open" lets them through`,
          ),
        ]),
    ...(failed.size === 0
      ? []
      : [
          finding(
            'failed-origin',
            'error',
            `${requests(failed)} failed at their origin: ${told(failed)}`,
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
            `${sizeOf(unkeyedBytes)} of packages came from hosts that no rule knows: ${told(unkeyed)}; bootwire-squid learn proposes them as mirrors`,
          ),
        ]),
  ]
}

/** What is a package by its name, whoever has it. */
const PACKAGE = /\.(?:rpm|drpm|deb|udeb|apk|pkg\.tar\.(?:zst|xz|gz))$/

/** Below it, tunnels are mirror lists and the like. */
const UNSEEN_BYTES = 10_000_000

/** What access.log tells: loops, lost keys, refused and failed hosts, bytes that no rule knows. */
export const fromTraffic = (entries: readonly LogEntry[], engine: Engine): DoctorFinding[] => [
  ...loops(entries),
  ...bypassed(entries, engine),
  ...hosts(entries, engine),
]
