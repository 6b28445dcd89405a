/** Everything that `lint` can find; `docs/lint.md` has a row for each. */
export const LINT_CODES = [
  'missing-tab',
  'too-many-tabs',
  'comment',
  'live-comment',
  'bad-regex',
  'dead-anchor',
  'capture-ten',
  'no-start-anchor',
  'no-end-anchor',
  'any-host',
  'broad',
  'no-vendor',
  'unescaped-dot',
  'backtracking',
  'quadratic',
  'not-judged',
  'posix-escape',
  'posix-group',
  'allow-all',
  'no-deny-all',
  'bypass',
  'concurrency',
  'overload',
  'obsolete',
  'ignore-reload',
  'ignore-private',
  'redirect-loop',
  'too-long',
  'no-keys',
  'small-objects',
  'late-deny',
] as const

export type LintCode = (typeof LINT_CODES)[number]

/** One thing that `lint` has to say about a line. */
export interface Finding {
  readonly line: number
  readonly code: LintCode
  /** `error`: it does harm or nothing at all. `warning`: it may. */
  readonly severity: 'error' | 'warning'
  readonly message: string
  /** The line as it should be, where that is safe to say. */
  readonly instead?: string
}
