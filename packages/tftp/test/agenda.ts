interface Entry {
  readonly at: number
  readonly order: number
  readonly action: () => void
}

const isBefore = (a: Entry, b: Entry): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order)

/** What will happen when, on a clock that jumps from one event to the next: a binary heap. */
export class Agenda {
  readonly #heap: Entry[] = []
  readonly #lastOn = new Map<string, number>()
  #count = 0
  now = 0

  get nextAt(): number {
    return this.#heap[0]?.at ?? Infinity
  }

  /** `action` at `time`, or as soon as the one before it on the same `way` has happened. */
  add(time: number, way: string | undefined, action: () => void): void {
    const at = way === undefined ? time : Math.max(time, this.#lastOn.get(way) ?? 0)
    if (way !== undefined) this.#lastOn.set(way, at)
    const entry = { at, order: this.#count++, action }
    const heap = this.#heap
    let i = heap.push(entry) - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!isBefore(entry, heap[parent]!)) break
      heap[i] = heap[parent]!
      i = parent
    }
    heap[i] = entry
  }

  runNext(): void {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (!first || !last) return
    if (heap.length > 0) this.#sink(last)
    first.action()
  }

  #sink(entry: Entry): void {
    const heap = this.#heap
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, entry)) break
      heap[i] = heap[child]!
      i = child
    }
    heap[i] = entry
  }
}
