import type { Once } from '../../src/state/boot-plan.ts'
import type { Identity } from '../../src/state/identity.ts'
import type { Step, TokenClaims } from '../../src/state/steps.ts'

export const once = (id: string | undefined): Once => ({
  ...(id !== undefined && { id }),
  done: 'report',
  retries: 1,
})

export const BOXES = 3
export const REPLICAS = 3
export const SHARED_UUID = '11111111-2222-4333-8444-555555555555'

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

/** What can happen, each as often as it stands here; `boot` is a whole boot in one go, as most are. */
export const WEIGHTED = [
  'power',
  'power',
  'boot',
  'boot',
  'boot',
  'fetch',
  'fetch old',
  'done',
  'done',
  'report old',
  'answer',
  'answer',
  'crash',
  'look',
  'edit',
  'by hand',
] as const
