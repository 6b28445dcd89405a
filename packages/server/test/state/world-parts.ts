import type { Identity } from '../../src/state/identity.ts'
import type { Step, TokenClaims } from '../../src/state/steps.ts'

/** A signed URL that a machine was given. */
export interface SignedUrl {
  readonly number: number
  readonly nonce: string
  readonly machine?: string
}

/** A box with a disk: what is true, whatever the server believes. */
export interface Box {
  cards: string[]
  uuid: string | undefined
  serial: string | undefined
  readonly urls: SignedUrl[]
  /** Installations that it was handed: each may report, whenever and as often as it likes. */
  readonly tokens: TokenClaims[]
  /** The server has answered "done" to its installer, and nobody has asked for anything since. */
  isDone: boolean
  /** What it was seen with by fetches that were answered. */
  readonly seen: Set<Identity>
  /** Which of its programs runs: an answer to one that is gone reaches nobody. */
  program: number
}

/** Something under way at one server: read already, not yet written. */
export interface UnderWay {
  readonly kind: 'script' | 'report' | 'hand'
  readonly redo: () => Step<unknown>
  step: Step<unknown>
  readonly answered: (answer: unknown) => void
}

/** One thing that happens, in numbers. */
export interface Op {
  readonly what: number
  readonly box: number
  readonly pick: number
  readonly replica: number
}
