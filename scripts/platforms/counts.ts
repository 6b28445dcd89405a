/** The closing line of a test run. */
export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** What the closing line says; a run without one failed. */
export const countsOf = (said: string): Counts => {
  const lines = [...said.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped$/gm)]
  const [, passed, failed, skipped] = lines.at(-1) ?? [undefined, 0, 1, 0]
  return { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) }
}
