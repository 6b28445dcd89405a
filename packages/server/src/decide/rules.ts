import { comparable, factOf, type Facts } from '../model/facts.ts'
import type { Clause, Rule } from '../model/rule.ts'
import { describeEvaluation, evaluate, prepare, type Evaluation, type Outcome } from './match.ts'

export type Choice =
  | { readonly outcome: 'won'; readonly rule: Rule }
  | { readonly outcome: 'undecided'; readonly rule: Rule; readonly clause: Clause }
  | { readonly outcome: 'none' }

/** What `explain` tells of one rule. */
export interface RuleReason {
  readonly rule: string
  readonly kind: Rule['kind']
  readonly outcome: Outcome | 'outranked'
  readonly why: string
}

interface Bucket {
  readonly byValue: Map<string, number[]>
  readonly all: number[]
  readonly lengths: Set<number>
}

/** The fact by which a rule is found. Identities first: DHCP knows mac and uuid, and few rules share a value. */
const KEY_ORDER = ['mac', 'uuid', 'serial', 'name', 'asset', 'hostname', 'ip', 'circuit-id']

const keyClause = (clauses: readonly Clause[]): Clause | undefined => {
  const exact = clauses.filter(({ test }) => test.op === 'is' || test.op === 'in')
  for (const fact of KEY_ORDER) {
    const found = exact.find((clause) => clause.fact === fact)
    if (found) return found
  }
  return clauses.find(({ test }) => test.op === 'prefix') ?? exact[0]
}

/**
 * Rules in order of rank, with an index by their most selective fact, so that a decision looks at few of them.
 * Rules must be added in order: highest rank first, equal rank by file order.
 */
export class RuleIndex {
  readonly #rules: Rule[] = []
  readonly #exact = new Map<string, Bucket>()
  readonly #prefix = new Map<string, Bucket>()
  readonly #scan: number[] = []

  #named: Map<string, Rule> | undefined

  get size(): number {
    return this.#rules.length
  }

  /** Every rule, in order of rank. */
  get all(): readonly Rule[] {
    return this.#rules
  }

  /** The rule of that name. */
  named(name: string): Rule | undefined {
    this.#named ??= new Map(this.#rules.map((rule) => [rule.name, rule]))
    return this.#named.get(name)
  }

  add(rules: readonly Rule[]): void {
    this.#named = undefined
    for (const rule of rules) {
      prepare(rule.clauses)
      this.#insert(rule, this.#rules.push(rule) - 1)
    }
  }

  /** The first rule that wins, unless one before it is undecided. */
  choose(facts: Facts): Choice {
    const lists = this.#candidates(facts)
    const next = lists.map(() => 0)
    for (;;) {
      let smallest = Number.POSITIVE_INFINITY
      for (let i = 0; i < lists.length; i++) {
        const position = lists[i]![next[i]!]
        if (position !== undefined && position < smallest) smallest = position
      }
      if (smallest === Number.POSITIVE_INFINITY) return { outcome: 'none' }
      for (let i = 0; i < lists.length; i++) if (lists[i]![next[i]!] === smallest) next[i]!++
      const rule = this.#rules[smallest]!
      const { outcome, clause } = evaluate(rule.clauses, facts)
      if (outcome === 'won') return { outcome, rule }
      if (outcome === 'undecided' && clause) return { outcome, rule, clause }
    }
  }

  /** Every rule with its reason, in order of rank, at most `limit`: the slow and complete way, for people. */
  explain(facts: Facts, limit: number): RuleReason[] {
    let winner: string | undefined
    const reasons = this.#rules.slice(0, limit).map((rule): RuleReason => {
      const evaluation: Evaluation = evaluate(rule.clauses, facts)
      const { name, kind } = rule
      if (winner !== undefined && evaluation.outcome !== 'lost') {
        return {
          rule: name,
          kind,
          outcome: 'outranked',
          why: `${winner} is more specific or stands before it`,
        }
      }
      if (evaluation.outcome === 'won') winner = name
      return {
        rule: name,
        kind,
        outcome: evaluation.outcome,
        why: describeEvaluation(evaluation, facts),
      }
    })
    return reasons
  }

  #insert(rule: Rule, position: number): void {
    const clause = keyClause(rule.clauses)
    if (!clause) {
      this.#scan.push(position)
      return
    }
    const { fact, test } = clause
    const index = test.op === 'prefix' ? this.#prefix : this.#exact
    let bucket = index.get(fact)
    if (!bucket) index.set(fact, (bucket = { byValue: new Map(), all: [], lengths: new Set() }))
    bucket.all.push(position)
    const values =
      test.op === 'in'
        ? new Set(test.values)
        : test.op === 'is' || test.op === 'prefix'
          ? [test.value]
          : []
    for (const value of values) {
      bucket.lengths.add(value.length)
      const list = bucket.byValue.get(value)
      if (list) list.push(position)
      else bucket.byValue.set(value, [position])
    }
  }

  #candidates(facts: Facts): (readonly number[])[] {
    const lists: (readonly number[])[] = [this.#scan]
    const collect = (
      index: Map<string, Bucket>,
      keysOf: (value: string, bucket: Bucket) => string[],
    ) => {
      for (const [fact, bucket] of index) {
        const { unknown, value } = factOf(facts, fact)
        if (unknown) lists.push(bucket.all)
        for (const each of typeof value === 'string' ? [value] : (value ?? [])) {
          for (const key of keysOf(comparable(each), bucket)) {
            const list = bucket.byValue.get(key)
            if (list) lists.push(list)
          }
        }
      }
    }
    collect(this.#exact, (value) => [value])
    collect(this.#prefix, (value, { lengths }) =>
      [...lengths].map((length) => value.slice(0, length)),
    )
    return lists
  }
}
