import type { Clock } from '../../src/server/clock.ts'

/** Time that passes only when told to. */
export class VirtualClock implements Clock {
  #nowMs = 1_000_000
  #timers: { atMs: number; action: () => void }[] = []

  now(): number {
    return this.#nowMs
  }

  after(ms: number, action: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, action }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer)
    }
  }

  get waiting(): number {
    return this.#timers.length
  }

  advance(ms: number): void {
    const untilMs = this.#nowMs + ms
    for (;;) {
      const [next] = this.#timers
        .filter(({ atMs }) => atMs <= untilMs)
        .toSorted((a, b) => a.atMs - b.atMs)
      if (!next) break
      this.#timers = this.#timers.filter((one) => one !== next)
      this.#nowMs = next.atMs
      next.action()
    }
    this.#nowMs = untilMs
  }
}
