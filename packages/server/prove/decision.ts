import type { Measurement } from '../../../scripts/measure.ts'
import { compileRules } from '../src/config/matchers.ts'
import type { GroupInput, MatchInput, TestInput } from '../src/config/schema.ts'
import { RuleIndex, type Choice } from '../src/decide/rules.ts'
import { FACTS, type Facts, type FactValue } from '../src/model/facts.ts'
import { Findings } from '../src/model/issues.ts'
import type { Rule } from '../src/model/rule.ts'
import type { Random } from './random.ts'
import { executions, failures } from './rig.ts'

const BOOKS = 20_000
const QUESTIONS = 30

const NAMES = Object.keys(FACTS)
const MACS = ['52:54:00:00:00:01', '52:54:00:00:00:02', '3c:ec:ef:00:00:01', '3c:ec:ef:aa:bb:cc']
const WORDS = ['a', 'ab', 'abc', 'B', '10.0.0.1', '10.1.0.1', '192.168.0.1', '']

const valueFor = (fact: string, random: Random): string =>
  random.pick(fact === 'mac' ? MACS : WORDS.slice(0, -1))

const testFor = (fact: string, random: Random): TestInput => {
  switch (random.below(5)) {
    case 0:
      return { in: [valueFor(fact, random), valueFor(fact, random)] }
    case 1:
      return {
        prefix: valueFor(fact, random)
          .slice(0, 1 + random.below(8))
          .replace(/:$/, ''),
      }
    case 2:
      return { regex: random.pick(['a', '^b', '1$', '.']) }
    case 3:
      return { cidr: random.pick(['10.0.0.0/8', '10.0.0.0/24', '0.0.0.0/0']) }
    default:
      return valueFor(fact, random)
  }
}

const groupsFor = (random: Random): GroupInput[] =>
  Array.from({ length: 1 + random.below(12) }, (_, i): GroupInput => {
    const facts = Array.from({ length: 1 + random.below(3) }, () => random.pick(NAMES))
    const match: MatchInput = Object.fromEntries(facts.map((fact) => [fact, testFor(fact, random)]))
    return { name: `g${i}`, profile: 'local', match }
  })

const factsFor = (random: Random): Facts => {
  const known: Record<string, FactValue | undefined> = {}
  for (const name of NAMES) {
    const fate = random.below(4)
    if (fate === 0) known[name] = undefined
    else if (fate === 1) known[name] = [valueFor(name, random), valueFor(name, random)]
    else if (fate === 2) known[name] = valueFor(name, random)
  }
  return { known, final: random.below(2) === 0 }
}

const indexOf = (groups: readonly GroupInput[]) => {
  const { rules } = compileRules(
    { groups: [...groups] },
    { isIncomplete: () => false },
    new Findings(),
  )
  const index = new RuleIndex()
  index.add(rules)
  return { index, rules }
}

const told = (choice: Choice): string =>
  choice.outcome === 'none' ? 'none' : `${choice.outcome} ${choice.rule.name}`

/** What `explain` says decides: the first that has not lost. */
const explained = (index: RuleIndex, facts: Facts): { first: string; won: number } => {
  const reasons = index.explain(facts, 1000)
  const first = reasons.find(({ outcome }) => outcome === 'won' || outcome === 'undecided')
  const won = reasons.filter(({ outcome }) => outcome === 'won').length
  return { first: first ? `${first.outcome} ${first.rule}` : 'none', won }
}

/** The order of groups counts only among those that are equally specific. */
const distinct = (rules: readonly Rule[], groups: readonly GroupInput[]): GroupInput[] => {
  const ranks = new Map(rules.map(({ rank, name }) => [rank, name]))
  const names = new Set(ranks.values())
  return groups.filter(({ name }) => names.has(name))
}

/** Random facts against random groups: one winner at most, `explain` names the same, file order does not matter. */
export const decision = (random: Random, say: (line: string) => void): Measurement[] => {
  let wrong = 0
  for (let book = 0; book < BOOKS; book++) {
    const drawn = groupsFor(random)
    const groups = distinct(indexOf(drawn).rules, drawn)
    const one = indexOf(groups)
    const other = indexOf(random.shuffled(groups))
    for (let i = 0; i < QUESTIONS; i++) {
      const facts = factsFor(random)
      const choice = told(one.index.choose(facts))
      const { first, won } = explained(one.index, facts)
      const shuffled = told(other.index.choose(facts))
      if (choice === first && won <= 1 && shuffled === choice) continue
      if (++wrong <= 5)
        say(
          `decided ${choice}, explained ${first}, ${won} winners, in another order ${shuffled}: ${JSON.stringify({ groups, facts })}`,
        )
    }
  }
  const done = BOOKS * QUESTIONS
  return [executions('random decisions', done, 600_000), failures('random decisions', wrong)]
}
