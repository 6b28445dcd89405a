import type { Facts } from '../model/facts.ts'
import type { Profile, Vars } from '../model/plan.ts'
import type { Rule } from '../model/rule.ts'
import { profileOrLocal, type Configuration } from './configuration.ts'
import { describeClause } from './match.ts'
import type { RuleReason } from './rules.ts'

/** Something that was looked at on the way to a decision. */
export interface Reason {
  readonly rule: string
  readonly matched: boolean
  readonly why: string
}

export type Verdict =
  | { readonly kind: 'profile'; readonly profile: Profile }
  /** A fact that a later stage knows would decide. */
  | { readonly kind: 'undecided'; readonly needs: string }
  | { readonly kind: 'unknown'; readonly code: 'BW-UNKNOWN'; readonly why: string }

export interface Decision {
  readonly verdict: Verdict
  readonly reasons: readonly Reason[]
  /** The facts, with name and tags of the entry under `machines`. */
  readonly facts: Facts
  readonly name?: string
  readonly tags: readonly string[]
  /** Values for the templates of a profile: inner ones win. */
  readonly varsFor: (profile?: Profile) => Vars
}

/** Adds name and tags, or leaves them unknown while it is open which entry this machine is. */
const identify = (
  configuration: Configuration,
  facts: Facts,
): { readonly facts: Facts; readonly machine: Rule | undefined } => {
  const choice = configuration.machines.choose(facts)
  if (choice.outcome === 'undecided') return { facts, machine: undefined }
  const machine = choice.outcome === 'won' ? choice.rule : undefined
  return {
    machine,
    facts: { ...facts, known: { ...facts.known, name: machine?.name, tag: machine?.tags ?? [] } },
  }
}

const label = (rule: Rule): string => `${rule.kind} "${rule.name}"`

/** Which profile the rules give, before it is looked at whether there is one. */
const choose = (
  configuration: Configuration,
  facts: Facts,
  reasons: Reason[],
): { readonly profile?: string; readonly rule?: Rule; readonly needs?: string } => {
  const choice = configuration.rules.choose(facts)
  if (choice.outcome === 'none') {
    reasons.push({
      rule: 'unknown',
      matched: true,
      why: `none of ${configuration.rules.size} machines and groups matches`,
    })
    return {}
  }
  const { rule } = choice
  if (choice.outcome === 'undecided') {
    const needs = choice.clause.fact
    const why = `${needs} is not known yet; ${label(rule)} asks that ${describeClause(choice.clause)}`
    reasons.push({ rule: label(rule), matched: false, why })
    return { needs }
  }
  const why = rule.clauses.map(describeClause).join(' and ')
  reasons.push({ rule: label(rule), matched: true, why })
  return { profile: rule.profile ?? 'local', rule }
}

/** What the file gives a machine and why, whatever is remembered of it. Pure; DHCP, HTTP and `explain` all call it. */
export const decideMachine = (configuration: Configuration, given: Facts): Decision => {
  const reasons: Reason[] = []
  const { facts, machine } = identify(configuration, given)
  const chosen = choose(configuration, facts, reasons)
  const base = { reasons, facts, ...(machine && { name: machine.name }), tags: machine?.tags ?? [] }
  const varsFor = (profile?: Profile) => ({
    ...configuration.vars,
    ...profile?.vars,
    ...chosen.rule?.vars,
    ...machine?.vars,
  })
  if (chosen.needs !== undefined) {
    return { ...base, verdict: { kind: 'undecided', needs: chosen.needs }, varsFor }
  }
  if (chosen.profile === undefined) {
    const why = reasons[0]?.why ?? ''
    return { ...base, verdict: { kind: 'unknown', code: 'BW-UNKNOWN', why }, varsFor }
  }
  const profile = profileOrLocal(configuration, chosen.profile)
  return { ...base, verdict: { kind: 'profile', profile }, varsFor }
}

/** Most rules that an explanation lists. */
const MAX_EXPLAINED = 1000

/** Every rule and why it won or lost, in order of rank. */
export const explainRules = (configuration: Configuration, given: Facts): RuleReason[] =>
  configuration.rules.explain(identify(configuration, given).facts, MAX_EXPLAINED)
