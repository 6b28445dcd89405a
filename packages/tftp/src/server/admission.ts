import { randomInt } from 'node:crypto'

import { TokenBuckets } from '@bootwire-internal/common'

import type { DropReason } from '../channels.ts'

/** The limits that decide whether a request is taken up. */
export interface AdmissionLimits {
  readonly maxTransfers: number
  readonly maxTransfersPerAddress: number
  readonly maxHalfOpenPerAddress: number
  readonly maxRequestsPerSecond: number
}

/** Addresses share this many token buckets. */
const BUCKETS = 16_384
/** A client that boots asks for a handful of files at once. */
const BURST_SECONDS = 2

/** Transfers of one address. */
interface Count {
  active: number
  halfOpen: number
}

/** A transfer's place. */
export interface Place {
  /** The client has answered. */
  readonly answered: () => void
  /** The transfer is over. */
  readonly leave: () => void
}

/**
 * Counts transfers and requests by address. What is over a limit is dropped silently: the client asks again.
 *
 * A request costs until its client has answered, which proves that its address is not forged: a client that reads
 * hundreds of small files one after the other, or a site behind one address, is not slowed.
 */
export class Admission {
  readonly #limits: AdmissionLimits
  readonly #counts = new Map<string, Count>()
  readonly #buckets: TokenBuckets
  #total = 0

  constructor(limits: AdmissionLimits) {
    this.#limits = limits
    const perSecond = limits.maxRequestsPerSecond
    const rate = { perSecond, burst: perSecond * BURST_SECONDS }
    this.#buckets = new TokenBuckets(rate, BUCKETS, randomInt(2 ** 31))
  }

  /** Takes a place for `address`, or says why there is none; a transfer that is `replaced` is about to leave. */
  enter(
    address: string,
    now: number,
    replaced: { readonly isAnswered: boolean } | undefined,
  ): Place | DropReason {
    const limits = this.#limits
    const leaving = replaced ? 1 : 0
    const leavingHalfOpen = replaced && !replaced.isAnswered ? 1 : 0
    const { active, halfOpen } = this.#counts.get(address) ?? { active: 0, halfOpen: 0 }
    if (!this.#buckets.take(address, now)) return 'rate'
    if (this.#total - leaving >= limits.maxTransfers) return 'limit'
    if (active - leaving >= limits.maxTransfersPerAddress) return 'address-limit'
    if (halfOpen - leavingHalfOpen >= limits.maxHalfOpenPerAddress) return 'half-open'
    return this.#place(address)
  }

  #place(address: string): Place {
    const count = this.#counts.get(address) ?? { active: 0, halfOpen: 0 }
    this.#counts.set(address, count)
    count.active++
    count.halfOpen++
    this.#total++
    let open = true
    const answered = () => {
      if (!open) return
      open = false
      count.halfOpen--
      this.#buckets.give(address)
    }
    const leave = () => {
      if (open) count.halfOpen--
      open = false
      count.active--
      this.#total--
      if (count.active === 0) this.#counts.delete(address)
    }
    return { answered, leave }
  }
}
