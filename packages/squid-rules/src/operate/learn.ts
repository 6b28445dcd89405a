import type { Engine } from '../engine/engine.ts'
import { isWhole, parseLogLine } from './access-log.ts'
import { placesOfFile } from './layout.ts'

/** A mirror that the log shows and the rules do not know. */
export interface Lesson {
  readonly repository: string
  readonly mirror: string
  /** Packages that were asked for there. */
  readonly requests: number
  readonly bytes: number
  /** Of them, bytes of files that came under another name as well: what a shared copy would have saved. */
  readonly savedBytes: number
}

/** What a log teaches. */
export interface Lessons {
  readonly lessons: readonly Lesson[]
  /** Lines of no known format. */
  readonly unread: number
  /** Mirrors that fit several repositories, and these. */
  readonly doubtful: readonly {
    readonly mirror: string
    readonly repositories: readonly string[]
  }[]
}

/** More hosts than a site has would only be somebody's scan. */
const MAX_MIRRORS = 10_000

interface Sum {
  readonly repository: string
  readonly mirror: string
  requests: number
  bytes: number
  savedBytes: number
}

/** Proposes mirrors from what clients fetched: hosts and layouts seen, with the bytes that one copy would save. */
export const learn = (engine: Engine, lines: Iterable<string>): Lessons => {
  const sums = new Map<string, Sum>()
  const doubtful = new Map<string, Set<string>>()
  const sources = new Map<string, Set<string>>()
  let unread = 0
  const fetched = (file: string, from: string): boolean => {
    const known = sources.get(file)
    if (known === undefined) {
      sources.set(file, new Set([from]))
      return false
    }
    if (known.has(from)) return false
    known.add(from)
    return true
  }
  for (const line of lines) {
    if (line === '') continue
    const entry = parseLogLine(line)
    if (!entry) {
      unread++
      continue
    }
    if (entry.method !== 'GET' || !isWhole(entry)) continue
    const places = placesOfFile(entry.url)
    const [place] = places
    if (place === undefined) continue
    const file = `${place.repository} ${entry.url.slice(entry.url.indexOf(place.mirror) + place.mirror.length)}`
    if (engine.keyAt(entry.url, 0) !== undefined) {
      fetched(file, 'known')
      continue
    }
    if (places.length > 1) {
      const all = doubtful.get(place.mirror) ?? new Set<string>()
      for (const { repository } of places) all.add(repository)
      if (doubtful.size < MAX_MIRRORS) doubtful.set(place.mirror, all)
      continue
    }
    const id = `${place.repository} ${place.mirror}`
    let sum = sums.get(id)
    if (!sum) {
      if (sums.size >= MAX_MIRRORS) continue
      sum = { ...place, requests: 0, bytes: 0, savedBytes: 0 }
      sums.set(id, sum)
    }
    sum.requests++
    sum.bytes += entry.bytes
    if (fetched(file, place.mirror)) sum.savedBytes += entry.bytes
  }
  return {
    lessons: [...sums.values()].toSorted(
      (a, b) => b.savedBytes - a.savedBytes || b.bytes - a.bytes,
    ),
    unread,
    doubtful: [...doubtful].map(([mirror, all]) => ({ mirror, repositories: [...all] })),
  }
}
