import type { Engine } from '../engine/engine.ts'
import { isHit, isWhole, parseLogLine, type LogEntry } from './access-log.ts'
import { countHost, isDenied, topHosts, type HostCount } from './hosts.ts'

/** One key under which files of different sizes were seen: their bytes cannot be the same. */
export interface Collision {
  readonly key: string
  readonly sizes: readonly number[]
  readonly urls: readonly string[]
}

/** What the rules would have made of the requests of a log. */
export interface Simulation {
  readonly requests: number
  /** Lines that are not of a known format. */
  readonly unread: number
  readonly bytes: number
  /** Whole answers to GET that get a key. */
  readonly keyed: number
  /** Bytes that came from a server and would have come from the cache. */
  readonly savedBytes: number
  /** Keys that were fetched under more than one URL. */
  readonly duplicates: number
  readonly collisions: readonly Collision[]
  /** Requests with a key by the rules and none in the log: the helper was not asked. */
  readonly bypassed: number
  readonly bypassedBytes: number
  /** Hosts that clients were refused, with how often. */
  readonly denied: readonly HostCount[]
}

interface Seen {
  readonly sizes: Set<number>
  readonly urls: Set<string>
}

/** Sizes in a log have headers in them, which differ by a little from answer to answer. */
const HEADER_BYTES = 2048

const differ = (sizes: ReadonlySet<number>): boolean =>
  Math.max(...sizes) - Math.min(...sizes) > HEADER_BYTES

/** As many URLs of a collision as a person looks at. */
const MAX_URLS = 4

export const simulate = (engine: Engine, lines: Iterable<string>): Simulation => {
  const keys = new Map<string, Seen>()
  const denied = new Map<string, number>()
  const sum = {
    requests: 0,
    unread: 0,
    bytes: 0,
    keyed: 0,
    savedBytes: 0,
    bypassed: 0,
    bypassedBytes: 0,
  }
  const take = (entry: LogEntry, key: string): void => {
    sum.keyed++
    if (entry.key === '' && key !== entry.url) {
      sum.bypassed++
      sum.bypassedBytes += entry.bytes
    }
    const seen = keys.get(key)
    if (!seen) {
      keys.set(key, { sizes: new Set([entry.bytes]), urls: new Set([entry.url]) })
      return
    }
    if (!isHit(entry)) sum.savedBytes += entry.bytes
    seen.sizes.add(entry.bytes)
    seen.urls.add(entry.url)
  }
  for (const line of lines) {
    if (line === '') continue
    const entry = parseLogLine(line)
    if (!entry) {
      sum.unread++
      continue
    }
    sum.requests++
    if (isDenied(entry)) countHost(denied, entry)
    sum.bytes += entry.bytes
    if (entry.method !== 'GET' || !isWhole(entry)) continue
    const key = engine.keyAt(entry.url, 0)
    if (key !== undefined) take(entry, key)
  }
  const all = [...keys]
  const collisions = all
    .filter(([, { sizes }]) => differ(sizes))
    .map(([key, { sizes, urls }]) => ({
      key,
      sizes: [...sizes],
      urls: [...urls].slice(0, MAX_URLS),
    }))
  return {
    ...sum,
    denied: topHosts(denied),
    duplicates: all.filter(([, { urls }]) => urls.size > 1).length,
    collisions,
  }
}
