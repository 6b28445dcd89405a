import type { SchemaIssue } from './schema.ts'

type Path = readonly (string | number)[]

const keyOf = (path: Path): string => JSON.stringify(path)

/** What was left out of a configuration because its shape is wrong: for the rest of it to be looked at. */
export class Gaps {
  readonly #dropped = new Set<string>()
  readonly #above = new Set<string>()

  get size(): number {
    return this.#dropped.size
  }

  /** False: it has been left out already. */
  add(path: Path): boolean {
    const key = keyOf(path)
    if (this.#dropped.has(key)) return false
    this.#dropped.add(key)
    for (let length = 0; length < path.length; length++)
      this.#above.add(keyOf(path.slice(0, length)))
    return true
  }

  /** The value at `path` itself was left out. */
  dropped(path: Path): boolean {
    return this.#dropped.has(keyOf(path))
  }

  /** The value at `path`, something in it, or something that holds it was left out. */
  touch(path: Path): boolean {
    if (this.size === 0) return false
    return this.#above.has(keyOf(path)) || path.some((_, i) => this.dropped(path.slice(0, i + 1)))
  }
}

/** A value without its gaps, and where the items of its shortened lists stood. */
export class Pruned {
  readonly value: unknown
  readonly #kept = new Map<string, readonly number[]>()

  constructor(value: unknown, gaps: Gaps) {
    this.value = this.#copy(value, [], [], gaps)
  }

  /** A path in the pruned value as it is in the file. */
  original(path: Path): (string | number)[] {
    const result: (string | number)[] = []
    for (const [i, step] of path.entries()) {
      const kept = typeof step === 'number' ? this.#kept.get(keyOf(path.slice(0, i))) : undefined
      result.push(kept?.[Number(step)] ?? step)
    }
    return result
  }

  #copy(value: unknown, from: Path, to: Path, gaps: Gaps): unknown {
    if (Array.isArray(value)) {
      const items: readonly unknown[] = value
      const kept = [...items.keys()].filter((i) => !gaps.dropped([...from, i]))
      if (kept.length < items.length) this.#kept.set(keyOf(to), kept)
      return kept.map((at, i) => this.#copy(items[at], [...from, at], [...to, i], gaps))
    }
    if (typeof value !== 'object' || value === null || !gaps.touch(from)) return value
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => !gaps.dropped([...from, key]))
        .map(([key, item]) => [key, this.#copy(item, [...from, key], [...to, key], gaps)]),
    )
  }
}

/** Marks what an issue speaks of as a gap; where that is nothing, what holds it. False: nothing is left to leave out. */
export const markGap = ({ path, keys }: SchemaIssue, pruned: Pruned, gaps: Gaps): boolean => {
  const place = pruned.original(path)
  if (keys) return keys.map((key) => gaps.add([...place, key])).includes(true)
  for (let length = place.length; length > 0; length--) {
    if (isThere(pruned.value, path.slice(0, length)) && gaps.add(place.slice(0, length)))
      return true
  }
  return false
}

const isThere = (value: unknown, path: Path): boolean => {
  let node = value
  for (const step of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, step)) return false
    node = Reflect.get(node, step)
  }
  return true
}
