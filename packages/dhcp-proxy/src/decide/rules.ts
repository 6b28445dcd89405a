import { DhcpError } from '../errors.ts'
import { checkDecision } from './check.ts'
import type { BootDecision, Reason } from './decision.ts'
import { compileMatcher, type Matcher } from './matcher.ts'
import type { BootRequest } from './request.ts'

/** When `when` holds, `decision` is what happens. */
export interface Rule {
  /** Shown in reasons. Default: `rule 1` and so on. */
  readonly name?: string
  /** Default: always. */
  readonly when?: Matcher
  readonly decision: BootDecision
}

const KEYS: readonly string[] = ['name', 'when', 'decision'] satisfies (keyof Rule)[]

/** A misspelt `when` would match every machine. */
const checkRule = (rule: Rule, index: number): void => {
  const place = `rule ${index + 1}`
  // Types allow nothing else, JSON does.
  if (typeof rule !== 'object' || rule === null)
    throw new DhcpError(
      'ERR_DHCP_RULE',
      `${place} is ${JSON.stringify(rule)}, not { when, decision }`,
    )
  const unknown = Object.keys(rule).find((key) => !KEYS.includes(key))
  if (unknown !== undefined)
    throw new DhcpError(
      'ERR_DHCP_RULE',
      `${place} has ${JSON.stringify(unknown)}, which is not one of ${KEYS.join(', ')}`,
    )
}

/**
 * Builds a `decide` from rules: in order, the first one that matches wins, and where none does the machine is
 * ignored. Every decision says which rules were looked at and why they matched or not.
 * @throws {DhcpError} at once, for a rule that could never be answered: `ERR_DHCP_RULE`, or what {@link checkDecision} throws
 */
export function rules(list: readonly Rule[]): (request: BootRequest) => BootDecision {
  if (!Array.isArray(list))
    throw new DhcpError('ERR_DHCP_RULE', `${JSON.stringify(list)} is not a list of rules`)
  list.forEach(checkRule)
  const compiled = list.map(({ name, when = {}, decision }, index) => {
    checkDecision(decision)
    return { rule: name ?? `rule ${index + 1}`, test: compileMatcher(when), decision }
  })
  return (request) => {
    const reasons: Reason[] = []
    for (const { rule, test, decision } of compiled) {
      const matched = test.holds(request)
      reasons.push({ rule, matched, why: test.why(request) })
      if (!matched) continue
      if (decision.reasons) reasons.push(...decision.reasons)
      return { ...decision, reasons }
    }
    reasons.push(NO_RULE)
    return { action: 'ignore', reasons }
  }
}

const NO_RULE: Reason = { rule: 'default', matched: true, why: 'no rule matches' }

/** The reasons of a decision as lines of text. */
export function explain({ reasons = [] }: BootDecision): string {
  return reasons
    .map(({ rule, matched, why }) => `${rule} ${matched ? 'won' : 'lost'}: ${why}`)
    .join('\n')
}
