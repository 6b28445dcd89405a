import type { AnyProfile } from '../table/index.ts'
import type { Flow } from './flow.ts'
import type { Model } from './model.ts'
import type { Targets } from './targets.ts'

export type Severity = 'error' | 'warning'

/** A replacement in the script's text. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** What a rule says about a place. */
export interface Remark {
  readonly start: number
  readonly end: number
  readonly message: string
  /** Edits that cure it without changing what else the script does. */
  readonly fix?: readonly Edit[]
}

export interface LintContext {
  readonly model: Model
  readonly flow: Flow
  readonly targets: Targets
  /** The builds the script is for; empty: not said. */
  readonly profiles: readonly AnyProfile[]
}

/** One rule, with its documentation: `docs/lint/ID.md` is written from it. */
export interface Rule {
  readonly id: string
  readonly severity: Severity
  /** One sentence, no full stop. */
  readonly summary: string
  /** What iPXE really does, and what to do. */
  readonly why: string
  /** Lines after `#!ipxe`; a whole file where it begins otherwise. */
  readonly bad: string
  readonly good: string
  /** Profile that the examples are for. */
  readonly profile?: string
  /** True where a fix is offered. */
  readonly fixes?: boolean
  readonly check: (context: LintContext) => readonly Remark[]
}

/** The remark about a word, or any stretch with a place. */
export const at = (
  { start, end }: { readonly start: number; readonly end: number },
  message: string,
  fix?: readonly Edit[],
): Remark => ({ start, end, message, ...(fix && { fix }) })
