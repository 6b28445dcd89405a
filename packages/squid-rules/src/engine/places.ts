import type { CompiledRepository } from './compile.ts'

/** A repository below one prefix of one host. */
export interface Place {
  readonly repository: CompiledRepository
  /** The repository's number in the list. */
  readonly number: number
  readonly prefix: string
  /** How many segments the prefix has. */
  readonly depth: number
}

interface Ranked extends Place {
  readonly rank: number
}

/** Hosts that were looked up and only matched by their domain are remembered, but no more than this many. */
const MAX_REMEMBERED = 4096

const insert = (into: Map<string, Ranked[]>, host: string, place: Ranked): void => {
  const places = into.get(host)
  if (places) places.push(place)
  else into.set(host, [place])
}

// Repository by repository in the order of the rules; a host's own entries before those of its domain; then
// the longest prefix first.
const byRank = (a: Ranked, b: Ranked): number =>
  a.rank - b.rank || b.prefix.length - a.prefix.length

/** Every place on a host, best first; `*.domain` mirrors count for the domain and all that is below it. */
export const indexMirrors = (
  repositories: readonly CompiledRepository[],
): ((host: string) => readonly Place[] | undefined) => {
  const exact = new Map<string, Ranked[]>()
  const domains = new Map<string, Ranked[]>()
  repositories.forEach((repository, number) => {
    for (const { host, includeSubdomains, prefix } of repository.mirrors) {
      const depth = prefix === '' ? 0 : prefix.split('/').length
      const rank = number * 2 + (includeSubdomains ? 1 : 0)
      insert(includeSubdomains ? domains : exact, host, { repository, number, prefix, depth, rank })
    }
  })
  const known = new Map<string, readonly Place[] | undefined>()

  const resolve = (host: string): readonly Place[] | undefined => {
    const places = [...(exact.get(host) ?? [])]
    if (/^[a-z0-9.-]*$/.test(host) && !host.includes('..') && !host.startsWith('.')) {
      for (let dot = -1; ;) {
        places.push(...(domains.get(host.slice(dot + 1)) ?? []))
        dot = host.indexOf('.', dot + 1)
        if (dot < 0) break
      }
    }
    return places.length > 0 ? places.toSorted(byRank) : undefined
  }

  return (host) => {
    const found = known.get(host)
    if (found !== undefined || known.has(host)) return found
    if (known.size >= MAX_REMEMBERED) known.clear()
    const places = resolve(host)
    known.set(host, places)
    return places
  }
}
