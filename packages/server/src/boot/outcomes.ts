import type { LogRecord } from '../log/names.ts'
import { hear, newSteps, outcomeAt, type BootOutcome, type BootSteps } from './outcome.ts'

/** Machines whose boots are followed at once; the one that was heard of longest ago is forgotten first. */
const MAX_FOLLOWED = 10_000

/** What the boots going on have come to, by hardware address. */
export class Outcomes {
  readonly #steps = new Map<string, BootSteps>()
  readonly #told = new WeakMap<BootSteps, BootSteps['awaits']>()

  hear(record: LogRecord): void {
    const { mac, boot } = record
    if (mac === undefined) return
    let steps = this.#steps.get(mac)
    this.#steps.delete(mac)
    if (!steps || (boot !== undefined && steps.boot !== boot)) steps = newSteps(boot)
    this.#steps.set(mac, steps)
    hear(steps, record)
    if (this.#steps.size <= MAX_FOLLOWED) return
    const [oldest] = this.#steps.keys()
    if (oldest !== undefined) this.#steps.delete(oldest)
  }

  /**
   * Boots that stand still and have not been told since they made their last step.
   * @yields the machine, its boot and what should have come
   */
  *newStalls(
    nowMs: number,
    wantsAnswer: (mac: string) => boolean,
  ): Generator<{ readonly mac: string; readonly boot: string | undefined; readonly why: string }> {
    for (const [mac, steps] of this.#steps) {
      if (!steps.awaits || this.#told.get(steps) === steps.awaits) continue
      const { outcome, because } = outcomeAt(steps, nowMs, wantsAnswer(mac))
      if (outcome !== 'stalled' || because === undefined) continue
      this.#told.set(steps, steps.awaits)
      yield { mac, boot: steps.boot, why: because }
    }
  }

  of(mac: string, nowMs: number, wantsAnswer: boolean): BootOutcome {
    const steps = this.#steps.get(mac)
    return steps ? outcomeAt(steps, nowMs, wantsAnswer) : { outcome: 'booting' }
  }
}
