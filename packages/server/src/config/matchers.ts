import { messageOf } from '@bootwire-internal/common'

import { parseCidr } from '../decide/cidr.ts'
import { keyOf, rankOf } from '../decide/match.ts'
import { compilePattern } from '../decide/pattern.ts'
import { comparable, normalizeMac, normalizeMacPrefix, whyNoMachine } from '../model/facts.ts'
import type { Findings } from '../model/issues.ts'
import type { PlanRules } from '../model/plan.ts'
import type { Clause, Test } from '../model/rule.ts'
import type { Rule } from '../model/rule.ts'
import type { CompileContext } from './compile.ts'
import type { ConfigInput } from './schema.ts'
import type { MachineInput } from './schema.ts'
import type { MatchInput } from './schema.ts'
import type { TestInput } from './schema.ts'

type Path = readonly (string | number)[]

const valueOf = (fact: string, given: string | number, path: Path, findings: Findings): string => {
  const text = String(given)
  if (fact !== 'mac') return comparable(text.trim())
  const mac = normalizeMac(text)
  if (mac === undefined) {
    findings.add(
      'mac',
      path,
      typeof given === 'number'
        ? `${text} is a number, and no hardware address; put it in quotes: "52:54:00:12:34:56"`
        : `${JSON.stringify(text)} is no hardware address; write "52:54:00:12:34:56"`,
    )
  }
  const why = mac === undefined ? undefined : whyNoMachine(mac)
  if (why !== undefined)
    findings.add('mac', path, `${JSON.stringify(text)} ${why}, and of no machine; write its own`)
  return mac ?? ''
}

const isList = (input: object): input is readonly (string | number)[] => Array.isArray(input)

const testOf = (
  fact: string,
  input: TestInput,
  path: Path,
  findings: Findings,
): Test | undefined => {
  if (typeof input === 'string' || typeof input === 'number') {
    return { op: 'is', value: valueOf(fact, input, path, findings) }
  }
  if (isList(input)) return listOf(fact, input, path, findings)
  const tests = input
  if (tests.is !== undefined)
    return { op: 'is', value: valueOf(fact, tests.is, [...path, 'is'], findings) }
  if (tests.in !== undefined) return listOf(fact, tests.in, [...path, 'in'], findings)
  if (tests.prefix !== undefined) return prefixOf(fact, tests.prefix, [...path, 'prefix'], findings)
  if (tests.regex !== undefined) return regexOf(tests.regex, [...path, 'regex'], findings)
  const cidr = parseCidr(tests.cidr ?? '')
  if (cidr) return { op: 'cidr', ...cidr }
  findings.add(
    'cidr',
    [...path, 'cidr'],
    `${JSON.stringify(tests.cidr)} is no IPv4 network; write "10.0.0.0/8"`,
  )
  return undefined
}

const listOf = (
  fact: string,
  list: readonly (string | number)[],
  path: Path,
  findings: Findings,
): Test => {
  const values = list.map((value, i) => valueOf(fact, value, [...path, i], findings))
  return { op: 'in', values: [...new Set(values)] }
}

const prefixOf = (
  fact: string,
  prefix: string,
  path: Path,
  findings: Findings,
): Test | undefined => {
  if (fact !== 'mac') return { op: 'prefix', value: comparable(prefix) }
  const value = normalizeMacPrefix(prefix)
  if (value !== undefined) return { op: 'prefix', value }
  findings.add(
    'mac',
    path,
    `${JSON.stringify(prefix)} begins no hardware address; write "3c:ec:ef"`,
  )
  return undefined
}

const regexOf = (source: string, path: Path, findings: Findings): Test | undefined => {
  try {
    compilePattern(source)
    return { op: 'regex', source }
  } catch (error) {
    findings.add('regex', path, messageOf(error))
    return undefined
  }
}

/** The clauses of a `match`, in the order written. */
const clausesOf = (match: MatchInput, path: Path, findings: Findings): Clause[] => {
  const clauses: Clause[] = []
  const add = (fact: string, input: TestInput, at: Path) => {
    const test = testOf(fact, input, at, findings)
    if (test) clauses.push({ fact, test })
  }
  const { query, ...facts } = match
  for (const [fact, input] of Object.entries(facts)) {
    if (input !== undefined) add(fact, input, [...path, fact])
  }
  for (const [label, test] of Object.entries(query ?? {})) {
    add(`query.${label}`, test, [...path, 'query', label])
  }
  return clauses
}

const machineClauses = (
  { mac, uuid, serial }: MachineInput,
  path: Path,
  findings: Findings,
): Clause[] =>
  clausesOf(
    { ...(mac === undefined ? {} : { mac }), ...(uuid && { uuid }), ...(serial && { serial }) },
    path,
    findings,
  )

const byRank = (a: Rule, b: Rule): number => b.rank - a.rank

/** Compiles `machines` and `groups`, in the order in which they win; identical matchers are findings. */
export const compileRules = (
  config: ConfigInput,
  { isIncomplete }: Pick<CompileContext, 'isIncomplete'>,
  findings: Findings,
): PlanRules => {
  const machines: Rule[] = []
  const rules: Rule[] = []
  const seen = new Map<string, string>()
  const unique = (clauses: readonly Clause[], name: string, path: Path, faults: number) => {
    // A condition that was refused may be what tells them apart.
    if (clauses.length === 0 || findings.size > faults || isIncomplete(path)) return
    const key = keyOf(clauses)
    const first = seen.get(key)
    if (first !== undefined) {
      findings.add(
        'same-match',
        path,
        `${name} matches exactly the machines that ${first} matches; give it another condition or remove it`,
      )
    } else seen.set(key, name)
  }
  const names = new Set<string>()
  for (const [name, machine] of Object.entries(config.machines ?? {})) {
    const path = ['machines', name]
    const faults = findings.size
    const clauses = machineClauses(machine, path, findings)
    unique(clauses, `machine "${name}"`, path, faults)
    const { profile, tags, vars } = machine
    const rule: Rule = {
      name,
      kind: 'machine',
      rank: rankOf(clauses),
      clauses,
      ...(tags && { tags }),
      ...(vars && { vars }),
      ...(profile !== undefined && { profile }),
    }
    machines.push(rule)
    if (profile !== undefined) rules.push(rule)
  }
  for (const [i, { name, match, profile, vars }] of (config.groups ?? []).entries()) {
    const path = ['groups', i]
    if (names.has(name))
      findings.add('same-name', [...path, 'name'], `another group is called "${name}"`)
    names.add(name)
    const faults = findings.size
    const clauses = clausesOf(match, [...path, 'match'], findings)
    unique(clauses, `group "${name}"`, [...path, 'match'], faults)
    rules.push({
      name,
      kind: 'group',
      rank: rankOf(clauses),
      clauses,
      profile,
      ...(vars && { vars }),
    })
  }
  // Sorting is stable: equal rank keeps the order of the file.
  return { machines: machines.toSorted(byRank), rules: rules.toSorted(byRank) }
}
