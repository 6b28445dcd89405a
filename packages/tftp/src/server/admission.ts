import type { DropReason } from '../channels.ts'

/** The limits that decide whether a request is taken up. */
export interface AdmissionLimits {
  readonly maxTransfers: number
  readonly maxTransfersPerAddress: number
  readonly maxRequestsPerSecond: number
}

/** Addresses whose rate is remembered. */
const MAX_ADDRESSES = 8192
/** A client that boots asks for a handful of files at once. */
const BURST_SECONDS = 2

interface Bucket {
  tokens: number
  atMs: number
}

/** Counts transfers and requests by address. What is over a limit is dropped silently: the client asks again. */
export class Admission {
  readonly #limits: AdmissionLimits
  readonly #active = new Map<string, number>()
  /** Least recently seen first. */
  readonly #buckets = new Map<string, Bucket>()
  #total = 0

  constructor(limits: AdmissionLimits) {
    this.#limits = limits
  }

  /** Takes a place for `address`, or says why there is none; a transfer that is `replaced` is about to leave. */
  enter(address: string, now: number, replaced: boolean): DropReason | undefined {
    const { maxTransfers, maxTransfersPerAddress } = this.#limits
    if (!this.#takeToken(address, now)) return 'rate'
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

  #takeToken(address: string, now: number): boolean {
    const perSecond = this.#limits.maxRequestsPerSecond
    const burst = perSecond * BURST_SECONDS
    const before = this.#buckets.get(address) ?? { tokens: burst, atMs: now }
    const tokens = Math.min(burst, before.tokens + ((now - before.atMs) / 1000) * perSecond)
    const granted = tokens >= 1
    this.#buckets.delete(address)
    this.#buckets.set(address, { tokens: granted ? tokens - 1 : tokens, atMs: now })
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= MAX_ADDRESSES) break
      this.#buckets.delete(oldest)
    }
    return granted
  }
}
