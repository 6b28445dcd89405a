/** Something that wants to be called when its deadline has passed. */
export interface Timed {
  /** Milliseconds on the wheel's clock; Infinity: not now. It may move at any time. */
  readonly deadline: number
  /** Called at or after the deadline, and now and then before it. */
  visit(now: number): void
}

/** A clockwork that runs. */
export interface Ticking {
  stop(): void
  /** It keeps no process alive any more. */
  unref(): void
}

/** Calls `action` again and again. */
export type Every = (ms: number, action: () => void) => Ticking

const TICK_MS = 5
const SLOTS = 256

/**
 * One timer for all transfers.
 *
 * A deadline that moves away costs nothing: its owner stays where it is, is visited at the old time and put
 * where it belongs. Re-arming a timer for every ACK took 10 to 15 % of the time (measured). Only a deadline
 * that comes nearer has to be told, with `watch`.
 */
export class TimerWheel {
  readonly #clock: () => number
  readonly #every: Every
  readonly #slots: readonly Set<Timed>[] = Array.from({ length: SLOTS }, () => new Set<Timed>())
  /** The tick at which each is visited next. */
  readonly #dueAt = new Map<Timed, number>()
  #tick = 0
  #ticking: Ticking | undefined

  constructor(clock: () => number, every: Every) {
    this.#clock = clock
    this.#every = every
  }

  /** How many are watched. */
  get size(): number {
    return this.#dueAt.size
  }

  /** Visits `timed` at its deadline, or earlier if it is watched already for an earlier one. Answers when. */
  watch(timed: Timed): number {
    if (this.#ticking === undefined) {
      this.#tick = this.#ticks(this.#clock())
      this.#ticking = this.#every(TICK_MS, () => this.#turn())
    }
    const due = Math.min(
      Math.max(this.#ticks(timed.deadline) + 1, this.#tick + 1),
      this.#tick + SLOTS - 1,
    )
    const before = this.#dueAt.get(timed)
    if (before !== undefined && before <= due) return before * TICK_MS
    if (before !== undefined) this.#slots[before % SLOTS]!.delete(timed)
    this.#dueAt.set(timed, due)
    this.#slots[due % SLOTS]!.add(timed)
    return due * TICK_MS
  }

  /** What is watched now keeps no process alive any more. */
  unref(): void {
    this.#ticking?.unref()
  }

  /** Forgets `timed`. */
  forget(timed: Timed): void {
    const due = this.#dueAt.get(timed)
    if (due === undefined) return
    this.#dueAt.delete(timed)
    this.#slots[due % SLOTS]!.delete(timed)
    if (this.#dueAt.size > 0) return
    this.#ticking?.stop()
    this.#ticking = undefined
  }

  #ticks(ms: number): number {
    return ms === Infinity ? Infinity : Math.floor(ms / TICK_MS)
  }

  #turn(): void {
    const now = this.#clock()
    const until = this.#ticks(now)
    // After a pause longer than a round of the wheel every slot is due once.
    this.#tick = Math.max(this.#tick, until - SLOTS)
    while (this.#tick < until && this.#dueAt.size > 0) {
      this.#tick++
      const slot = this.#slots[this.#tick % SLOTS]!
      const due = Array.from(slot)
      slot.clear()
      for (const timed of due) {
        // An earlier visit in this round may have ended it.
        if (!this.#dueAt.has(timed)) continue
        this.#dueAt.delete(timed)
        // Watched again before the visit, so that a visit may forget it.
        this.watch(timed)
        timed.visit(now)
      }
    }
  }
}
