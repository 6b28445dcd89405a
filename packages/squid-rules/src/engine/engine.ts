import { keyOf, newCaptures, newPath, scanPath, type Path } from '../pattern/index.ts'
import type { CompiledRepository, CompiledRule } from './compile.ts'
import { indexMirrors, type Place } from './places.ts'

/** What a URL below a known mirror matched. */
export interface Match {
  readonly rule: CompiledRule
  /** The number of the first segment behind the mirror's prefix. */
  readonly first: number
}

/** Gives keys to URLs: a hash on the host, then prefixes, then scanners; time is linear in the URL. */
export interface Engine {
  readonly repositories: readonly CompiledRepository[]
  /**
   * The key of the URL that begins at `from` in `line` and ends at a blank or the end; undefined for none.
   * `line` is latin1 text: one character, one byte.
   */
  readonly keyAt: (line: string, from: number) => string | undefined
  /** The places that a URL's host and path fall in: what `keyAt` chooses among. */
  readonly placesAt: (line: string, from: number) => readonly Place[]
  /** How many keys each repository has given, in the order of `repositories`. */
  readonly hits: Uint32Array
  /** The path as last scanned by `keyAt` or `placesAt`. */
  readonly path: Path
}

const HTTP = 'http://'.length
const HTTPS = 'https://'.length

/** Where the host begins, or -1 for another scheme. */
export const hostStart = (line: string, from: number): number =>
  line.startsWith('http://', from)
    ? from + HTTP
    : line.startsWith('https://', from)
      ? from + HTTPS
      : -1

const holdsWord = (words: readonly string[], path: Path, from: number): boolean => {
  for (const word of words) {
    const at = path.text.indexOf(word, from)
    if (at >= 0 && at + word.length <= path.end) return true
  }
  return false
}

export const createEngine = (repositories: readonly CompiledRepository[]): Engine => {
  const placesOf = indexMirrors(repositories)
  const path = newPath()
  const captures = newCaptures()
  const hits = new Uint32Array(repositories.length)
  const none: readonly Place[] = []

  const placesAt = (line: string, from: number): readonly Place[] => {
    const host = hostStart(line, from)
    if (host < 0) return none
    const slash = line.indexOf('/', host)
    if (slash < 0) return none
    const places = placesOf(line.slice(host, slash))
    return places === undefined || !scanPath(path, line, slash + 1) ? none : places
  }

  const begins = (place: Place): boolean =>
    place.depth === 0 ||
    (path.count > place.depth &&
      place.prefix.length === path.ends[place.depth - 1]! - path.starts[0]! &&
      path.text.startsWith(place.prefix, path.starts[0]))

  const isMutable = (rule: CompiledRule, first: number): boolean => {
    for (const { matches } of rule.unless) if (matches(path, first, captures)) return true
    return false
  }

  const keyFrom = (rule: CompiledRule, first: number): string | undefined => {
    if (!rule.matches(path, first, captures)) return undefined
    if (rule.unless.length > 0) {
      if (isMutable(rule, first)) return undefined
      rule.matches(path, first, captures) // the check has written over the captures
    }
    const { mutableWords } = rule.repository
    if (mutableWords.length > 0 && holdsWord(mutableWords, path, path.starts[first]! - 1))
      return undefined
    const { canonical } = rule.repository
    if (canonical === undefined) return keyOf(rule.keyPrefix, rule.key, path.text, captures)
    return rule.keyPrefix + canonical.spell(keyOf('', rule.key, path.text, captures))
  }

  return {
    repositories,
    hits,
    path,
    placesAt: (line, from) => placesAt(line, from).filter(begins),
    keyAt(line, from) {
      const places = placesAt(line, from)
      for (let i = 0; i < places.length; i++) {
        const place = places[i]!
        if (!begins(place)) continue
        for (const rule of place.repository.keyed) {
          // Prefixes of one repository that nest are tried rule by rule, as the alternation does.
          for (let j = i; j < places.length && places[j]!.repository === place.repository; j++) {
            if (!begins(places[j]!)) continue
            const key = keyFrom(rule, places[j]!.depth)
            if (key === undefined) continue
            hits[place.number]!++
            return key
          }
        }
        while (i + 1 < places.length && places[i + 1]!.repository === place.repository) i++
      }
      return undefined
    },
  }
}
