/** Undoes, in reverse order, what has been started. */
export class Started {
  readonly #stops: (() => unknown)[] = []

  add(stop: () => unknown): void {
    this.#stops.push(stop)
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).toReversed()) await stop()
  }
}
