import { UnreadableRegex, type ByteSet, type Node } from './syntax.ts'

/** A Glushkov automaton: one state for each set in the expression; state 0 stands for the places before it. */
export interface Automaton {
  readonly sets: readonly ByteSet[]
  readonly next: readonly (readonly number[])[]
  /** Edges that two loops have in common, `FROM TO`: one way to read a word too many, as in `(a+)+`. */
  readonly doubled: ReadonlySet<string>
  /** Whether a match is complete in this state, with nothing left to fail. */
  readonly accepts: readonly boolean[]
}

/** More would take too long to judge. */
const MAX_STATES = 40_000

interface Part {
  readonly nullable: boolean
  readonly first: readonly number[]
  readonly last: readonly number[]
}

const EMPTY: Part = { nullable: true, first: [], last: [] }

const beginsAnchored = (node: Node): boolean =>
  node.kind === 'assertion'
    ? node.what === 'start'
    : node.kind === 'sequence'
      ? node.parts[0] !== undefined && beginsAnchored(node.parts[0])
      : node.kind === 'choice' && node.parts.every(beginsAnchored)

const endsAsserted = (node: Node): boolean =>
  node.kind === 'assertion'
    ? node.what === 'end' || node.what === 'look'
    : node.kind === 'sequence'
      ? node.parts.length > 0 && endsAsserted(node.parts.at(-1)!)
      : node.kind === 'choice' && node.parts.some(endsAsserted)

/** Builds the automaton of a search: without an anchor it may begin anywhere, which is a loop of its own. */
export const toAutomaton = (node: Node): Automaton => {
  const sets: ByteSet[] = [new Uint8Array(256).fill(1)]
  const next: Set<number>[] = [new Set()]
  const doubled = new Set<string>()
  const link = (from: readonly number[], to: readonly number[]): void => {
    for (const a of from) {
      for (const b of to) {
        if (next[a]!.has(b)) doubled.add(`${a} ${b}`)
        next[a]!.add(b)
      }
    }
  }
  const sequence = (parts: readonly Part[]): Part => {
    let all = EMPTY
    for (const part of parts) {
      link(all.last, part.first)
      all = {
        nullable: all.nullable && part.nullable,
        first: all.nullable ? [...all.first, ...part.first] : all.first,
        last: part.nullable ? [...all.last, ...part.last] : part.last,
      }
    }
    return all
  }
  const build = (part: Node): Part => {
    if (sets.length > MAX_STATES) throw new UnreadableRegex('too long to judge')
    if (part.kind === 'assertion') return EMPTY
    if (part.kind === 'set') {
      const state = sets.push(part.set) - 1
      next.push(new Set())
      return { nullable: false, first: [state], last: [state] }
    }
    if (part.kind === 'sequence') return sequence(part.parts.map(build))
    if (part.kind === 'choice') {
      const parts = part.parts.map(build)
      return {
        nullable: parts.some(({ nullable }) => nullable),
        first: parts.flatMap(({ first }) => first),
        last: parts.flatMap(({ last }) => last),
      }
    }
    const { least, most } = part
    const copies = Array.from(
      { length: Number.isFinite(most) ? most : Math.max(1, least) },
      (_, i) => {
        const copy = build(part.part)
        return i < least ? copy : { ...copy, nullable: true }
      },
    )
    if (!Number.isFinite(most)) link(copies.at(-1)!.last, copies.at(-1)!.first)
    return sequence(copies)
  }
  const whole = build(node)
  link([0], whole.first)
  if (!beginsAnchored(node)) next[0]!.add(0)
  const accepts = sets.map(() => false)
  if (!endsAsserted(node)) for (const state of whole.last) accepts[state] = true
  return { sets, next: next.map((each) => [...each]), doubled, accepts }
}
