import { randomInt } from 'node:crypto'

import { TokenBuckets } from '@bootwire-internal/common'

import type { DropReason } from '../channels.ts'

/** The limits that decide whether a request is taken up. */
export interface AdmissionLimits {
  readonly maxTransfers: number
  readonly maxTransfersPerAddress: number
  readonly maxRequestsPerSecond: number
}

/** Addresses share this many token buckets. */
const BUCKETS = 16_384
/** A client that boots asks for a handful of files at once. */
const BURST_SECONDS = 2

/** Counts transfers and requests by address. What is over a limit is dropped silently: the client asks again. */
export class Admission {
  readonly #limits: AdmissionLimits
  readonly #active = new Map<string, number>()
  readonly #buckets: TokenBuckets
  #total = 0

  constructor(limits: AdmissionLimits) {
    this.#limits = limits
    const perSecond = limits.maxRequestsPerSecond
    const rate = { perSecond, burst: perSecond * BURST_SECONDS }
    this.#buckets = new TokenBuckets(rate, BUCKETS, randomInt(2 ** 31))
  }

  /** Takes a place for `address`, or says why there is none; a transfer that is `replaced` is about to leave. */
  enter(address: string, now: number, replaced: boolean): DropReason | undefined {
    const { maxTransfers, maxTransfersPerAddress } = this.#limits
    if (!this.#buckets.take(address, now)) return 'rate'
    const leaving = Number(replaced)
    if (this.#total - leaving >= maxTransfers) return 'limit'
    const active = this.#active.get(address) ?? 0
    if (active - leaving >= maxTransfersPerAddress) return 'address-limit'
    this.#active.set(address, active + 1)
    this.#total++
    return undefined
  }

  /** Gives the place back. */
  leave(address: string): void {
    const active = this.#active.get(address) ?? 0
    if (active > 1) this.#active.set(address, active - 1)
    else this.#active.delete(address)
    this.#total--
  }
}
