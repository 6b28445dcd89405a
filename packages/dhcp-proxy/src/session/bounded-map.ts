/** A map that holds at most `capacity` entries, each for at most `lifetimeMs`; the oldest goes first. */
export class BoundedMap<Value> {
  readonly #capacity: number
  readonly #lifetimeMs: number
  readonly #entries = new Map<string, { readonly value: Value; readonly untilMs: number }>()
  /**
   * Goes through the keys from the oldest on, while the map is full: a new iterator would pass all keys that were deleted
   * each time. One that is kept and not used holds every table that the map has outgrown, for ever.
   */
  #oldest: Iterator<string> | undefined

  constructor(capacity: number, lifetimeMs: number) {
    this.#capacity = capacity
    this.#lifetimeMs = lifetimeMs
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string, nowMs: number): Value | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    if (entry.untilMs > nowMs) return entry.value
    this.#entries.delete(key)
    return undefined
  }

  set(key: string, value: Value, nowMs: number): void {
    this.#entries.delete(key)
    if (this.#entries.size >= this.#capacity) this.#forgetOldest()
    else this.#oldest = undefined
    this.#entries.set(key, { value, untilMs: nowMs + this.#lifetimeMs })
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  #forgetOldest(): void {
    this.#oldest ??= this.#entries.keys()
    let oldest = this.#oldest.next()
    if (oldest.done) {
      this.#oldest = this.#entries.keys()
      oldest = this.#oldest.next()
    }
    if (!oldest.done) this.#entries.delete(oldest.value)
  }
}
