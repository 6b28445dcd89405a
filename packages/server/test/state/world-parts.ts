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
const SHARED_UUID = '11111111-2222-4333-8444-555555555555'

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

/** A box: the kinds differ in what their firmware says of itself. */
export const boxOf = (i: number, kind: number): Box => {
  return {
    cards: [`52:54:00:00:0${i}:00`, `52:54:00:00:0${i}:01`],
    uuid:
      kind === 3
        ? '03000200-0400-0500-0006-000700080009'
        : kind === 2
          ? SHARED_UUID
          : `4c4c4544-0000-4000-8000-00000000000${i}`,
    serial: kind === 1 ? undefined : `serial-${i}`,
    urls: [],
    tokens: [],
    isDone: false,
    seen: new Set(),
    program: 0,
  }
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
