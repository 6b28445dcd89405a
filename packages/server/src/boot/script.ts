import { profileOf, profileOrLocal, type Configuration } from '../decide/configuration.ts'
import type { Reason } from '../decide/verdict.ts'
import { messageOf } from '../model/errors.ts'
import type { Facts } from '../model/facts.ts'
import type { Profile } from '../model/plan.ts'
import { assetUrl } from '../model/server-address.ts'
import { scriptOf, wantsFacts } from '../profiles/index.ts'
import type { ScriptTools } from '../profiles/kind.ts'
import type { BootPlan } from '../state/boot-plan.ts'
import type { MachineRecord } from '../state/machine-record.ts'
import type { ScriptAnswer } from '../state/steps.ts'
import { renderTemplate } from '../templates/template.ts'
import { explainScript, textOf, type ConsoleCode, type Trouble } from './explain-script.ts'
import { chainScript, factsScript, saidFirst } from './ipxe-scripts.ts'
import { nextLink, sameLink, type LinkTools } from './links.ts'
import { afterInstalled, type Selection, type Turn } from './select.ts'
import { templateValues } from './template-values.ts'

/** What a script is made from, besides what was decided. */
export interface ScriptContext extends LinkTools {
  readonly configuration: Configuration
  /** URL of the report of an installation that is handed out now. */
  readonly report: (plan: Extract<BootPlan, { kind: 'install' }>, record: MachineRecord) => string
}

export interface ScriptDecision {
  readonly text: string
  /**
   * `facts`: iPXE is sent back for facts; `chain`: it is sent to a signed URL; `boot`: this is what it boots; `explain`: it
   * has no target.
   */
  readonly stage: 'facts' | 'chain' | 'boot' | 'explain'
  readonly profile?: Profile
  readonly reasons: readonly Reason[]
  readonly facts: Facts
  /** A code and the sentence that the machine's console shows, where something is wrong. */
  readonly trouble?: Trouble
}

type Selected = Extract<Selection, { kind: 'profile' }>

/** iPXE is sent back with everything that it knows. */
export const factsDecision = (
  context: ScriptContext,
  turn: Turn,
  { decision: { facts, reasons } }: Selection,
  record: MachineRecord | undefined,
): ScriptDecision => {
  const url = sameLink(context, turn, record)
  const { text } = factsScript(url, facts.known['mac'] === undefined)
  return { stage: 'facts', text, reasons, facts }
}

/** iPXE is sent to the signed URL of the machine's next boot. */
export const chainDecision = (
  context: ScriptContext,
  turn: Turn,
  { decision: { facts, reasons } }: Selection,
  record: MachineRecord | undefined,
): ScriptDecision => {
  const { claims, chosen } = turn
  const picked = claims?.picked ?? []
  const beside = picked.length > 0 ? { picked } : { choose: chosen }
  const url = nextLink(context, turn, record, { ...beside, said: true })
  return { stage: 'chain', text: chainScript(url).text, reasons, facts }
}

/** The console says why there is nothing to boot. */
export const troubleDecision = (
  { configuration, ...tools }: ScriptContext,
  turn: Turn,
  { decision: { facts, reasons } }: Selection,
  trouble: Trouble,
  record?: MachineRecord,
): ScriptDecision => {
  const link = (choose?: string) =>
    nextLink(tools, turn, record, choose === undefined ? {} : { choose: [choose] })
  const text = explainScript(configuration, facts, trouble, link)
  return { stage: 'explain', text, reasons, facts, trouble }
}

const toolsFor = (
  context: ScriptContext,
  turn: Turn,
  { decision, path }: Selected,
  profile: Profile,
  record: MachineRecord | undefined,
  report: string | undefined,
): ScriptTools => {
  const { configuration, server } = context
  const { facts, name: entry, tags } = decision
  const { name } = profile
  const values = templateValues({
    given: configuration.given,
    facts,
    server,
    profile: name,
    answers: Object.keys(profile.answers),
    vars: decision.varsFor(profile),
    secrets: configuration.secrets,
    name: entry,
    tags,
    ...(report !== undefined && { report }),
  })
  return {
    name,
    values,
    architecture: textOf(facts, 'architecture'),
    waitSeconds: configuration.unknown.waitSeconds,
    modules: configuration.modules,
    render: (text, format, file = `profile "${name}"`) =>
      renderTemplate(text, values, format, file),
    assetUrl: (file) => assetUrl(server, file),
    choiceUrl: (choice, by) => {
      const choices = [...path, choice]
      return nextLink(
        context,
        turn,
        record,
        by === 'person' ? { picked: choices } : { choose: choices },
      )
    },
    titleOf: (choice) => profileOf(configuration, choice)?.description ?? choice,
    noteOf: (choice) =>
      record?.installed && profileOf(configuration, choice)?.once ? ' - installs it again' : '',
  }
}

/** The script of a profile, or why it cannot be made. */
export const profileDecision = async (
  context: ScriptContext,
  turn: Turn,
  selected: Selected,
  profile: Profile,
  record: MachineRecord | undefined,
  report?: string,
): Promise<ScriptDecision> => {
  const { facts, reasons } = selected.decision
  if (!facts.final && (wantsFacts(profile) || profile.once))
    return factsDecision(context, turn, selected, record)
  try {
    const tools = toolsFor(context, turn, selected, profile, record, report)
    const text = await scriptOf(profile, tools)
    return { stage: 'boot', profile, text, reasons, facts }
  } catch (error) {
    const trouble = { code: 'BW-TEMPLATE', why: messageOf(error) } as const
    return { ...troubleDecision(context, turn, selected, trouble, record), profile }
  }
}

const STOPPED: Readonly<Partial<Record<string, ConsoleCode>>> = {
  held: 'BW-HELD',
  failed: 'BW-FAILED',
  contested: 'BW-CONFLICT',
}

const withReason = (selected: Selected, why: string): Selected => ({
  ...selected,
  decision: {
    ...selected.decision,
    reasons: [...selected.decision.reasons, { rule: 'state', matched: true, why }],
  },
})

const diskDecision = async (
  context: ScriptContext,
  turn: Turn,
  selected: Selected,
  { cause, why }: Extract<BootPlan, { kind: 'disk' }>,
  record: MachineRecord | undefined,
): Promise<ScriptDecision> => {
  const code = STOPPED[cause]
  if (code !== undefined) {
    const said = troubleDecision(context, turn, withReason(selected, why), { code, why }, record)
    return { ...said, profile: profileOrLocal(context.configuration, 'local') }
  }
  const { name } = selected.profile
  const after = afterInstalled(context.configuration, name)
  const told = withReason(selected, `${why}; then "${after.name}"`)
  return profileDecision(context, turn, told, after, record)
}

/** The script for what the life cycle says. */
export const answerDecision = async (
  context: ScriptContext,
  turn: Turn,
  selected: Selected,
  answer: ScriptAnswer,
): Promise<ScriptDecision> => {
  if (answer.kind === 'chain') return chainDecision(context, turn, selected, answer.record)
  if (answer.kind === 'conflict') {
    const { why } = answer.who
    const told = withReason(selected, why)
    return troubleDecision(context, turn, told, { code: 'BW-CONFLICT', why })
  }
  const { plan, record } = answer
  if (plan.kind === 'disk') return diskDecision(context, turn, selected, plan, record)
  const profile = profileOrLocal(context.configuration, plan.profile)
  const isTold = plan.kind === 'install' || plan.usesNext
  const told = isTold ? withReason(selected, plan.why) : selected
  const report = plan.kind === 'install' && record ? context.report(plan, record) : undefined
  const decision = await profileDecision(context, turn, told, profile, record, report)
  if (plan.kind !== 'install' || !record?.installed || decision.stage !== 'boot') return decision
  const line = `Bootwire: installs "${profile.name}" on a machine that is installed: ${plan.why}`
  return { ...decision, text: saidFirst(decision.text, [line]) }
}
