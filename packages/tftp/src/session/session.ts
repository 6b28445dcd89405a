import type { Ending } from './outcome.ts'

/** Where a session puts its datagrams. */
export interface Wire {
  send(datagram: Uint8Array): void
}

/** Milliseconds on a clock that never goes back. */
export type Clock = () => number

/** One transfer as a state machine: datagrams and time in, datagrams out through its {@link Wire}. */
export interface Session {
  /** When `onTime` wants to be called; Infinity: never. */
  readonly deadline: number
  /** Set once the session is over: nothing is sent after that. */
  readonly ending: Ending | undefined
  readonly bytes: number
  readonly blocks: number
  readonly resends: number
  /** True when the file is here and acknowledged: what follows is dallying. A sender is done instead. */
  readonly isStored: boolean
  /** True when all is sent or stored, and only the last word of the peer is missing. */
  readonly allButConfirmed: boolean
  /** Puts the first datagram on the wire. */
  start(now: number): void
  receive(datagram: Uint8Array, now: number): void
  onTime(now: number): void
  /** Ends it from this side: an ERROR goes to the peer if `code` is given. */
  stop(ending: Ending): void
}
