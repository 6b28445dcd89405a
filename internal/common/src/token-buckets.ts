/** A token bucket: `burst` at once, then `perSecond`. Infinity in both is no limit. */
export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

/**
 * Token buckets in one flat array, found by a seeded hash: a flood of random addresses takes no memory, and who
 * shares a bucket with whom cannot be known from outside.
 */
export class TokenBuckets {
  readonly #rate: Rate
  readonly #mask: number
  readonly #seed: number
  readonly #tokens: Float64Array
  readonly #timesMs: Float64Array

  /** @param slots number of buckets, a power of two */
  constructor(rate: Rate, slots: number, seed: number) {
    this.#rate = rate
    this.#mask = slots - 1
    this.#seed = seed
    this.#tokens = new Float64Array(slots).fill(rate.burst)
    this.#timesMs = new Float64Array(slots)
  }

  /** Takes one token of the bucket of `key`; false where there is none left. */
  take(key: string, nowMs: number): boolean {
    const slot = this.#slotOf(key)
    const { perSecond, burst } = this.#rate
    const passedMs = nowMs - this.#timesMs[slot]!
    // An infinite rate times no time would be no number.
    const gained = passedMs > 0 ? (passedMs / 1000) * perSecond : 0
    const tokens = Math.min(burst, this.#tokens[slot]! + gained)
    this.#timesMs[slot] = nowMs
    this.#tokens[slot] = tokens >= 1 ? tokens - 1 : tokens
    return tokens >= 1
  }

  /** FNV-1a over the text, from a secret start. */
  #slotOf(key: string): number {
    if (this.#mask === 0) return 0
    let hash = this.#seed
    for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
    return (hash ^ (hash >>> 15)) & this.#mask
  }
}
