import type { Endpoint } from '../channels.ts'
import type { TransferEnd } from './outcome.ts'

/** Where a session puts its datagrams. */
export interface Wire {
  send(datagram: Uint8Array): void
  /** Sends a run of datagrams in one call; false: it cannot, send them one by one. Absent: it never can. */
  sendRun?(bytes: Uint8Array, datagramBytes: number): boolean
  /** Datagrams that the kernel has not taken yet; absent: it takes or drops them at once. */
  queued?(): number
}

/** Milliseconds on a clock that never goes back. */
export type Clock = () => number

/** One transfer as a state machine: datagrams and time in, datagrams out through its {@link Wire}. */
export interface TransferSession {
  /** When `onTime` wants to be called; Infinity: never. */
  readonly deadline: number
  /** Set once the session is over: nothing is sent after that. */
  readonly end: TransferEnd | undefined
  readonly bytes: number
  readonly blocks: number
  readonly resends: number
  /** True when the file is here and acknowledged: what follows is dallying. A sender is done instead. */
  readonly isStored: boolean
  /** True when all is sent or stored, and only the last word of the peer is missing. */
  readonly allButConfirmed: boolean
  /** Puts the first datagram on the wire. */
  start(now: number): void
  receive(datagram: Uint8Array, now: number, from?: Endpoint): void
  onTime(now: number): void
  /** What was sent last is known to be lost: ICMP says that it was too long for the path. */
  onLoss(now: number): void
  /** Ends it from this side: an ERROR goes to the peer if `code` is given. */
  stop(end: TransferEnd): void
}
