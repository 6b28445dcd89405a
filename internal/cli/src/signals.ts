import { constants } from 'node:os'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** SIGINT and SIGTERM as an `AbortSignal`. */
export class Signals implements Disposable {
  readonly #given: AbortSignal | undefined
  #controller: AbortController | undefined
  #exitCode: number | undefined

  constructor(given: AbortSignal | undefined) {
    this.#given = given
  }

  /**
   * Reading it is the promise to stop by it: from then on the first signal aborts, and the second ends the process. A
   * command that never reads it ends at once, as any program does.
   */
  get signal(): AbortSignal {
    if (this.#given) return this.#given
    if (!this.#controller) {
      this.#controller = new AbortController()
      for (const name of SIGNALS) process.on(name, this.#onSignal)
    }
    return this.#controller.signal
  }

  /** Exit code of a command that was stopped: 128 and the signal's number; undefined while there was none. */
  get exitCode(): number | undefined {
    return this.#exitCode
  }

  readonly #onSignal = (name: NodeJS.Signals): void => {
    const code = 128 + constants.signals[name]
    if (this.#exitCode !== undefined) process.exit(code)
    this.#exitCode = code
    this.#controller?.abort()
  };

  [Symbol.dispose](): void {
    for (const name of SIGNALS) process.off(name, this.#onSignal)
  }
}
