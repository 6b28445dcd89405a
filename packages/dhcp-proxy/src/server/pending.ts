import type { Drop } from '../decide/drop.ts'
import type { Clock } from './clock.ts'

/** What waits for a timer: decisions under way and replies that are delayed. Bounded, and called off together. */
export class Pending {
  readonly #clock: Clock
  readonly #limit: number
  readonly #waiting = new Set<{ readonly cancelTimer: () => void; readonly onClose: () => void }>()

  constructor(clock: Clock, limit: number) {
    this.#clock = clock
    this.#limit = limit
  }

  get size(): number {
    return this.#waiting.size
  }

  /** What is said of a packet while it is full. */
  get busy(): Drop {
    return { reason: 'busy', detail: `${this.size} replies are under way` }
  }

  get isFull(): boolean {
    return this.#waiting.size >= this.#limit
  }

  /**
   * Runs `action` after `ms`, unless it is finished or closed before.
   * @returns ends the waiting; true where it still waited
   */
  start(ms: number, action: () => void, onClose: () => void = () => {}): () => boolean {
    const finish = (): boolean => {
      if (!this.#waiting.delete(entry)) return false
      entry.cancelTimer()
      return true
    }
    const entry = {
      cancelTimer: this.#clock.after(ms, () => {
        if (finish()) action()
      }),
      onClose,
    }
    this.#waiting.add(entry)
    return finish
  }

  close(): void {
    const entries = [...this.#waiting]
    this.#waiting.clear()
    for (const { cancelTimer, onClose } of entries) {
      cancelTimer()
      onClose()
    }
  }
}
