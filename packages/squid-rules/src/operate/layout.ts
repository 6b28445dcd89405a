import { CATALOGUE } from '../catalogue/index.ts'
import type { Repository } from '../catalogue/model.ts'
import { compileRepository, type CompiledRepository } from '../engine/compile.ts'
import { hostStart } from '../engine/engine.ts'
import { newCaptures, newPath, parsePattern, scanPath, toMatcher } from '../pattern/index.ts'

/** A place that holds a repository, found by what stands behind its prefix. */
export interface FoundPlace {
  readonly repository: string
  /** `host/prefix` */
  readonly mirror: string
}

const path = newPath()
const captures = newCaptures()

/** The host of a URL, lower case, and where its path begins; undefined for what is no http or https URL. */
const splitUrl = (url: string): { readonly host: string; readonly slash: number } | undefined => {
  const start = hostStart(url, 0)
  const slash = start < 0 ? -1 : url.indexOf('/', start)
  const host = slash < 0 ? '' : url.slice(start, slash).toLowerCase()
  return /^[a-z0-9][a-z0-9.-]*(?::\d+)?$/.test(host) ? { host, slash } : undefined
}

const mirrorAt = (host: string, first: number): string =>
  `${host}/${first === 0 ? '' : path.text.slice(path.starts[0], path.ends[first - 1])}`

/** Whether a host or a folder of the prefix is called as the repository is. */
const isCalled = ({ knownAs = [] }: Repository, mirror: string): boolean => {
  const words = mirror.toLowerCase().split(/[/.]/)
  return knownAs.some((word) => words.includes(word))
}

/** Of several that fit, those whose name the place has; of these, the longest name: `debian-security` before `debian`. */
const narrowed = (
  found: readonly { readonly repository: Repository; readonly mirror: string }[],
): FoundPlace[] => {
  const called = found.filter(({ repository, mirror }) => isCalled(repository, mirror))
  return (called.length > 0 ? called : found).map(({ repository, mirror }) => ({
    repository: repository.name,
    mirror,
  }))
}

const roots = new Map(
  CATALOGUE.map((repository) => [
    repository.name,
    (repository.roots ?? []).map((root) => ({
      matches: toMatcher(parsePattern(root)),
    })),
  ]),
)

/**
 * Which repository a line of a mirror list is for, and its prefix: what stands before `<release>/<repo>/<arch>` and the
 * like, or all of it where the last folder has the repository's name.
 */
export const placesOfRoot = (url: string, only?: string): FoundPlace[] => {
  const parts = splitUrl(url.endsWith('/') ? url : `${url}/`)
  if (!parts) return []
  const rest = url.slice(parts.slash + 1).replace(/\/+$/, '')
  const candidates = CATALOGUE.filter(({ name }) => only === undefined || name === only)
  if (rest === '') {
    return only === undefined
      ? narrowed(
          candidates
            .filter((each) => isCalled(each, parts.host))
            .map((repository) => ({ repository, mirror: `${parts.host}/` })),
        )
      : [{ repository: only, mirror: `${parts.host}/` }]
  }
  if (!scanPath(path, rest, 0)) return []
  const found = candidates.flatMap((repository) => {
    for (let first = 0; first < path.count; first++) {
      if (roots.get(repository.name)!.some(({ matches }) => matches(path, first, captures)))
        return [{ repository, mirror: mirrorAt(parts.host, first) }]
    }
    return []
  })
  if (found.length > 0) return narrowed(found)
  const last = rest.slice(rest.lastIndexOf('/') + 1).toLowerCase()
  const whole = `${parts.host}/${rest}`
  const named = candidates.filter(({ knownAs = [] }) => knownAs.includes(last))
  if (named.length > 0) return named.map(({ name }) => ({ repository: name, mirror: whole }))
  return only === undefined ? [] : [{ repository: only, mirror: whole }]
}

let compiled: readonly CompiledRepository[] | undefined

/** Which repositories a package at this URL could belong to, were its host a mirror of them. */
export const placesOfFile = (url: string): FoundPlace[] => {
  const parts = splitUrl(url)
  if (!parts || !scanPath(path, url, parts.slash + 1) || path.end !== url.length) return []
  compiled ??= CATALOGUE.map(compileRepository)
  const found = CATALOGUE.flatMap((repository, i) => {
    const { keyed, mutable } = compiled![i]!
    for (let first = 0; first < path.count - 1; first++) {
      const fits = ({ matches }: { matches: (typeof keyed)[number]['matches'] }): boolean =>
        matches(path, first, captures)
      const mirror = mirrorAt(parts.host, first)
      if (isCalled(repository, mirror) && keyed.some(fits) && !mutable.some(fits))
        return [{ repository, mirror }]
    }
    return []
  })
  return narrowed(found)
}
