import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'

import type { Measurement } from './measure.ts'

/** Below this a machine is quiet: other programs use less than half a core. */
const QUIET_LOAD = 0.5
const PATIENCE_MS = 180_000
const STEP_MS = 5000

/** What {@link becomesQuiet} asks; tests have a clock of their own. */
export interface Quietness {
  readonly load: () => number
  readonly pause: (ms: number) => Promise<unknown>
}

/** Waits up to three minutes for a load below 0.5; resolves to whether it came. */
export const becomesQuiet = async (
  say: (line: string) => void,
  clock: Quietness = { load: () => loadavg()[0] ?? 0, pause },
): Promise<boolean> => {
  for (let waitedMs = 0; ; waitedMs += STEP_MS) {
    const load = clock.load()
    if (load < QUIET_LOAD) return true
    if (waitedMs === 0) say(`the load is ${load.toFixed(2)}; waiting for less than ${QUIET_LOAD}`)
    if (waitedMs >= PATIENCE_MS) {
      say(`the load is still ${load.toFixed(2)}: every line of this run is marked disturbed`)
      return false
    }
    // oxlint-disable-next-line no-await-in-loop -- it waits
    await clock.pause(STEP_MS)
  }
}

/** How often each entry runs; the figure is the median. */
export const ROUNDS = 5

/** The middle value; NaN, which meets no bar, where there is none. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[sorted.length >> 1]]
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2
}

/**
 * Runs the entries in turns, ours and peers in one run, so that a noisy minute hits all of them alike. The first turn
 * warms up and does not count.
 */
export const inTurns = async <Name extends string, Run>(
  entries: Readonly<Record<Name, () => Promise<Run> | Run>>,
  rounds: number = ROUNDS,
): Promise<Readonly<Record<Name, readonly Run[]>>> => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the entries' own names
  const names = Object.keys(entries) as Name[]
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- filled for each of these names
  const runs = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Run[]>
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      // oxlint-disable-next-line no-await-in-loop -- one at a time, or they would disturb each other
      const run = await entries[name]()
      if (round > 0) runs[name].push(run)
    }
  }
  return runs
}

/** One figure of several rounds beside a peer's: medians, and the worst of ours. */
export const compared = (
  { what, unit, bar }: Pick<Measurement, 'what' | 'unit' | 'bar'>,
  ours: readonly number[],
  peer?: { readonly name: string; readonly values: readonly number[] },
  better: 'less' | 'more' = bar?.is === 'at least' ? 'more' : 'less',
): Measurement => ({
  what,
  unit,
  ours: median(ours),
  worst: better === 'less' ? Math.max(...ours) : Math.min(...ours),
  ...(peer && { peer: { name: peer.name, value: median(peer.values) } }),
  ...(bar && { bar }),
})

const TICKS_PER_SECOND = 100

/** CPU seconds that a process has used until now, its threads included. */
export const cpuSecondsOf = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  // A program's name may hold spaces and brackets; utime and stime are the 12th and 13th field after it (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}
