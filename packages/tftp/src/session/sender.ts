import { Rto, type RtoOptions } from './rto.ts'
import { distanceOf, type Rollover } from './sequence.ts'

/** How a {@link Sender} behaves. */
export interface SenderOptions {
  /** 0 when a packet of its own (OACK, or a client's WRQ) opens the transfer, else 1. */
  readonly firstBlock: 0 | 1
  /** Blocks in flight, RFC 7440. */
  readonly windowSize: number
  readonly rollover: Rollover
  readonly rto: RtoOptions
  /** How many times the same place is sent again before giving up. */
  readonly retries: number
  /** How long a peer that has answered once may be silent, in milliseconds. */
  readonly patienceMs: number
  /** How many times a peer that has not yet answered is sent a packet, the first one included. */
  readonly unansweredSends: number
  /** How many times more the last block is sent when nobody acknowledges it: many clients never do. */
  readonly finalRetries: number
}

/** What {@link Sender.peek} answers when nothing may be sent now. */
export const NOTHING = -1

/**
 * The sending half of a transfer (RFC 1350, RFC 7440): a state machine over block numbers.
 *
 * It knows neither bytes nor sockets. `peek` says which block goes next and `sent` that it went; ACKs and
 * time come in through `onAck` and `onTime`. Block numbers inside are not cut to 16 bits.
 */
export class Sender {
  readonly #options: SenderOptions
  readonly #rto: Rto
  /** Highest block acknowledged; -1 while block 0 waits for its answer. */
  #acked: number
  #next: number
  /** Last block of the window granted by the last ACK or rewind. */
  #end: number
  /** Highest block ever sent. */
  #highest: number
  /** Highest block that was sent more than once. */
  #resentUpTo = -1
  #answered = false
  #tries = 0
  /** When the peer is given up, whatever `retries` says. */
  #patientUntil = Infinity
  #timedBlock = -1
  #timedAt = 0
  /** Until then ACKs inside the window come from datagrams sent before the rewind: they start no other. */
  #holdUntil = -Infinity
  /** Number of the last block; Infinity until the source knows. */
  lastBlock: number = Infinity
  /** When `onTime` wants to be called; Infinity: never. */
  deadline: number = Infinity
  /** Blocks sent more than once. */
  resends = 0
  /** Whether it is known if the last resend was needed. */
  #judged = true
  /** True once nobody answered often enough. */
  exhausted = false

  constructor(options: SenderOptions) {
    this.#options = options
    this.#rto = new Rto(options.rto)
    this.#acked = options.firstBlock - 1
    this.#highest = this.#acked
    this.#next = options.firstBlock
    // The opening packet is alone on the wire: nobody has agreed to a window yet.
    this.#end = options.firstBlock === 0 ? 0 : options.windowSize
  }

  get acked(): number {
    return this.#acked
  }

  /** True once every block has been acknowledged. */
  get finished(): boolean {
    return this.#acked === this.lastBlock
  }

  /** True once the last block has been on the wire. */
  get allSent(): boolean {
    return this.#highest === this.lastBlock
  }

  /** True once the peer has answered anything valid. */
  get answered(): boolean {
    return this.#answered
  }

  /** The block to send now, or {@link NOTHING}. */
  peek(): number {
    return this.#next <= this.#end && this.#next <= this.lastBlock && !this.exhausted
      ? this.#next
      : NOTHING
  }

  /** How many blocks may be sent now, `peek()` first. */
  get left(): number {
    return this.peek() === NOTHING ? 0 : Math.min(this.#end, this.lastBlock) - this.#next + 1
  }

  /** Block `peek()` is on its way. */
  sent(block: number, now: number): void {
    if (block > this.#highest) {
      this.#highest = block
      this.#timedBlock = block
      this.#timedAt = now
    } else {
      this.resends++
      this.#judged = false
      if (block > this.#resentUpTo) this.#resentUpTo = block
    }
    this.#next = block + 1
    this.#wait(now)
  }

  #wait(now: number): void {
    this.deadline = Math.min(now + this.#rto.ms, this.#patientUntil)
  }

  /** An ACK came with this 16-bit number. */
  onAck(wire: number, now: number): void {
    const inFlight = this.#highest - this.#acked
    const distance = distanceOf(wire, this.#acked, this.#options.rollover)
    if (distance > inFlight) return // old, or not ours
    if (distance === 0) {
      this.#onSameAck(inFlight, now)
      return
    }
    this.#acked += distance
    this.#answered = true
    if (!this.#judged && this.#acked > this.#resentUpTo) {
      // Only one ACK came for what was sent twice.
      this.#judged = true
      this.#rto.needed()
    }
    this.#tries = 0
    this.#patientUntil = now + this.#options.patienceMs
    this.#rto.progress()
    if (this.#timedBlock >= 0 && this.#acked >= this.#timedBlock) {
      this.#rto.sample(now - this.#timedAt)
      this.#timedBlock = -1
    }
    if (distance === inFlight) {
      this.#next = this.#acked + 1
      this.#end = this.#acked + this.#options.windowSize
      this.#holdUntil = -Infinity
      this.deadline = Infinity
    } else {
      this.#wait(now)
      if (this.#next <= this.#acked) this.#next = this.#acked + 1
      // The peer counts its next window from here: without the blocks up to its end it would not answer.
      this.#end = this.#acked + this.#options.windowSize
      if (now >= this.#holdUntil) this.#rewind(now)
    }
  }

  /** The deadline has passed. */
  onTime(now: number): void {
    if (now < this.deadline) return
    this.#rto.expired()
    if (!this.#tryAgain(now)) return
    this.#rewind(now)
  }

  /** What is in flight was too long for the path; the kernel knows better now. */
  onLoss(now: number): void {
    if (!this.#answered || this.#highest === this.#acked || now < this.#holdUntil) return
    if (this.#tryAgain(now)) this.#rewind(now)
  }

  /**
   * The peer repeats its last ACK. With one block in flight that must never send DATA: RFC 1123 section 4.2.3.1.
   *
   * In a window it says that the block behind is missing, unless the acknowledged block was sent twice: then its
   * ACK comes twice as well, and a resend for it would double every window from there on.
   */
  #onSameAck(inFlight: number, now: number): void {
    // Both the block and its copy have arrived: the peer was only slow. (In a window every copy is acknowledged again.)
    if (this.#answered && this.#acked === this.#resentUpTo && this.#options.windowSize === 1) {
      this.#judged = true
      this.#rto.spurious()
    }
    if (this.#acked <= this.#resentUpTo || inFlight < 2 || now < this.#holdUntil) return
    if (this.#tryAgain(now)) this.#rewind(now)
  }

  #tryAgain(now: number): boolean {
    const { retries, unansweredSends, finalRetries } = this.#options
    const sendsLeft = this.#answered ? (this.allSent ? finalRetries : retries) : unansweredSends - 1
    this.exhausted = this.#tries >= sendsLeft || now >= this.#patientUntil
    if (this.exhausted) this.deadline = Infinity
    this.#tries++
    return !this.exhausted
  }

  /**
   * Goes on behind the last ACK (RFC 7440 section 4), then holds off for two round trips.
   *
   * EDK2 acknowledges every block that is out of order: without the hold-off each such ACK would start the
   * window again, and those blocks, out of order too, bring ever more ACKs.
   */
  #rewind(now: number): void {
    this.#timedBlock = -1
    this.#next = this.#acked + 1
    this.#end = this.#acked < 0 ? 0 : this.#acked + this.#options.windowSize
    this.#holdUntil = now + 2 * this.#rto.srttMs
    this.#wait(now)
  }
}
