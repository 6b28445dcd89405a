/** How long to wait before sending again, in milliseconds. */
export interface RtoOptions {
  /** Before anything was measured. Default: 1000, RFC 6298 §2. */
  readonly initialMs?: number
  /** Lower bound. Default: 20; with 5 a preempted peer was sent spurious resends (measured). */
  readonly minMs?: number
  /** Upper bound, which back-off reaches too. Default: 5000. */
  readonly maxMs?: number
  /** A negotiated `timeout`: nothing is estimated then, the peer has said when it wants to be asked again. */
  readonly fixedMs?: number | undefined
}

/** Adaptive retransmission time-out: RFC 1123 §4.2.3.2 asks for it, RFC 6298 says how. */
export class Rto {
  readonly #minMs: number
  readonly #maxMs: number
  readonly #fixed: boolean
  #srttMs = -1
  #varianceMs = 0
  #baseMs: number
  #backoff = 1

  constructor({ initialMs = 1000, minMs = 20, maxMs = 5000, fixedMs }: RtoOptions = {}) {
    this.#minMs = minMs
    this.#maxMs = fixedMs ?? maxMs
    this.#fixed = fixedMs !== undefined
    this.#baseMs = fixedMs ?? initialMs
  }

  /** The wait before the next resend. */
  get ms(): number {
    return Math.min(this.#baseMs * this.#backoff, this.#maxMs)
  }

  /** Smoothed round trip; before the first measurement the whole time-out. */
  get srttMs(): number {
    return this.#srttMs < 0 ? this.#baseMs : this.#srttMs
  }

  /** A round trip that was not blurred by a resend (Karn). */
  sample(ms: number): void {
    if (this.#srttMs < 0) {
      this.#srttMs = ms
      this.#varianceMs = ms / 2
    } else {
      this.#varianceMs = 0.75 * this.#varianceMs + 0.25 * Math.abs(this.#srttMs - ms)
      this.#srttMs = 0.875 * this.#srttMs + 0.125 * ms
    }
    if (!this.#fixed) {
      this.#baseMs = Math.max(this.#srttMs + 4 * this.#varianceMs, this.#minMs)
    }
  }

  /** The peer made progress: back to the estimate. */
  progress(): void {
    this.#backoff = 1
  }

  /** Nothing came back: wait twice as long. */
  expired(): void {
    if (!this.#fixed && this.#baseMs * this.#backoff < this.#maxMs) this.#backoff *= 2
  }
}
