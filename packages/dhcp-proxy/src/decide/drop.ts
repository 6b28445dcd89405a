/** Why a packet got no answer. `docs/channels.md` says what each means. */
export const DROP_REASONS = [
  'malformed',
  'not-a-request',
  'bootp',
  'message-type',
  'not-pxe',
  'other-server',
  'relay-address',
  'source-port',
  'hops',
  'rate-client',
  'rate-relay',
  'rate-total',
  'busy',
  'retransmission',
  'ignored',
  'decide-late',
  'decide-failed',
  'boot-item',
  'loop-guard',
  'unanswerable',
  'send-failed',
] as const

export type DropReason = (typeof DROP_REASONS)[number]

/** A packet that is not answered: why, as a code and as a sentence. */
export interface Drop {
  readonly reason: DropReason
  readonly detail: string
  /** What the decision carried, where there was one. */
  readonly context?: unknown
}

/** What one step of an answer gives, or why there is no answer. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly drop: Drop }

/** The step went well. */
export const done = <T>(value: T): Result<T> => ({ ok: true, value })

/** The packet is not answered. */
export const drop = (reason: DropReason, detail: string): Result<never> => ({
  ok: false,
  drop: { reason, detail },
})
