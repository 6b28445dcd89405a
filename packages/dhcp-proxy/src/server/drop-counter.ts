import type { DropReason } from '../decide/drop.ts'
import type { Clock } from './clock.ts'

/** What a stranger can cause as fast as the wire carries it, without any machine that boots behind it. */
const FLOODING: ReadonlySet<DropReason> = new Set([
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
])
/** Records of one reason that are published one by one, in one second. */
const MAX_EACH = 20
const SECOND_MS = 1000

interface Second {
  seen: number
  waiting: number
  publish: (count: number) => void
}

/** Publishes drops one by one as long as they are few, and then one record a second that says how many they were. */
export class DropCounter {
  readonly #clock: Clock
  readonly #seconds = new Map<DropReason, Second>()
  readonly #cancels = new Map<DropReason, () => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @param publish called at once with 1, or later with the number of drops that it stands for */
  count(reason: DropReason, publish: (count: number) => void): void {
    if (!FLOODING.has(reason)) {
      publish(1)
      return
    }
    const second = this.#seconds.get(reason) ?? this.#begin(reason, publish)
    second.seen++
    if (second.seen <= MAX_EACH) {
      publish(1)
      return
    }
    second.waiting++
    second.publish = publish
  }

  /** Publishes what still waits. */
  close(): void {
    for (const cancel of this.#cancels.values()) cancel()
    for (const reason of this.#seconds.keys()) this.#end(reason)
  }

  #begin(reason: DropReason, publish: (count: number) => void): Second {
    const second = { seen: 0, waiting: 0, publish }
    this.#seconds.set(reason, second)
    this.#cancels.set(
      reason,
      this.#clock.after(SECOND_MS, () => this.#end(reason)),
    )
    return second
  }

  #end(reason: DropReason): void {
    const second = this.#seconds.get(reason)
    this.#seconds.delete(reason)
    this.#cancels.delete(reason)
    if (second && second.waiting > 0) second.publish(second.waiting)
  }
}
