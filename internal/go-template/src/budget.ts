import { failWith } from '@bootwire-internal/common'

import { GoTemplateError } from './error.ts'

export interface Limits {
  /** Nodes that are evaluated, and 64 bytes of text that are made count as one. */
  readonly steps: number
  readonly outputBytes: number
  /** How deep templates may call one another. Go allows 100,000. */
  readonly depth: number
}

export const DEFAULT_LIMITS: Limits = {
  steps: 1_000_000,
  outputBytes: 16 * 1024 * 1024,
  depth: 200,
}

const limit = failWith(GoTemplateError, 'ERR_GO_TEMPLATE_LIMIT')

/** What one run may still do. A count and no clock: the same template ends at the same place everywhere. */
export class Budget {
  readonly limits: Limits
  #steps = 0
  #outputBytes = 0

  constructor(limits: Limits) {
    this.limits = limits
  }

  step(): void {
    if (++this.#steps > this.limits.steps)
      limit(`the template needs more than ${this.limits.steps} steps`)
  }

  /** Before a text of so many bytes is made. */
  make(bytes: number): void {
    if (bytes > this.limits.outputBytes) this.#tooLong()
    this.#steps += bytes / 64
    this.step()
  }

  write(bytes: number): void {
    this.#outputBytes += bytes
    if (this.#outputBytes > this.limits.outputBytes) this.#tooLong()
  }

  #tooLong(): never {
    return limit(`the template makes more than ${this.limits.outputBytes} bytes`)
  }
}
