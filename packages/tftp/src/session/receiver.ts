import { Rto, type RtoOptions } from './rto.ts'
import { distanceOf, wireOf, type Rollover } from './sequence.ts'

/** How a {@link Receiver} behaves. */
export interface ReceiverOptions {
  readonly windowSize: number
  readonly rollover: Rollover
  readonly rto: RtoOptions
  /** How many times the same ACK is sent again before giving up. */
  readonly retries: number
  /** How long a peer that has sent DATA may be silent, in milliseconds. */
  readonly patienceMs: number
  /** How many times the answer to a request is sent when no DATA has come, the first one included. */
  readonly unansweredSends: number
}

/**
 * The receiving half of a transfer: decides which block is the next one and which ACK is due.
 *
 * One ACK for each full window, for the last block, for a gap, and for a repetition of the last
 * acknowledged block (RFC 7440 section 4); blocks out of order are not kept.
 */
export class Receiver {
  readonly #options: ReceiverOptions
  readonly #rto: Rto
  #received = 0
  #acked = 0
  /** The block that showed the gap: seen once more, the peer has started its window again. */
  #gapBlock = -1
  #tries = 0
  #patientUntil = Infinity
  #ackedAt = -1
  #final = false
  /** True when an ACK of block `received` shall go out now. */
  ackDue = false
  deadline: number = Infinity
  duplicates = 0
  resends = 0
  exhausted = false

  constructor(options: ReceiverOptions) {
    this.#options = options
    this.#rto = new Rto(options.rto)
  }

  /** Highest block received with none missing before it. */
  get received(): number {
    return this.#received
  }

  /** The number to acknowledge, as it goes on the wire. */
  get ackNumber(): number {
    return wireOf(this.#received, this.#options.rollover)
  }

  /** True once the last block is here. */
  get finished(): boolean {
    return this.#final
  }

  get timeoutMs(): number {
    return this.#rto.ms
  }

  /** A DATA came; true when it is the next block, whose bytes shall be kept. */
  onData(wire: number, isLast: boolean, now: number): boolean {
    const { rollover, windowSize } = this.#options
    const distance = distanceOf(wire, this.#received, rollover)
    if (distance === 1 && !this.#final) {
      this.#accept(isLast, now)
      return true
    }
    if (distance > 1 && distance <= windowSize && !this.#final)
      this.#onGap(this.#received + distance)
    else this.#onDuplicate(wire)
    return false
  }

  #accept(isLast: boolean, now: number): void {
    this.#received++
    this.#gapBlock = -1
    this.#tries = 0
    this.#patientUntil = now + this.#options.patienceMs
    this.#final = isLast
    this.#rto.progress()
    if (this.#ackedAt >= 0) this.#rto.sample(now - this.#ackedAt)
    this.#ackedAt = -1
    if (isLast || this.#received - this.#acked >= this.#options.windowSize) this.ackDue = true
    this.#wait(now)
  }

  #onGap(block: number): void {
    if (this.#gapBlock >= 0 && block !== this.#gapBlock) return
    this.#gapBlock = block
    this.ackDue = true
  }

  #onDuplicate(wire: number): void {
    this.duplicates++
    // An older one is a late copy; only the end of the last window says that our ACK was lost.
    if (this.#received === this.#acked && wire === this.ackNumber) this.ackDue = true
  }

  /** The ACK of block `received` is on its way. */
  acknowledged(now: number): void {
    if (this.#received === this.#acked && this.#received > 0) this.resends++
    else this.#ackedAt = now
    this.#acked = this.#received
    this.ackDue = false
    this.#wait(now)
  }

  #wait(now: number): void {
    this.deadline = this.#final ? Infinity : Math.min(now + this.#rto.ms, this.#patientUntil)
  }

  /** The deadline has passed. */
  onTime(now: number): void {
    if (now < this.deadline) return
    const { retries, unansweredSends } = this.#options
    const sendsLeft = this.#received > 0 ? retries : unansweredSends - 1
    this.#rto.expired()
    this.#ackedAt = -1
    this.exhausted = this.#tries >= sendsLeft || now >= this.#patientUntil
    this.#tries++
    if (this.exhausted) this.deadline = Infinity
    else this.ackDue = true
  }
}
