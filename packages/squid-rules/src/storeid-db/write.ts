import type { CompiledRepository, CompiledRule } from '../engine/compile.ts'
import type { Mirror } from '../engine/mirror.ts'
import { quoteRegex, toRegex, toReplacement } from '../pattern/index.ts'

/** One row of a `storeid.db`: what the stock helper matches, and what it makes of it. */
export interface DbRule {
  readonly regex: string
  readonly replacement: string
}

/** Any labels in front of a domain: none can be taken for another, so there is nothing to try again. */
const LABELS = '(?:[a-z0-9-]+\\.)*'

/** The stock helper matches the whole line, extras and all, so `$` alone never ends a URL. */
const END = '(?=\\s|$)'

const alternation = (words: readonly string[]): string =>
  words.length === 1 ? words[0]! : `(?:${words.join('|')})`

const place = ({ host, prefix }: Mirror): string =>
  quoteRegex(prefix === '' ? host : `${host}/${prefix}`)

/** What keeps mutable files out, directly behind the mirror's prefix. */
const unlessOf = ({ unless, repository }: CompiledRule): string => {
  const words = repository.mutableWords.map((word) => quoteRegex(word))
  const looks = unless.map(({ pattern }) => `${toRegex(pattern)}${END}`)
  return [
    ...(words.length > 0 ? [`(?!\\S*${alternation(words)})`] : []),
    ...(looks.length > 0 ? ['/', `(?!${looks.join('|')})`] : ['/']),
  ].join('')
}

const rowsOf = (rule: CompiledRule): DbRule[] => {
  const { repository, pattern, key, keyPrefix } = rule
  const tail = `${unlessOf(rule)}${toRegex(pattern, key)}${END}`
  const replacement = keyPrefix + toReplacement(key)
  return [
    { hosts: repository.mirrors.filter(({ includeSubdomains }) => !includeSubdomains), labels: '' },
    {
      hosts: repository.mirrors.filter(({ includeSubdomains }) => includeSubdomains),
      labels: LABELS,
    },
  ].flatMap(({ hosts, labels }) =>
    hosts.length === 0
      ? []
      : { regex: `^https?://${labels}${alternation(hosts.map(place))}${tail}`, replacement },
  )
}

/** The rules for the stock helper: one row per layout and class, with the mirrors as an alternation of literals. */
export const dbRules = (repositories: readonly CompiledRepository[]): DbRule[] =>
  repositories.flatMap(({ keyed }) => keyed.flatMap(rowsOf))

/** A `storeid.db`: regex, one tab, replacement. It has no comments, which the stock helper does not know. */
export const toStoreIdDb = (rules: readonly DbRule[]): string =>
  rules.map(({ regex, replacement }) => `${regex}\t${replacement}\n`).join('')
