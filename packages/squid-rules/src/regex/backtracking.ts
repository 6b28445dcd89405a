import { toAutomaton, type Automaton } from './automaton.ts'
import { parseRegex, UnreadableRegex, type ByteSet, type Node } from './syntax.ts'

/**
 * How the time of a backtracking matcher grows with the length of the text.
 *
 * `degree` 1 is linear, 2 quadratic, and so on; Infinity is exponential. Undefined where it cannot be told.
 */
export interface Verdict {
  readonly degree: number | undefined
  readonly why?: string
}

/** Splits the bytes into those that no set of the automaton tells apart, and gives each set as bits of these. */
const toMasks = (sets: readonly ByteSet[]): Uint32Array[] => {
  const atoms = new Map<string, number>()
  const atomOf = Array.from({ length: 256 }, (_, code) => {
    const signature = sets.map((set) => set[code]).join('')
    if (!atoms.has(signature)) atoms.set(signature, atoms.size)
    return atoms.get(signature)!
  })
  const words = Math.ceil(atoms.size / 32)
  return sets.map((set) => {
    const mask = new Uint32Array(words)
    set.forEach(
      (bit, code) => bit === 1 && (mask[atomOf[code]! >> 5]! |= 1 << (atomOf[code]! & 31)),
    )
    return mask
  })
}

const meet = (a: Uint32Array, b: Uint32Array, c: Uint32Array): boolean => {
  for (let i = 0; i < a.length; i++) if ((a[i]! & b[i]! & c[i]!) !== 0) return true
  return false
}

const reachable = (next: readonly (readonly number[])[], from: number): Set<number> => {
  const seen = new Set<number>()
  const open = [...next[from]!]
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (seen.has(state)) continue
    seen.add(state)
    open.push(...next[state]!)
  }
  return seen
}

/** Only the states from which a match can still fail, and that a loop leads to. */
const trim = ({
  sets,
  next,
  doubled,
  accepts,
}: Automaton): Pick<Automaton, 'sets' | 'next' | 'doubled'> => {
  const open = next.map((each, state) => (accepts[state] ? [] : each.filter((to) => !accepts[to])))
  const looping = open
    .map((_, state) => state)
    .filter((state) => open[state]!.includes(state) || isOnLoop(open, state))
  const kept = [
    ...new Set(looping.flatMap((state) => [state, ...reachable(open, state)])),
  ].toSorted((a, b) => a - b)
  const number = new Map(kept.map((state, i) => [state, i]))
  return {
    sets: kept.map((state) => sets[state]!),
    next: kept.map((state) => open[state]!.flatMap((to) => number.get(to) ?? [])),
    doubled: new Set(
      kept.flatMap((from, i) =>
        open[from]!.flatMap((to) => (doubled.has(`${from} ${to}`) ? `${i} ${number.get(to)}` : [])),
      ),
    ),
  }
}

/** Whether a loop leads back to the state; long rows of literals have none and are passed over quickly. */
const isOnLoop = (next: readonly (readonly number[])[], state: number): boolean => {
  // States are numbered from left to right, so every loop has an edge back.
  const back = next.some((each, from) => from >= state && each.some((to) => to <= state))
  return back && reachable(next, state).has(state)
}

/** Too many steps to go on. */
const MAX_STEPS = 20_000_000

const degreeOf = (automaton: Automaton): number => {
  const { sets, next, doubled } = trim(automaton)
  const masks = toMasks(sets)
  const count = sets.length
  const reach = next.map((_, state) => reachable(next, state))
  const loops = next.map((_, state) => state).filter((state) => reach[state]!.has(state))
  const sameLoop = (a: number, b: number): boolean => reach[a]!.has(b) && reach[b]!.has(a)
  let steps = 0
  /** Whether one word leads p to p, p to q and q to q; for p = q, whether it does so in two ways. */
  const pumps = (p: number, q: number): boolean => {
    const seen = new Set<number>()
    const open: [number, number, number][] = [[p, p, q]]
    for (let triple = open.pop(); triple; triple = open.pop()) {
      const [x, y, z] = triple
      for (const a of next[x]!) {
        if (!sameLoop(a, p)) continue
        for (const b of next[y]!) {
          if (b !== q && !reach[b]!.has(q)) continue
          for (const c of next[z]!) {
            if (++steps > MAX_STEPS) throw new UnreadableRegex('too many ways to judge')
            if (!sameLoop(c, q) || !meet(masks[a]!, masks[b]!, masks[c]!)) continue
            if (a === p && b === q && c === q) return true
            const id = (a * count + b) * count + c
            if (seen.has(id)) continue
            seen.add(id)
            open.push([a, b, c])
          }
        }
      }
    }
    return false
  }
  /** Two ways around one loop with the same word: p, p leaves the diagonal and comes back. */
  const forks = (p: number): boolean => {
    const seen = new Set<number>()
    const open: [number, number][] = [[p, p]]
    for (let pair = open.pop(); pair; pair = open.pop()) {
      const [x, y] = pair
      for (const a of next[x]!) {
        for (const b of next[y]!) {
          if (++steps > MAX_STEPS) throw new UnreadableRegex('too many ways to judge')
          if (!sameLoop(a, p) || !sameLoop(b, p) || !meet(masks[a]!, masks[b]!, masks[b]!)) continue
          if (a === p && b === p && x !== y) return true
          const id = a * count + b
          if (seen.has(id)) continue
          seen.add(id)
          open.push([a, b])
        }
      }
    }
    return false
  }
  const isDoubled = (edge: string): boolean => {
    const [from = -1, to = -1] = edge.split(' ').map(Number)
    return sameLoop(from, to)
  }
  if ([...doubled].some(isDoubled) || loops.some(forks)) return Number.POSITIVE_INFINITY
  const depth = new Map<number, number>()
  // From right to left: a loop's degree is one more than that of the worst loop it hands its word on to.
  for (const p of loops.toReversed()) {
    const later = loops.filter((q) => reach[p]!.has(q) && !sameLoop(p, q) && pumps(p, q))
    const deepest = Math.max(0, ...later.map((q) => depth.get(q) ?? 1))
    for (const each of loops)
      if (sameLoop(p, each)) depth.set(each, Math.max(depth.get(each) ?? 1, deepest + 1))
  }
  return Math.max(1, ...depth.values())
}

const looksIn = (node: Node): Node[] =>
  node.kind === 'sequence' || node.kind === 'choice'
    ? node.parts.flatMap(looksIn)
    : node.kind === 'repeat'
      ? looksIn(node.part)
      : node.kind === 'assertion' && node.look
        ? [node.look, ...looksIn(node.look)]
        : []

/** An assertion stands at one place, so it is anchored there. */
const anchored = (node: Node): Node => ({
  kind: 'sequence',
  parts: [{ kind: 'assertion', what: 'start' }, node],
})

/** Judges a regular expression by the ambiguity of its automaton (Weideman et al. 2016), assertions one by one. */
export const judgeRegex = (text: string): Verdict => {
  try {
    const node = parseRegex(text)
    const degrees = [node, ...looksIn(node).map(anchored)].map((each) =>
      degreeOf(toAutomaton(each)),
    )
    return { degree: Math.max(...degrees) }
  } catch (error) {
    if (error instanceof UnreadableRegex) return { degree: undefined, why: error.message }
    throw error
  }
}
