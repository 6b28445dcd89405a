import { newCaptures } from '../pattern/index.ts'
import type { Engine } from './engine.ts'
import { parseMirror } from './mirror.ts'
import type { Place } from './places.ts'

/** The URL to fetch instead of the one at `from` in `line`; undefined to leave it. */
export type Pin = (line: string, from: number) => string | undefined

const originOf = (text: string): string => {
  const { host, prefix } = parseMirror(text)
  const scheme = text.startsWith('https://') ? 'https' : 'http'
  return `${scheme}://${host}/${prefix === '' ? '' : `${prefix}/`}`
}

/**
 * Sends every file that a rule names, mutable or not, to its repository's one origin: the index and the packages
 * then come from the same place and fit each other. What no rule names is left alone.
 */
export const createPin = (engine: Engine, origins: Readonly<Record<string, string>>): Pin => {
  const bases = new Map(Object.entries(origins).map(([name, text]) => [name, originOf(text)]))
  const captures = newCaptures()
  const isNamed = ({ repository, depth }: Place): boolean =>
    repository.keyed.some(({ matches }) => matches(engine.path, depth, captures)) ||
    repository.mutable.some(({ matches }) => matches(engine.path, depth, captures))

  return (line, from) => {
    for (const place of engine.placesAt(line, from)) {
      const base = bases.get(place.repository.name)
      if (base === undefined || !isNamed(place)) continue
      engine.hits[place.number]!++
      const { path } = engine
      const url = base + path.text.slice(path.starts[place.depth], path.end)
      return line.slice(from, path.end) === url ? undefined : url
    }
    return undefined
  }
}
