/** What a helper has done so far. */
export interface Statistics {
  /** Lines answered. */
  readonly lines: number
  /** Of them, how many got a key or, in `rewrite`, another URL. */
  readonly keyed: number
  /** How often new rules were taken. */
  readonly reloads: number
  /** How often new rules were refused and the old ones kept. */
  readonly refused: number
  /** Since the helper started. */
  readonly uptimeSeconds: number
  /** Answers with a key, by repository. */
  readonly repositories: Readonly<Record<string, number>>
}

/** One line of JSON, as Squid copies a helper's stderr into cache.log line by line. */
export const statisticsLine = (statistics: Statistics): string =>
  `bootwire-squid: ${JSON.stringify(statistics)}\n`
