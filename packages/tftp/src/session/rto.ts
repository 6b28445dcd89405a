/** How long to wait before sending again, in milliseconds. */
export interface RtoOptions {
  /** Before anything was measured. Default: 1000, RFC 6298 section 2. */
  readonly initialMs?: number | undefined
  /** Lower bound of the first wait. Default: 20; with 5 a preempted peer was sent spurious resends (measured). */
  readonly minMs?: number | undefined
  /** Upper bound, which back-off reaches too. Default: 8000. */
  readonly maxMs?: number | undefined
  /** A negotiated `timeout`: nothing is estimated then, the peer has said when it wants to be asked again. */
  readonly fixedMs?: number | undefined
}

/** RFC 6298 section 2.4: a time-out is not below one second. */
const CAUTIOUS_MS = 1000
/** Resends at the negotiated interval before it grows, too. */
const STEADY_RESENDS = 5

/**
 * Adaptive retransmission time-out: RFC 1123 section 4.2.3.2 asks for it, RFC 6298 says how.
 *
 * The first resend may be quick, because that is what repairs a lost datagram on a LAN. A second one is not: a peer
 * that is silent for so long is writing to flash or drawing on its screen, and firmware chokes on copies (a
 * Raspberry Pi 4 hangs on them, raspberrypi/firmware#1631). So the second wait is at least a second, and all waits
 * are from a resend that turned out to be needless to one that was needed.
 */
export class Rto {
  readonly #maxMs: number
  readonly #fixed: boolean
  readonly #quickMs: number
  #minMs: number
  #srttMs = -1
  #varianceMs = 0
  #baseMs: number
  #expiries = 0

  constructor({ initialMs = 1000, minMs = 20, maxMs = 8000, fixedMs }: RtoOptions = {}) {
    this.#quickMs = minMs
    this.#minMs = minMs
    this.#maxMs = Math.max(maxMs, fixedMs ?? 0)
    this.#fixed = fixedMs !== undefined
    this.#baseMs = fixedMs ?? initialMs
  }

  /** The wait before the next resend. */
  get ms(): number {
    const expiries = this.#expiries
    if (expiries === 0) return this.#baseMs
    if (this.#fixed) {
      return Math.min(this.#baseMs * 2 ** Math.max(0, expiries - STEADY_RESENDS), this.#maxMs)
    }
    const doubled = Math.max(this.#baseMs * 2 ** expiries, CAUTIOUS_MS * 2 ** (expiries - 1))
    return Math.min(doubled, this.#maxMs)
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
    this.#expiries = 0
  }

  /** Nothing came back: wait longer. */
  expired(): void {
    this.#expiries++
  }

  /** A resend was not needed: this peer pauses, so no quick one until one was needed. */
  spurious(): void {
    if (this.#fixed) return
    this.#minMs = Math.max(this.#minMs, CAUTIOUS_MS)
    this.#baseMs = Math.max(this.#baseMs, this.#minMs)
  }

  /**
   * A resend was needed: datagrams are lost here, and the peer is not slow. Without this, one ACK that the network doubled
   * made every later loss of the transfer cost a second.
   */
  needed(): void {
    if (!this.#fixed) this.#minMs = this.#quickMs
  }
}
