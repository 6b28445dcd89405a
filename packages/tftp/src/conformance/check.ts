import type { Dialogue } from './dialogue.ts'

/** What a check found. `absent`: the server does not offer what would be checked. */
export type Verdict = { readonly result: 'pass' | 'fail' | 'absent'; readonly note: string }

/** What a check works with. */
export interface Bench {
  /** A file on the server of at least 100 blocks of 512 bytes. */
  readonly file: string
  /** How long a server that is willing may take, in milliseconds. */
  readonly patienceMs: number
  /** Another socket, closed after the check. */
  readonly open: () => Promise<Dialogue>
}

/** One rule and how it is checked from outside. */
export interface Check {
  /** Stable: a column or row of the matrix. */
  readonly id: string
  readonly title: string
  readonly cite: string
  run(bench: Bench): Promise<Verdict>
}

export const pass = (note = ''): Verdict => ({ result: 'pass', note })
export const fail = (note: string): Verdict => ({ result: 'fail', note })
export const absent = (note: string): Verdict => ({ result: 'absent', note })
