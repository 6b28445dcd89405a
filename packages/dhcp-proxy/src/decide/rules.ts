import { DhcpError } from '../errors.ts'
import { checkDecision } from './check.ts'
import type { BootDecision, Reason } from './decision.ts'
import { compileMatcher, type Matcher, type Test } from './matcher.ts'
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

interface CompiledRule {
  readonly rule: string
  readonly test: Test
  readonly decision: BootDecision
  /** Those that the rule's author gave. */
  readonly reasons: readonly Reason[]
}

const splitReasons = ({ reasons = [], ...decision }: BootDecision) => ({ decision, reasons })

/** Why the first `count` rules were looked at, the last of them being the one that won. */
const reasonsOf = (
  compiled: readonly CompiledRule[],
  count: number,
  request: BootRequest,
): Reason[] => {
  const reasons = compiled.slice(0, count).map(({ rule, test }, index) => ({
    rule,
    matched: index === count - 1,
    why: test.why(request),
  }))
  return [...reasons, ...(compiled[count - 1]?.reasons ?? [])]
}

/**
 * A decision whose reasons are put into words when they are read. The accessor is the object's own, so that a copy has
 * the words too, and one function for all: V8 keeps a hidden class for each function that is an accessor.
 */
class Explained {
  #words: (() => readonly Reason[]) | readonly Reason[]

  constructor(words: () => readonly Reason[]) {
    this.#words = words
  }

  static readonly reasons: PropertyDescriptor & ThisType<Explained> = {
    enumerable: true,
    configurable: true,
    get() {
      if (typeof this.#words === 'function') this.#words = this.#words()
      return this.#words
    },
  }
}

const explained = (decision: BootDecision, words: () => readonly Reason[]): BootDecision =>
  Object.assign(Object.defineProperty(new Explained(words), 'reasons', Explained.reasons), decision)

/**
 * Builds a `decide` from rules: in order, the first one that matches wins, and where none does the machine is
 * ignored. Every decision says which rules were looked at and why they matched or not; the words are made when
 * somebody reads `reasons`.
 * @throws {DhcpError} at once, for a rule that could never be answered: `ERR_DHCP_RULE`, or what {@link checkDecision} throws
 */
export const rules = (list: readonly Rule[]): ((request: BootRequest) => BootDecision) => {
  if (!Array.isArray(list))
    throw new DhcpError('ERR_DHCP_RULE', `${JSON.stringify(list)} is not a list of rules`)
  list.forEach(checkRule)
  const compiled = list.map(({ name, when = {}, decision }, index): CompiledRule => {
    checkDecision(decision)
    return {
      rule: name ?? `rule ${index + 1}`,
      test: compileMatcher(when),
      ...splitReasons(decision),
    }
  })
  return (request) => {
    for (let index = 0; index < compiled.length; index++) {
      const { test, decision } = compiled[index]!
      if (test.holds(request))
        return explained(decision, () => reasonsOf(compiled, index + 1, request))
    }
    return explained(IGNORE, () => [
      ...compiled.map(({ rule, test }) => ({ rule, matched: false, why: test.why(request) })),
      NO_RULE,
    ])
  }
}

const IGNORE: BootDecision = { action: 'ignore' }
const NO_RULE: Reason = { rule: 'default', matched: true, why: 'no rule matches' }

/** The reasons of a decision as lines of text. */
export const explain = ({ reasons = [] }: BootDecision): string => {
  return reasons
    .map(({ rule, matched, why }) => `${rule} ${matched ? 'won' : 'lost'}: ${why}`)
    .join('\n')
}
