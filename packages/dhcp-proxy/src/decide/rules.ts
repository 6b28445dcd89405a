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

/**
 * Builds a `decide` from rules: in order, the first one that matches wins, and where none does the machine is
 * ignored. Every decision says which rules were looked at and why they matched or not.
 * @throws {DhcpError} at once, for a rule that could never be answered: `ERR_DHCP_RULE`, or what {@link checkDecision} throws
 */
export function rules(list: readonly Rule[]): (request: BootRequest) => BootDecision {
  const compiled = list.map(({ name, when = {}, decision }, index) => {
    checkDecision(decision)
    return { rule: name ?? `rule ${index + 1}`, test: compileMatcher(when), decision }
  })
  /** Why each of the first `count` rules matched or not. */
  const reasonsOf = (request: BootRequest, count: number): Reason[] =>
    compiled
      .slice(0, count)
      .map(({ rule, test }) => ({ rule, matched: test.holds(request), why: test.why(request) }))
  return (request) => {
    const index = compiled.findIndex(({ test }) => test.holds(request))
    const winner = compiled[index]
    if (!winner) {
      return {
        action: 'ignore',
        get reasons() {
          return [...reasonsOf(request, compiled.length), NO_RULE]
        },
      }
    }
    const { decision } = winner
    return {
      ...decision,
      // Written out when read: most decisions are never looked at.
      get reasons() {
        return [...reasonsOf(request, index + 1), ...(decision.reasons ?? [])]
      },
    }
  }
}

const NO_RULE: Reason = { rule: 'default', matched: true, why: 'no rule matches' }

/** The reasons of a decision as lines of text. */
export function explain({ reasons = [] }: BootDecision): string {
  return reasons
    .map(({ rule, matched, why }) => `${rule} ${matched ? 'won' : 'lost'}: ${why}`)
    .join('\n')
}
