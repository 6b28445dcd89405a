import { comparable, factOf, type Facts } from '../model/facts.ts'
import type { Clause, Test } from '../model/rule.ts'
import { contains } from './cidr.ts'
import { compilePattern, type Pattern } from './pattern.ts'

/** `undecided`: a fact is not known yet and nothing else has failed. */
export type Outcome = 'won' | 'lost' | 'undecided'

export interface Evaluation {
  readonly outcome: Outcome
  /** The clause that lost or is undecided. */
  readonly clause?: Clause
}

type RegexTest = Extract<Test, { readonly op: 'regex' }>

const compiled = new WeakMap<RegexTest, Pattern>()

const patternOf = (test: RegexTest): Pattern => {
  let pattern = compiled.get(test)
  if (!pattern) {
    pattern = compilePattern(test.source)
    compiled.set(test, pattern)
  }
  return pattern
}

/** Compiles what patterns the clauses have, so that no decision has to. */
export const prepare = (clauses: readonly Clause[]): void => {
  for (const { test } of clauses) if (test.op === 'regex') patternOf(test)
}

const passes = (test: Test, value: string): boolean => {
  switch (test.op) {
    case 'is':
      return comparable(value) === test.value
    case 'in':
      return test.values.includes(comparable(value))
    case 'prefix':
      return comparable(value).startsWith(test.value)
    case 'regex':
      return patternOf(test).test(value)
    default:
      return contains(test, value)
  }
}

/** Evaluates clauses that all must hold, with three values: a fact not known yet is neither true nor false. */
export const evaluate = (clauses: readonly Clause[], facts: Facts): Evaluation => {
  let undecided: Clause | undefined
  for (const clause of clauses) {
    const { unknown, value } = factOf(facts, clause.fact)
    if (unknown) {
      undecided ??= clause
      continue
    }
    const values = typeof value === 'string' ? [value] : (value ?? [])
    if (!values.some((each) => passes(clause.test, each))) return { outcome: 'lost', clause }
  }
  return undecided ? { outcome: 'undecided', clause: undecided } : { outcome: 'won' }
}

/** `mac begins with 3c:ec:ef`: a clause for people. */
export const describeClause = ({ fact, test }: Clause): string => {
  switch (test.op) {
    case 'is':
      return `${fact} is ${test.value}`
    case 'in':
      return `${fact} is one of ${test.values.slice(0, 8).join(', ')}${test.values.length > 8 ? ', …' : ''}`
    case 'prefix':
      return `${fact} begins with ${test.value}`
    case 'regex':
      return `${fact} matches /${test.source}/`
    default:
      return `${fact} is in ${dotted(test.base)}/${test.bits}`
  }
}

const dotted = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')

/** Why an evaluation came out as it did, for people. */
export const describeEvaluation = ({ outcome, clause }: Evaluation, facts: Facts): string => {
  if (!clause) return 'every condition holds'
  const { value } = factOf(facts, clause.fact)
  if (outcome === 'undecided')
    return `${clause.fact} is not known yet; it asks that ${describeClause(clause)}`
  const seen = value === undefined || value.length === 0 ? 'is not set' : `is ${String(value)}`
  return `${clause.fact} ${seen}; it asks that ${describeClause(clause)}`
}

/** Facts that name one machine. */
const IDENTITIES = new Set(['mac', 'uuid', 'serial', 'name'])

const exactnessOf = (test: Test): number => {
  switch (test.op) {
    case 'is':
      return 900
    case 'in':
      return 800
    case 'prefix':
      return 400 + Math.min(test.value.length, 99)
    case 'cidr':
      return 400 + test.bits
    default:
      return 200
  }
}

/**
 * How specific clauses are; the higher wins. First whether they name one machine (mac, uuid, serial or name, exactly),
 * then how many facts they ask for, then how exactly: value, list, longer prefix or network, pattern.
 */
export const rankOf = (clauses: readonly Clause[]): number => {
  const names = clauses.some(
    ({ fact, test }) => IDENTITIES.has(fact) && (test.op === 'is' || test.op === 'in'),
  )
  const exactness = clauses.reduce((sum, { test }) => sum + exactnessOf(test), 0)
  return (names ? 1e9 : 0) + clauses.length * 1e6 + exactness
}

/** Two rules with the same key match the same machines. */
export const keyOf = (clauses: readonly Clause[]): string =>
  clauses
    .map((clause) => JSON.stringify(sorted(clause)))
    .toSorted()
    .join('&')

const sorted = ({ fact, test }: Clause): unknown =>
  test.op === 'in' ? [fact, 'in', test.values.toSorted()] : [fact, test]
