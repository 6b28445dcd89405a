import type { CompiledRepository, CompiledRule } from '../engine/compile.ts'
import type { Mirror } from '../engine/mirror.ts'
import { quoteRegex, toPosixRegex, type Pattern } from '../pattern/index.ts'
import { joined } from './regex-lines.ts'

/** One place whose URLs are kept under themselves: a canonical mirror, or the origin of a pinned repository. */
export interface Base {
  readonly repository: CompiledRepository
  /** An expression for what stands before the path, with its slash. */
  readonly before: string
}

const anyLabels = '([a-z0-9-]+\\.)*'

export const placeRegex = ({ host, prefix, includeSubdomains }: Mirror): string =>
  `${includeSubdomains ? anyLabels : ''}${quoteRegex(host)}/${prefix === '' ? '' : `${quoteRegex(prefix)}/`}`

/** Patterns with the places at which they hold, those of the same places in one expression. */
export const placedRegexes = (
  scheme: string,
  bases: readonly Base[],
  rulesOf: (repository: CompiledRepository) => readonly CompiledRule[],
  regexOf: (pattern: Pattern) => string = toPosixRegex,
): string[] => {
  const places = new Map<string, Set<string>>()
  for (const { repository, before } of bases) {
    for (const { pattern } of rulesOf(repository)) {
      const regex = regexOf(pattern)
      const at = places.get(regex)
      if (at) at.add(before)
      else places.set(regex, new Set([before]))
    }
  }
  const groups = new Map<string, string[]>()
  for (const [regex, at] of places) {
    const where = [...at].toSorted().join('|')
    const group = groups.get(where)
    if (group) group.push(regex)
    else groups.set(where, [regex])
  }
  const all = [...groups].map(([where, regexes]) => `(${where})(${regexes.join('|')})`)
  return joined(all, (one) => `^${scheme}(${one})$`)
}

/** The mirrors whose URLs are keys. */
export const canonicalBases = (repositories: readonly CompiledRepository[]): Base[] =>
  repositories.flatMap((repository) =>
    repository.canonical ? [{ repository, before: placeRegex(repository.canonical.mirror) }] : [],
  )
