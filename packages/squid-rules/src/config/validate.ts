import { messageOf, nearest } from '@bootwire-internal/common'

import { CATALOGUE } from '../catalogue/index.ts'
import { compileRepository } from '../engine/compile.ts'
import { parseMirror } from '../engine/mirror.ts'
import { SquidRulesError } from '../errors.ts'
import { collisionsIn } from './collisions.ts'
import { LAYOUTS } from './layouts.ts'
import type { Options, OwnRepository, RulesOptions } from './options.ts'
import { ownRepository } from './resolve.ts'
import {
  isObject,
  list,
  object,
  oneOf,
  record,
  text,
  yesNo,
  type Check,
  type Issue,
  type Path,
  type Report,
} from './shape.ts'
import { CACHE_SHAPE, cacheIssues } from './validate-cache.ts'

const NAMES = CATALOGUE.map(({ name }) => name)

const catalogueName: Check = (value, path, report) => {
  if (typeof value === 'string' && NAMES.includes(value)) return
  const guess = typeof value === 'string' ? nearest(value, NAMES) : undefined
  const allowed = guess ? `did you mean "${guess}"?` : `known are ${NAMES.join(', ')}`
  report(path, 'ERR_SQUID_VENDOR', `${JSON.stringify(value)} is not in the catalogue; ${allowed}`)
}

const mirror: Check = (value, path, report) => {
  if (typeof value !== 'string')
    return report(path, 'ERR_SQUID_TYPE', `${JSON.stringify(value)} is not text`)
  try {
    parseMirror(value)
  } catch (error) {
    report(path, 'ERR_SQUID_MIRROR', messageOf(error))
  }
}

const NAME = text(
  /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
  '1 to 63 lower-case letters, digits and hyphens',
)
const WORD = text(/^[A-Za-z0-9._-]+$/, 'a word of letters, digits, dots, hyphens and underscores')
const ANY = text(/^[A-Za-z0-9._~+:^=,@!/<>|*-]+$/, 'a pattern')

const rule = object(
  { id: WORD, class: oneOf('mutable', 'hash', 'versioned'), path: ANY, key: ANY, sameAs: WORD },
  ['id', 'class', 'path'],
)

const repository = object(
  {
    name: NAME,
    mirrors: list(mirror, 1),
    layout: oneOf(...Object.keys(LAYOUTS)),
    rules: list(rule),
    signing: WORD,
    mutableWords: list(text(/^[A-Za-z0-9._~+:^=,@!/-]+$/, 'text that can stand in a path')),
  },
  ['name', 'mirrors'],
)

const origin: Check = (value, path, report) => {
  if (typeof value !== 'string' || !/^https?:\/\//.test(value) || value.includes('*')) {
    return report(
      path,
      'ERR_SQUID_PIN',
      `${JSON.stringify(value)} is not an origin such as http://mirror.example/debian`,
    )
  }
  mirror(value, path, report)
}

/** The checks of every key of {@link RulesOptions}. */
const RULES_SHAPE: Readonly<Record<string, Check>> = {
  mode: oneOf('path', 'pinned'),
  use: list(catalogueName),
  mirrors: record(list(mirror), catalogueName),
  snapshot: yesNo,
  repositories: list(repository),
  origins: record(origin),
}

/** What only shows when a repository's rules are made ready. */
const compileIssues = (own: OwnRepository, at: Path, report: Report): void => {
  const { rules, ...rest } = ownRepository(own)
  const first = rules.length - (own.rules?.length ?? 0)
  rules.forEach((each, i) => {
    try {
      compileRepository({ ...rest, rules: [each] })
    } catch (error) {
      if (!(error instanceof SquidRulesError)) throw error
      report(i < first ? at : [...at, 'rules', i - first], error.code, error.message)
    }
  })
}

const duplicates = (options: RulesOptions, report: Report): void => {
  const seen = new Set(NAMES)
  options.repositories?.forEach(({ name }, i) => {
    if (seen.has(name)) {
      const why = NAMES.includes(name)
        ? 'is a name of the catalogue; add its mirrors under "mirrors"'
        : 'is used twice'
      report(['repositories', i, 'name'], 'ERR_SQUID_NAME', `the name "${name}" ${why}`)
    }
    seen.add(name)
  })
}

/** The issues of rules that have the right shape: patterns, pins and collisions. */
const meaningIssues = (options: RulesOptions, report: Report): void => {
  duplicates(options, report)
  options.repositories?.forEach((own, i) => {
    if (own.layout === undefined && !own.rules?.some((each) => each.class !== 'mutable')) {
      const why = 'has no rule that gives a key; name a layout or give rules'
      report(['repositories', i], 'ERR_SQUID_MISSING', `repository "${own.name}" ${why}`)
    }
    compileIssues(own, ['repositories', i], report)
  })
  const known = [...NAMES, ...(options.repositories ?? []).map(({ name }) => name)]
  for (const name of Object.keys(options.origins ?? {})) {
    if (!known.includes(name))
      report(['origins', name], 'ERR_SQUID_VENDOR', `no repository "${name}"`)
  }
  if (options.mode === 'pinned' && Object.keys(options.origins ?? {}).length === 0) {
    report(['origins'], 'ERR_SQUID_PIN', 'mode "pinned" needs at least one origin')
  }
}

/** Narrows after `validate` found no errors. */
export const isOptions = (value: unknown, errors: readonly Issue[]): value is Options =>
  isObject(value) && errors.length === 0

/**
 * Checks a plain object, such as the `squid:` key of the server's YAML file, before `generate` takes it.
 * @returns every issue; those of severity `warning` are for a person to look at
 */
export const validate = (value: unknown): Issue[] => {
  const issues: Issue[] = []
  const report: Report = (path, code, message, severity = 'error') =>
    void issues.push({ path, code, message, severity })
  object({ ...RULES_SHAPE, cache: CACHE_SHAPE })(value, [], report)
  if (!isOptions(value, issues)) return issues
  meaningIssues(value, report)
  cacheIssues(value, report)
  if (issues.length === 0) issues.push(...collisionsIn(value))
  return issues
}
