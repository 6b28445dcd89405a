import type { Endpoint } from '../channels.ts'
import { ErrorCode } from '../codec/opcodes.ts'
import { errorOf, type TransferEnd } from './outcome.ts'
import type { Clock, TransferSession } from './session.ts'
import type { Timed, TimerWheel } from './timer-wheel.ts'

/** What a {@link Driver} is made of. */
export interface DriverOptions<S extends TransferSession> {
  readonly clock: Clock
  readonly wheel: TimerWheel
  /** Makes the session; `onChange` is for what moves by itself: a file that was read, an upload that was taken. */
  readonly begin: (onChange: () => void) => S
  /** Longest time for all of it, in milliseconds. Default: no limit. */
  readonly maxMs?: number
  /** Time between two calls of `onProgress`, in milliseconds. */
  readonly progressMs: number
  readonly onProgress?: (session: S) => void
  /** The file is here and acknowledged; dallying follows. */
  readonly onStored?: (session: S) => void
  /** Called once, and last. */
  readonly onEnd: (end: TransferEnd, session: S) => void
}

/** Brings datagrams and time to a session, and looks at it after anything has happened to it. */
export class Driver<S extends TransferSession> implements Timed {
  readonly session: S
  /** When the last datagram came. */
  heardAt: number = -Infinity
  readonly #options: DriverOptions<S>
  readonly #clock: Clock
  readonly #startedAt: number
  #visitAt = Infinity
  #progressAt: number
  #stored = false
  #over = false

  constructor(options: DriverOptions<S>) {
    this.#options = options
    this.#clock = options.clock
    this.#startedAt = options.clock()
    this.#progressAt = this.#startedAt
    this.session = options.begin(() => this.#settle())
  }

  get deadline(): number {
    return this.session.deadline
  }

  start(): void {
    this.#let(() => this.session.start(this.#clock()))
    this.#settle()
  }

  /** A datagram of the peer. */
  receive(datagram: Uint8Array, from?: Endpoint): void {
    if (this.#over) return
    const { session } = this
    const now = this.#clock()
    this.heardAt = now
    try {
      session.receive(datagram, now, from)
    } catch (error) {
      this.#broken(error)
    }
    if (session.deadline < this.#visitAt || session.end) this.#settle()
  }

  /** ICMP says that what was sent is too long for the path. */
  lost(): void {
    if (this.#over) return
    this.#let(() => this.session.onLoss(this.#clock()))
    this.#settle()
  }

  stop(end: TransferEnd): void {
    if (this.#over) return
    this.#let(() => this.session.stop(end))
    this.#settle()
  }

  visit(now: number): void {
    const { session } = this
    const { maxMs = Infinity, progressMs, onProgress } = this.#options
    this.#visitAt = Infinity
    if (now >= session.deadline) this.#let(() => session.onTime(now))
    if (now - this.#startedAt > maxMs) {
      const message = 'the transfer takes too long'
      this.#let(() => session.stop({ outcome: 'cancelled', code: ErrorCode.UNDEFINED, message }))
    }
    if (onProgress && now - this.#progressAt >= progressMs) {
      this.#progressAt = now
      this.#let(() => onProgress(session))
    }
    this.#settle()
  }

  /** What a handler, a source or a sink throws ends this transfer, and nothing else. */
  #let(action: () => void): void {
    try {
      action()
    } catch (error) {
      this.#broken(error)
    }
  }

  #broken(thrown: unknown): void {
    const message = 'the transfer failed'
    const error = errorOf(thrown)
    this.session.stop({ outcome: 'failed', code: ErrorCode.UNDEFINED, message, error })
  }

  #settle(): void {
    if (this.#over) return
    const { session } = this
    const { wheel, onStored, onEnd } = this.#options
    if (session.isStored && !this.#stored) {
      this.#stored = true
      onStored?.(session)
    }
    if (session.end) {
      this.#over = true
      wheel.forget(this)
      onEnd(session.end, session)
    } else {
      this.#visitAt = wheel.watch(this)
    }
  }
}
