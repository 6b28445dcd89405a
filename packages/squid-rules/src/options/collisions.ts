import type { Repository, Rule } from '../catalogue/model.ts'
import { parseMirror, type Mirror } from '../engine/mirror.ts'
import { SquidRulesError } from '../errors.ts'
import { defaultKey, parsePattern, type Pattern } from '../pattern/index.ts'
import { mayOverlap } from '../pattern/overlap.ts'
import type { OwnRepository, RulesOptions } from './options.ts'
import { mirrorsOf, ownRepository, usedOf } from './resolve.ts'
import type { Issue, Path } from './shape.ts'

const issue = (
  path: Path,
  code: Issue['code'],
  message: string,
  severity: Issue['severity'],
): Issue => ({ path, code, message, severity })

const covers = (a: Mirror, host: string): boolean =>
  a.host === host || (a.includeSubdomains && host.endsWith(`.${a.host}`))

/** Whether the places overlap: same host, and one prefix is the other's beginning. */
const meet = (a: Mirror, b: Mirror): boolean => {
  if (!covers(a, b.host) && !covers(b, a.host)) return false
  const [short, long] =
    a.prefix.length <= b.prefix.length ? [a.prefix, b.prefix] : [b.prefix, a.prefix]
  return short === '' || long === short || long.startsWith(`${short}/`)
}

const parsed = (mirrors: readonly string[]): Mirror[] =>
  mirrors.flatMap((text) => {
    try {
      return parseMirror(text)
    } catch (error) {
      if (error instanceof SquidRulesError) return [] // reported by the check of the mirror itself
      throw error
    }
  })

/** A key template read as a pattern: every name stands for anything. */
const keyPattern = (
  rule: Rule,
): { readonly text: string; readonly pattern: Pattern } | undefined => {
  try {
    const pattern = parsePattern(rule.path)
    const text = rule.key ?? defaultKey(pattern)
    const kinds = new Map(
      pattern.segments.flatMap(({ pieces }) =>
        pieces.flatMap((p): [string, string][] =>
          p.name === undefined
            ? []
            : [[p.name, p.kind === 'path' ? '**' : p.kind === 'free' ? '*' : (p.anyOf[0] ?? '*')]],
        ),
      ),
    )
    return {
      text,
      pattern: parsePattern(
        text.replaceAll(/<(\w+)>/g, (_, name: string) => kinds.get(name) ?? '*'),
      ),
    }
  } catch (error) {
    if (error instanceof SquidRulesError) return undefined // a key of two free pieces in a segment: nothing to compare
    throw error
  }
}

const namesIn = (pattern: Pattern): string[] =>
  pattern.segments.flatMap(({ pieces }) => pieces.flatMap(({ name }) => name ?? []))

/** What a rule merges that may differ, and which rules of one repository may give one key to two files. */
const ruleIssues = (repository: Repository, first: number, at: Path): Issue[] => {
  const keyed = repository.rules
    .map((rule, i) => ({ rule, i }))
    .filter(({ rule }) => rule.class !== 'mutable')
  return keyed.flatMap(({ rule, i }) => {
    if (i < first) return []
    const place = [...at, 'rules', i - first]
    const key = keyPattern(rule)
    const dropped =
      key && rule.class === 'versioned'
        ? namesIn(parsePattern(rule.path)).filter((name) => !key.text.includes(`<${name}>`))
        : []
    const merges = dropped.map((name) =>
      issue(
        [...place, 'key'],
        'ERR_SQUID_MERGES',
        `the key leaves out <${name}>, so files that differ only in it share a key`,
        'warning',
      ),
    )
    const others = keyed.filter(
      ({ rule: other, i: j }) =>
        j !== i &&
        (j < i || j < first) &&
        rule.sameAs !== other.id &&
        other.sameAs !== rule.id &&
        (rule.key !== undefined || other.key !== undefined),
    )
    const clashes = others.filter(({ rule: other }) => {
      const theirs = keyPattern(other)
      return key && theirs && mayOverlap(key.pattern, theirs.pattern)
    })
    return [
      ...merges,
      ...clashes.map(({ rule: other }) =>
        issue(
          place,
          'ERR_SQUID_COLLISION',
          `rule "${rule.id}" may give the key of a file of rule "${other.id}"; if they are the same files, say sameAs: "${other.id}"`,
          'warning',
        ),
      ),
    ]
  })
}

/** Vendors that have replaced a package under its name: pgdg-rpms#75 and 225, remirepo#329, netdata#13029. */
const reuseIssues = ({ layout, mirrors }: OwnRepository, at: Path): Issue[] =>
  layout === undefined || mirrors.length < 2
    ? []
    : [
        issue(
          at,
          'ERR_SQUID_REUSED',
          `layout "${layout}" shares a file among all ${mirrors.length} mirrors for as long as its name stays; if they are separate repositories, or packages are built again under one name, give each a repository of its own or class "mutable"`,
          'warning',
        ),
      ]

/** Warnings about repositories that get into each other's way. */
export const collisionsIn = (options: RulesOptions): Issue[] => {
  const others = usedOf(options).map((each) => ({
    name: each.name,
    mirrors: parsed(mirrorsOf(options, each)),
  }))
  const issues: Issue[] = []
  const add = (name: string, mirrors: readonly string[], at: Path): void => {
    mirrors.forEach((text, i) => {
      const [mine] = parsed([text])
      const theirs =
        mine &&
        others.find(
          (other) => other.name !== name && other.mirrors.some((each) => meet(mine, each)),
        )
      if (!theirs) return
      const where = theirs.mirrors.find((each) => meet(mine, each))!
      issues.push(
        issue(
          [...at, i],
          'ERR_SQUID_COLLISION',
          `mirror "${text}" overlaps "${where.host}/${where.prefix}" of repository "${theirs.name}"; a path that fits both goes to the first`,
          'warning',
        ),
      )
    })
  }
  options.repositories?.forEach((own, i) => {
    const repository = ownRepository(own)
    add(own.name, own.mirrors, ['repositories', i, 'mirrors'])
    issues.push(...reuseIssues(own, ['repositories', i, 'layout']))
    issues.push(
      ...ruleIssues(repository, repository.rules.length - (own.rules?.length ?? 0), [
        'repositories',
        i,
      ]),
    )
    others.push({ name: own.name, mirrors: parsed(own.mirrors) })
  })
  for (const [name, mirrors] of Object.entries(options.mirrors ?? {})) {
    const mine = others.filter((other) => other.name === name)
    if (mine.length > 0) add(name, mirrors, ['mirrors', name])
  }
  return issues
}
