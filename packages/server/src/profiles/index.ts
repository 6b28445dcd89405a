import type { Profile, Target } from '../model/plan.ts'
import { isTemplate } from '../templates/template.ts'
import type { ProfileKind, ScriptTools } from './kind.ts'
import { PROFILE_KINDS } from './kinds.ts'
import { local } from './local.ts'

/** The kind of what a profile boots; one that boots nothing of its own boots the local disk. */
export const kindOf = ({ kind }: Target): ProfileKind =>
  PROFILE_KINDS.find(({ name }) => name === kind) ?? local

/** True where the script or the answers can depend on what only iPXE knows. */
export const wantsFacts = ({ target, answers }: Profile): boolean => {
  const kind = kindOf(target)
  return (
    Object.keys(answers).length > 0 ||
    (kind.templates?.(target) ?? []).some(({ text }) => isTemplate(text)) ||
    (kind.wantsFacts?.(target) ?? false)
  )
}

/** Profiles that a person can choose in this one. */
export const choicesOf = ({ target }: Profile): readonly string[] =>
  kindOf(target).choices?.(target) ?? []

/** The iPXE script of a profile. */
export const scriptOf = ({ target }: Profile, tools: ScriptTools): string | Promise<string> =>
  kindOf(target).script(target, tools)
