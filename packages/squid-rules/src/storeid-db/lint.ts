import type { Finding, LintCode } from '../lint-finding.ts'
import { judgeRegex } from '../regex/backtracking.ts'
import { parseRegex, UnreadableRegex } from '../regex/syntax.ts'
import { witnesses } from '../regex/witness.ts'
import { emulate, runnable } from './emulate.ts'
import { parseStoreIdDb, type DbRow, type DbSkipped } from './parse.ts'

type Check = (row: DbRow) => Omit<Finding, 'line' | 'instead'> | undefined

const finding = (
  code: LintCode,
  severity: Finding['severity'],
  message: string,
): ReturnType<Check> => ({
  code,
  severity,
  message,
})

const END = '(?=\\s|$)'

/** What Squid sends behind the URL: its default, and what is left of it with `store_id_extras ""`. */
const TAILS = [' 10.0.0.9/- - GET myip=10.0.0.1 myport=3128', ' -']

/** What the stock helper really does with lines that a rule is meant for. */
interface Trial {
  /** URLs that the expression matches by themselves. */
  readonly urls: readonly string[]
  /** Of them, those that are matched as Squid sends them. */
  readonly matched: readonly string[]
  readonly keyOf: (line: string) => string | undefined
}

const trialOf = (row: DbRow): Trial | undefined => {
  const [rule] = runnable([row])
  if (!rule) return undefined
  try {
    const keyOf = (line: string): string | undefined => emulate([rule], line)?.key
    const urls = witnesses(parseRegex(row.regex))
      .map((text) => (/^https?:\/\//.test(text) ? text : `http://host.example${text}`))
      .filter((url) => keyOf(url) !== undefined)
    const matched = urls.filter((url) => TAILS.some((tail) => keyOf(url + tail) !== undefined))
    return { urls, matched, keyOf }
  } catch (error) {
    if (error instanceof UnreadableRegex) return undefined
    throw error
  }
}

const trials = new WeakMap<DbRow, { readonly trial: Trial | undefined }>()

/** Each row is tried once, however many checks ask. */
const tried = (row: DbRow): Trial | undefined => {
  const known = trials.get(row)
  if (known) return known.trial
  const trial = trialOf(row)
  trials.set(row, { trial })
  return trial
}

/** Whether a line that a rule matches would get the same key with more behind its name. */
const hasNoEnd = ({ matched, keyOf }: Trial): boolean =>
  matched.some((url) =>
    TAILS.some((tail) => {
      const key = keyOf(url + tail)
      return key !== undefined && ['.sig', '?a=b'].every((more) => keyOf(url + more + tail) === key)
    }),
  )

/** Whether it takes in any file of a folder, or what Squid sends behind the URL. */
const isBroad = ({ matched, keyOf }: Trial): boolean =>
  matched.some((url) =>
    TAILS.some((tail) => {
      // With an escape, as a rule that takes any character takes that too.
      const index = url.replace(/[^/]*$/, 'any%20folder/repomd.xml')
      return keyOf(url + tail)?.includes(' ') === true || keyOf(index + tail) !== undefined
    }),
  )

const isPerl = (regex: string): boolean => {
  try {
    parseRegex(regex)
    return true
  } catch (error) {
    if (!(error instanceof UnreadableRegex)) throw error
    return (
      !/parenthesis|without an end|lone backslash/.test(error.message) && !regex.includes('(?{')
    )
  }
}

/** The host part of an expression with an anchor: what stands between `//` and the next slash outside a class. */
const hostOf = (regex: string): string | undefined =>
  /^\^https?\??:(?:\\?\/){2}((?:\[[^\]]*\]|\\[^/]|[^\\/[])*)/.exec(regex)?.[1]

const CHECKS: readonly Check[] = [
  ({ regex }) =>
    isPerl(regex)
      ? undefined
      : finding(
          'bad-regex',
          'error',
          'Perl does not compile it; the stock helper then exits, and Squid with it',
        ),
  (row) => {
    const trial = tried(row)
    return trial && trial.urls.length > 0 && trial.matched.length === 0
      ? finding(
          'dead-anchor',
          'error',
          `matches the URL alone, but extras always follow it: the stock helper never matches; write ${END}`,
        )
      : undefined
  },
  ({ replacement }) =>
    /\$\d\d/.test(replacement)
      ? finding('capture-ten', 'error', 'the stock helper has $1 to $9; $10 is $1 and a 0')
      : undefined,
  ({ regex }) =>
    regex.startsWith('^')
      ? undefined
      : finding(
          'no-start-anchor',
          'error',
          'has no ^: it also matches inside a path or a query of any host',
        ),
  ({ regex }) => {
    const host = hostOf(regex)
    const isAny = host !== undefined && /^(?:\.[*+]\??|\[\^[^\]]*\][*+]\??|\\S[*+])$/.test(host)
    return isAny
      ? finding(
          'any-host',
          'error',
          'matches any host, so any host can put its bytes under the key',
        )
      : undefined
  },
  (row) => {
    const trial = tried(row)
    return trial && hasNoEnd(trial)
      ? finding(
          'no-end-anchor',
          'error',
          `has no end: x.rpm.sig and x.rpm?a=b get the key of x.rpm; write ${END}`,
        )
      : undefined
  },
  (row) => {
    const trial = tried(row)
    return trial && isBroad(trial)
      ? finding(
          'broad',
          'error',
          'takes in any file: merges mutable ones (repomd.xml, InRelease), or takes the extras into the key',
        )
      : undefined
  },
  ({ regex, replacement }) => {
    const host = /^https?:\/\/([^/$]+)/.exec(replacement)?.[1]
    const many = !regex.startsWith('^')
    return host !== undefined && many
      ? finding(
          'no-vendor',
          'error',
          `gives keys of ${host} to every vendor's files: same name, other bytes and signatures`,
        )
      : undefined
  },
  ({ regex }) => {
    const host = hostOf(regex)
    return host !== undefined && /[a-z0-9]\.[a-z]/.test(host.replaceAll('\\.', ''))
      ? finding(
          'unescaped-dot',
          'warning',
          'a dot of the host is not escaped and matches any character',
        )
      : undefined
  },
  ({ regex }) => {
    const { degree, why } = judgeRegex(regex)
    if (degree === undefined)
      return finding('not-judged', 'warning', `cannot tell how long it takes: ${why}`)
    if (degree >= 3) {
      const grows =
        degree === Number.POSITIVE_INFINITY ? 'exponentially' : `with the power of ${degree}`
      return finding(
        'backtracking',
        'error',
        `one long URL can stop the helper: its time grows ${grows}`,
      )
    }
    return degree === 2
      ? finding('quadratic', 'warning', 'its time grows with the square of the URL')
      : undefined
  },
]

/** The row with a safe end and no wildcard that leaves the path, where that is all that it needs. */
const rewritten = ({ regex, replacement }: DbRow): string | undefined => {
  const core = regex.replace(/\$$/, '')
  const bounded = core.replaceAll(/(?<!\\)\.[*+]\??/g, '[^\\s?#]*').replace(/^\^http:/, '^https?:')
  const endsInType = /\\\.[\w()|?:]+\)*$/.test(core)
  const instead: DbRow = { line: 0, regex: `${bounded}${END}`, replacement }
  // Without a capture of the path in its key, every file would get the same one.
  if (!endsInType || !regex.startsWith('^') || !replacement.includes('$')) return undefined
  const left = CHECKS.map((check) => check(instead)).filter((each) => each?.severity === 'error')
  return left.length === 0 ? `${instead.regex}\t${replacement}` : undefined
}

const skippedFinding = ({ line, text }: DbSkipped): Finding => {
  if (text.trimStart().startsWith('#')) {
    return {
      line,
      code: 'comment',
      severity: 'warning',
      message: 'the stock helper has no comments: a parse error in cache.log',
    }
  }
  if (text.includes('\t')) {
    return {
      line,
      code: 'too-many-tabs',
      severity: 'error',
      message: 'is not two fields; the stock helper drops it',
    }
  }
  const parts = text.trim().split(/\s{2,}/)
  const instead = parts.length === 2 ? { instead: parts.join('\t') } : {}
  const message = 'has no tab between expression and key; the stock helper drops it'
  return { line, code: 'missing-tab', severity: 'error', message, ...instead }
}

/** Reads a `storeid.db` as the stock helper does and tells what is wrong with each line. */
export const lintStoreIdDb = (text: string): Finding[] => {
  const { rows, skipped } = parseStoreIdDb(text)
  const findings = skipped.filter(({ complains }) => complains).map(skippedFinding)
  for (const row of rows) {
    if (row.regex.startsWith('#')) {
      const message = 'looks like a comment and is a live rule'
      findings.push({ line: row.line, code: 'live-comment', severity: 'error', message })
      continue
    }
    const found = CHECKS.flatMap((check) => check(row) ?? [])
    const instead = found.some(({ severity }) => severity === 'error') ? rewritten(row) : undefined
    findings.push(
      ...found.map((each, i) => ({
        line: row.line,
        ...each,
        ...(instead !== undefined && i === 0 && { instead }),
      })),
    )
  }
  return findings.toSorted((a, b) => a.line - b.line)
}
