import { KEY_DOMAIN } from '../catalogue/model.ts'
import { hostStart } from '../engine/engine.ts'
import { parseMirror, type Mirror } from '../engine/mirror.ts'
import { newPath, scanPath } from '../pattern/index.ts'
import type { ManifestRepository, PlaceState } from './manifest.ts'
import type { Table } from './table.ts'

/** One repository ready for look-ups. */
export interface VerifiedRepository {
  readonly about: ManifestRepository
  readonly table: Table
}

/** Where a URL was found in the indexes. */
export interface VerifiedMatch {
  readonly repository: VerifiedRepository
  readonly state: PlaceState
  /** The mirror's `host/prefix`. */
  readonly mirror: string
  /** Decoded, below the repository's root. */
  readonly path: string
  /** Lower-case hexadecimal. */
  readonly sha256: string
}

/** Gives keys that are hashes of signed indexes. */
export interface VerifiedEngine {
  readonly repositories: readonly VerifiedRepository[]
  /** The key of a file of a trusted mirror; undefined for every other. */
  readonly keyAt: (line: string, from: number) => string | undefined
  /** Whatever the indexes know of a URL, on probation too. */
  readonly find: (url: string) => VerifiedMatch | undefined
  /** How many keys each repository has given. */
  readonly hits: Uint32Array
}

interface Place extends Mirror {
  readonly number: number
  readonly state: PlaceState
  readonly depth: number
  readonly mirror: string
}

const KEY = `http://verified.${KEY_DOMAIN}/sha256/`

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

const hexOf = (bytes: Uint8Array, at: number): string => {
  let out = ''
  for (let i = at; i < at + 32; i++) out += HEX[bytes[i]!]
  return out
}

/** Only the escapes that `scanPath` lets through are left. */
const decoded = (text: string): string =>
  text.includes('%')
    ? text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      )
    : text

export const createVerifiedEngine = (
  repositories: readonly VerifiedRepository[],
): VerifiedEngine => {
  const hosts = new Map<string, Place[]>()
  repositories.forEach(({ about }, number) => {
    for (const { mirror, state } of about.places) {
      const place = parseMirror(mirror)
      const depth = place.prefix === '' ? 0 : place.prefix.split('/').length
      const all = hosts.get(place.host) ?? []
      all.push({ ...place, number, state, depth, mirror })
      all.sort((a, b) => b.prefix.length - a.prefix.length)
      hosts.set(place.host, all)
    }
  })
  const hits = new Uint32Array(repositories.length)
  const path = newPath()
  let at = -1

  const begins = ({ depth, prefix }: Place): boolean =>
    depth === 0 ||
    (path.count > depth &&
      prefix.length === path.ends[depth - 1]! - path.starts[0]! &&
      path.text.startsWith(prefix, path.starts[0]))

  /** The place whose index names the URL; `at` is then where its hash begins. */
  const placeOf = (line: string, from: number): Place | undefined => {
    const host = hostStart(line, from)
    const slash = host < 0 ? -1 : line.indexOf('/', host)
    if (slash < 0) return undefined
    const places = hosts.get(line.slice(host, slash))
    if (!places || !scanPath(path, line, slash + 1)) return undefined
    for (const place of places) {
      if (!begins(place)) continue
      const { table } = repositories[place.number]!
      const start = path.starts[place.depth]!
      const text = line.slice(start, path.end)
      at = text.includes('%')
        ? table.find(decoded(text), 0, decoded(text).length)
        : table.find(line, start, path.end)
      if (at >= 0) return place
    }
    return undefined
  }

  return {
    repositories,
    hits,
    keyAt(line, from) {
      const place = placeOf(line, from)
      if (place === undefined || place.state !== 'trusted') return undefined
      hits[place.number]!++
      return KEY + hexOf(repositories[place.number]!.table.bytes, at)
    },
    find(url) {
      const place = placeOf(url, 0)
      if (place === undefined) return undefined
      const repository = repositories[place.number]!
      return {
        repository,
        state: place.state,
        mirror: place.mirror,
        path: decoded(url.slice(path.starts[place.depth], path.end)),
        sha256: hexOf(repository.table.bytes, at),
      }
    },
  }
}
