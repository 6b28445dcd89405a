import { DhcpError } from '../errors.ts'
import type { BootAnswer, BootDecision } from './decision.ts'
import { PROFILES } from './profiles.ts'

// What TypeScript would have refused, for decisions that come from plain JavaScript or from JSON.

/** Longest delay of a reply: firmware has given up by then. */
const MAX_DELAY_MS = 10_000

const refuse = (message: string): never => {
  throw new DhcpError('ERR_DHCP_DECISION', message)
}

const FIELDS: ReadonlySet<string> = new Set<keyof BootAnswer>([
  'action',
  'bootFile',
  'nextServer',
  'profile',
  'menu',
  'options',
  'ipxe',
  'delayMs',
  'chainAgain',
  'context',
  'reasons',
])

const shown = (value: unknown): string =>
  typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value))

/**
 * Refuses what is no decision at all, such as what a function without `return` gives.
 * @throws {DhcpError} `ERR_DHCP_DECISION`
 */
export function requireDecision(decision: unknown): asserts decision is BootDecision {
  const action =
    typeof decision === 'object' && decision !== null && 'action' in decision
      ? decision.action
      : undefined
  if (action === 'boot' || action === 'ignore') return
  refuse(
    `${shown(decision)} is not a decision: { action: 'boot', bootFile: … } and { action: 'ignore' } are`,
  )
}

/**
 * Refuses fields of an answer that mean nothing.
 * @throws {DhcpError} `ERR_DHCP_DECISION`
 */
export function checkAnswer({ profile, delayMs }: BootAnswer): void {
  if (profile !== undefined && !PROFILES.includes(profile))
    refuse(`profile ${shown(profile)} is not one of ${PROFILES.join(', ')}`)
  if (delayMs !== undefined && !(delayMs >= 0 && delayMs <= MAX_DELAY_MS))
    refuse(`delayMs ${shown(delayMs)} is outside 0–${MAX_DELAY_MS}`)
}

/**
 * Refuses fields that no decision has: a misspelt one would be as if it were not there.
 * @throws {DhcpError} `ERR_DHCP_DECISION`
 */
export function checkFields(decision: BootDecision): void {
  const unknown = Object.keys(decision).find((key) => !FIELDS.has(key))
  if (unknown !== undefined)
    refuse(`field ${shown(unknown)} of a decision is not one of ${[...FIELDS].join(', ')}`)
}
