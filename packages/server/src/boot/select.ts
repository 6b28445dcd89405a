import { profileOf, profileOrLocal, type Configuration } from '../decide/configuration.ts'
import type { Query } from '../decide/query.ts'
import { decideMachine, type Decision } from '../decide/verdict.ts'
import type { Facts } from '../model/facts.ts'
import type { Profile } from '../model/plan.ts'
import { choicesOf } from '../profiles/index.ts'
import type { Choice, FindProfile, Once } from '../state/boot-plan.ts'
import type { IdentityFacts } from '../state/identity.ts'
import type { ScriptClaims } from '../state/script-url.ts'

/** One fetch of a script: what the machine says of itself, what was chosen on the way, and what a signature vouches for. */
export interface Turn {
  readonly facts: Facts
  readonly cards: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  readonly said: Query
  /** Choices in menus, outermost first; without a signature they are nobody's own. */
  readonly chosen: readonly string[]
  /** What the URL's signature vouches for; absent: it has none that is ours. */
  readonly claims?: ScriptClaims
}

/** What rules and menus give a machine, whatever is remembered of it. */
export type Selection = { readonly decision: Decision } & (
  | { readonly kind: 'facts' }
  | { readonly kind: 'unknown'; readonly why: string }
  | {
      readonly kind: 'profile'
      readonly profile: Profile
      /** How it was come to: `unknown.after` and choices in menus. */
      readonly path: readonly string[]
      readonly by: Choice['by']
    }
)

/** Follows what was chosen in menus; a choice that its menu does not offer is no choice. */
const follow = (
  configuration: Configuration,
  first: Profile,
  chosen: readonly string[],
): { readonly profile: Profile; readonly depth: number } => {
  let profile = first
  let depth = 0
  for (const name of chosen) {
    if (!choicesOf(profile).includes(name)) break
    profile = profileOf(configuration, name) ?? profile
    depth++
  }
  return { profile, depth }
}

/** What rules and menus give this machine now. */
export const select = (
  configuration: Configuration,
  { facts, chosen, claims }: Turn,
): Selection => {
  const decision = decideMachine(configuration, facts)
  const { verdict } = decision
  if (verdict.kind === 'undecided') return { kind: 'facts', decision }
  const isPicked = (claims?.picked.length ?? 0) > 0
  const names = isPicked ? claims!.picked : chosen
  const { after } = configuration.unknown
  const goesOn = verdict.kind === 'unknown' && names[0] === after
  const first =
    verdict.kind === 'profile' ? verdict.profile : goesOn && profileOf(configuration, after)
  if (!first)
    return { kind: 'unknown', decision, why: verdict.kind === 'unknown' ? verdict.why : '' }
  const choices = goesOn ? names.slice(1) : names
  const { profile, depth } = follow(configuration, first, choices)
  const path = [...(goesOn ? [after] : []), ...choices.slice(0, depth)]
  const by = isPicked && depth > 0 && depth === choices.length ? 'person' : 'file'
  if (depth === 0) return { kind: 'profile', decision, profile, path, by }
  const why = `chosen in the menu: ${choices.slice(0, depth).join(', ')}`
  const reasons = [...decision.reasons, { rule: 'menu', matched: true, why }]
  return { kind: 'profile', decision: { ...decision, reasons }, profile, path, by }
}

const onceOf = ({ once }: Profile): { readonly once?: Once } => {
  if (!once) return {}
  const { done, retries, id } = once
  return { once: { done, retries, ...(id !== undefined && { id }) } }
}

/** The same as the life cycle looks at it. */
export const choiceOf = (
  selected: Pick<Extract<Selection, { kind: 'profile' }>, 'profile' | 'by'>,
): Choice => ({
  profile: selected.profile.name,
  by: selected.by,
  ...onceOf(selected.profile),
})

/** Profiles as the life cycle asks for them. */
export const findIn =
  (configuration: Configuration): FindProfile =>
  (name) => {
    const profile = profileOf(configuration, name)
    return profile && onceOf(profile)
  }

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

/** What a machine may be known by. */
export const identityFactsOf = (
  { known }: Facts,
  cards: readonly string[],
  name: string | undefined,
): IdentityFacts => {
  const [mac, uuid, serial] = ['mac', 'uuid', 'serial'].map((fact) => textOf(known[fact]))
  return {
    macs: [...(mac === undefined ? [] : [mac]), ...cards],
    ...(uuid !== undefined && { uuid }),
    ...(serial !== undefined && { serial }),
    ...(name !== undefined && { name }),
  }
}

/** What an installed machine boots: what its profile names for that, or the disk. */
export const afterInstalled = (configuration: Configuration, profile: string): Profile =>
  profileOrLocal(configuration, profileOf(configuration, profile)?.once?.after ?? 'local')
