import { profileOf, type Configuration } from '../decide/configuration.ts'
import { decideMachine, type Decision, type Reason } from '../decide/verdict.ts'
import { messageOf } from '../model/errors.ts'
import { factOf, type Facts } from '../model/facts.ts'
import type { MachineState } from '../model/machine-state.ts'
import type { Profile } from '../model/plan.ts'
import { assetUrl, type ServerAddress } from '../model/server-address.ts'
import { choicesOf, scriptOf, wantsFacts } from '../profiles/index.ts'
import { chainLines, localLines } from '../profiles/ipxe-lines.ts'
import type { ScriptTools } from '../profiles/kind.ts'
import { renderTemplate } from '../templates/template.ts'
import { factsScript, sayScript } from './ipxe-scripts.ts'
import { templateValues } from './template-values.ts'

/** What the script stage needs besides the facts. */
export interface ScriptContext {
  readonly configuration: Configuration
  readonly server: ServerAddress
  readonly state: MachineState
  /** Labels of the URL, kept when iPXE is sent on. */
  readonly labels: Readonly<Record<string, string>>
  /** What was chosen in menus so far, outermost first. */
  readonly chosen: readonly string[]
  /** URL of the report of this boot. */
  readonly report: string
}

export interface ScriptDecision {
  readonly text: string
  /** `facts`: iPXE is sent back for facts; `boot`: this is what it boots; `explain`: it has no target. */
  readonly stage: 'facts' | 'boot' | 'explain'
  readonly profile?: Profile
  readonly usedNext: boolean
  readonly reasons: readonly Reason[]
  readonly facts: Facts
  /** A code and the sentence that the machine's console shows, where something is wrong. */
  readonly trouble?: { readonly code: string; readonly why: string }
}

const textOf = (facts: Facts, name: string): string | undefined => {
  const { value } = factOf(facts, name)
  return typeof value === 'string' ? value : value?.[0]
}

/** The script's URL for the same machine, with what it has told so far. */
const scriptUrlFor = (
  { server, labels }: ScriptContext,
  facts: Facts,
  extra: Readonly<Record<string, string>>,
): string => {
  const mac = textOf(facts, 'mac')
  const pairs = Object.entries({ ...(mac !== undefined && { mac }), ...labels, ...extra }).map(
    ([name, value]) =>
      `${encodeURIComponent(name)}=${encodeURIComponent(value).replaceAll('%3A', ':').replaceAll('%2C', ',')}`,
  )
  return `${server.base}/script${pairs.length > 0 ? '?' : ''}${pairs.join('&')}`
}

const chosenLabel = (chosen: readonly string[]): Record<string, string> =>
  chosen.length > 0 ? { choose: chosen.join(',') } : {}

/** What a machine's console shows when there is nothing to boot, and what it does then. */
const explainScript = (
  context: ScriptContext,
  facts: Facts,
  code: string,
  why: string,
): { readonly text: string } => {
  const { waitSeconds, after } = context.configuration.unknown
  const title =
    code === 'BW-STATE' ? 'this boot cannot be remembered' : 'this machine has no boot target'
  const lines = [
    `Bootwire: ${title} [${code}]`,
    `mac: ${textOf(facts, 'mac') ?? 'unknown'}`,
    ...['uuid', 'serial', 'product'].flatMap((name) => {
      const value = textOf(facts, name)
      return value === undefined ? [] : [`${name}: ${value}`]
    }),
    `reason: ${why}`,
  ]
  // Booting anyway could install a machine again and again; its disk may be what was to be replaced.
  if (after === 'retry' || code === 'BW-STATE') {
    const again = chainLines(scriptUrlFor(context, facts, {}))
    return sayScript([...lines, `asking again in ${waitSeconds} s`], waitSeconds, again)
  }
  if (after === 'local' || code !== 'BW-UNKNOWN') {
    const last = `booting the local disk in ${waitSeconds} s`
    return sayScript([...lines, last], waitSeconds, localLines())
  }
  const next = chainLines(scriptUrlFor(context, facts, { choose: after }))
  return sayScript([...lines, `going on with "${after}" in ${waitSeconds} s`], waitSeconds, next)
}

/** What the profile's kind makes its script from. */
const toolsFor = (
  profile: Profile,
  decision: Decision,
  context: ScriptContext,
  path: readonly string[],
): ScriptTools => {
  const { facts } = decision
  const { configuration, server } = context
  const values = templateValues({
    facts,
    server,
    profile: profile.name,
    answers: Object.keys(profile.answers),
    vars: decision.varsFor(profile),
    secrets: configuration.secrets,
    name: decision.name,
    tags: decision.tags,
    ...(profile.once && { report: context.report }),
  })
  const { name } = profile
  return {
    name,
    values,
    architecture: textOf(facts, 'architecture'),
    waitSeconds: configuration.unknown.waitSeconds,
    modules: configuration.modules,
    render: (text, format, file = `profile "${name}"`) =>
      renderTemplate(text, values, format, file),
    assetUrl: (file) => assetUrl(server, file),
    choiceUrl: (choice) => scriptUrlFor(context, facts, chosenLabel([...path, choice])),
    titleOf: (choice) => profileOf(configuration, choice)?.description ?? choice,
  }
}

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

/** The script for one machine at one stage. Pure but for the user's own script modules. */
export const decideScript = async (
  given: Facts,
  context: ScriptContext,
): Promise<ScriptDecision> => {
  const { configuration, chosen, state } = context
  const decision = decideMachine(configuration, given, state)
  const { verdict, facts, usedNext } = decision
  const reasons = [...decision.reasons]
  const base = { reasons, facts, usedNext }
  const askForFacts = (): ScriptDecision => {
    const url = scriptUrlFor(context, facts, { ...chosenLabel(chosen), final: '1' })
    return {
      ...base,
      stage: 'facts',
      text: factsScript(url, facts.known['mac'] === undefined).text,
    }
  }
  if (verdict.kind === 'undecided') return askForFacts()
  const { after } = configuration.unknown
  const goesOn = verdict.kind === 'unknown' && chosen[0] === after
  const first =
    verdict.kind === 'profile' ? verdict.profile : goesOn && profileOf(configuration, after)
  if (!first) {
    const why = verdict.kind === 'unknown' ? verdict.why : ''
    const { text } = explainScript(context, facts, 'BW-UNKNOWN', why)
    return { ...base, stage: 'explain', text, trouble: { code: 'BW-UNKNOWN', why } }
  }
  const choices = goesOn ? chosen.slice(1) : chosen
  const { profile, depth } = follow(configuration, first, choices)
  if (depth > 0) {
    const why = `chosen in the menu: ${choices.slice(0, depth).join(', ')}`
    reasons.push({ rule: 'menu', matched: true, why })
  }
  if (!facts.final && wantsFacts(profile)) return askForFacts()
  try {
    const path = [...(goesOn ? [after] : []), ...choices.slice(0, depth)]
    const text = await scriptOf(profile, toolsFor(profile, decision, context, path))
    return { ...base, stage: 'boot', profile, text }
  } catch (error) {
    const trouble = { code: 'BW-TEMPLATE', why: messageOf(error) }
    const { text } = explainScript(context, facts, trouble.code, trouble.why)
    return { ...base, stage: 'explain', profile, text, trouble }
  }
}

/** What a machine gets instead of `decision` while its state cannot be written. */
export const unrememberedScript = (
  decision: ScriptDecision,
  context: ScriptContext,
  why: string,
): ScriptDecision => {
  const trouble = { code: 'BW-STATE', why }
  const { text } = explainScript(context, decision.facts, trouble.code, why)
  return { ...decision, stage: 'explain', text, trouble }
}
