/** Why a packet got no answer. `docs/channels.md` says what each means. */
export type DropReason =
  | 'malformed'
  | 'not-a-request'
  | 'bootp'
  | 'message-type'
  | 'not-pxe'
  | 'other-server'
  | 'relay-address'
  | 'source-port'
  | 'hops'
  | 'rate-client'
  | 'rate-relay'
  | 'rate-total'
  | 'busy'
  | 'retransmission'
  | 'ignored'
  | 'decide-late'
  | 'decide-failed'
  | 'boot-item'
  | 'loop-guard'
  | 'unanswerable'
  | 'send-failed'

export interface Drop {
  readonly reason: DropReason
  readonly detail: string
}
