import type { Plan, PlanRules, Profile, ScriptModule } from '../model/plan.ts'
import { RuleIndex } from './rules.ts'

/** A configuration in force: what the file says, its rules indexed, and the user's modules loaded. */
export interface Configuration extends Plan {
  /** Entries of `machines`, to find name, tags and values of a machine. */
  readonly machines: RuleIndex
  /** What decides: machines with a profile, and groups. */
  readonly rules: RuleIndex
  readonly modules: ReadonlyMap<string, ScriptModule>
}

/** Puts a configuration together. */
export const configurationOf = (
  plan: Plan,
  { machines, rules }: PlanRules,
  modules: ReadonlyMap<string, ScriptModule>,
): Configuration => {
  const indexed = { machines: new RuleIndex(), rules: new RuleIndex() }
  indexed.machines.add(machines)
  indexed.rules.add(rules)
  return { ...plan, ...indexed, modules }
}

const LOCAL: Profile = {
  name: 'local',
  target: { kind: 'local' },
  programs: {},
  answers: {},
  vars: {},
}

/** A profile by name; `local` is always there. */
export const profileOf = (
  { profiles }: Pick<Plan, 'profiles'>,
  name: string,
): Profile | undefined =>
  Object.hasOwn(profiles, name) ? profiles[name] : name === 'local' ? LOCAL : undefined

/** A profile by name, or the local disk. */
export const profileOrLocal = (plan: Pick<Plan, 'profiles'>, name: string): Profile =>
  profileOf(plan, name) ?? LOCAL
