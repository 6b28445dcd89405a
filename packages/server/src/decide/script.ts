import type { Profile, Target } from '../config/plan.ts'
import { messageOf } from '../errors.ts'
import {
  chainLines,
  chainScript,
  factsScript,
  linuxScript,
  localLines,
  localScript,
  sayAndGoOn,
} from '../render/ipxe.ts'
import { renderTemplate } from '../render/template.ts'
import { templateValues } from '../render/values.ts'
import type { MachineState } from '../state/machine-state.ts'
import { assetUrl, type Place } from './dhcp.ts'
import { factOf, type Facts } from './facts.ts'
import { decideMachine, type Book, type Decision, type Reason } from './verdict.ts'

/** A script module of the configuration, loaded. */
export type ScriptModule = (machine: Readonly<Record<string, unknown>>) => unknown

/** What the script stage needs besides the facts. */
export interface ScriptContext {
  readonly book: Book
  readonly place: Place
  readonly state: MachineState
  /** Labels of the URL that are to be kept when iPXE is sent for more facts. */
  readonly labels: Readonly<Record<string, string>>
  readonly modules: ReadonlyMap<string, ScriptModule>
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

const labelsOf = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `&${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('')

const textOf = (facts: Facts, name: string): string | undefined => {
  const { value } = factOf(facts, name)
  return typeof value === 'string' ? value : value?.[0]
}

/** True where the script or the answers can depend on what only iPXE knows. */
const wantsFacts = ({ target, answers }: Profile): boolean => {
  if (Object.keys(answers).length > 0) return true
  switch (target.kind) {
    case 'linux':
      return (
        target.args.some((arg) => arg.includes('{{')) ||
        Object.keys(target.console).some((key) => key !== 'default')
      )
    case 'script':
      return target.text.includes('{{') || target.text.includes('{%')
    case 'module':
      return true
    default:
      return false
  }
}

/** What a machine's console shows when there is nothing to boot, and what it does then. */
const explainScript = (
  { book, place, labels }: ScriptContext,
  facts: Facts,
  code: string,
  why: string,
): string => {
  const { waitSeconds, then } = book.plan.unknown
  const mac = textOf(facts, 'mac') ?? 'unknown'
  const lines = [
    `Bootwire: this machine has no boot target [${code}]`,
    `mac: ${mac}`,
    ...['uuid', 'serial', 'product'].flatMap((name) => {
      const value = textOf(facts, name)
      return value === undefined ? [] : [`${name}: ${value}`]
    }),
    `reason: ${why}`,
  ]
  const query = `mac=${mac}${labelsOf(labels)}`
  if (then === 'retry') {
    return sayAndGoOn(
      [...lines, `asking again in ${waitSeconds} s`],
      waitSeconds,
      chainLines(`${place.base}/script?${query}`),
    )
  }
  if (then === 'local' || code !== 'BW-UNKNOWN') {
    return sayAndGoOn(
      [...lines, `booting the local disk in ${waitSeconds} s`],
      waitSeconds,
      localLines,
    )
  }
  const next = `${place.base}/script?${query}&profile=${encodeURIComponent(then)}`
  return sayAndGoOn(
    [...lines, `going on with "${then}" in ${waitSeconds} s`],
    waitSeconds,
    chainLines(next),
  )
}

const linux = (
  target: Extract<Target, { kind: 'linux' }>,
  context: ScriptContext,
  facts: Facts,
  values: Record<string, unknown>,
  where: string,
): string => {
  const args = target.args.map((arg) => renderTemplate(arg, values, 'text', where))
  const serial = target.console[textOf(facts, 'architecture') ?? ''] ?? target.console['default']
  const all = [...args, ...(serial === undefined ? [] : [`console=${serial}`])]
  return linuxScript(
    assetUrl(context.place, target.kernel),
    target.initrd.map((file) => assetUrl(context.place, file)),
    all,
  )
}

const renderTarget = async (
  profile: Profile,
  decision: Decision,
  context: ScriptContext,
): Promise<string> => {
  const { facts } = decision
  const values = templateValues({
    facts,
    place: context.place,
    profile: profile.name,
    answers: Object.keys(profile.answers),
    vars: decision.vars,
    secrets: context.book.plan.secrets,
    name: decision.name,
    tags: decision.tags,
    ...(profile.once && { report: context.report }),
  })
  const where = `profile "${profile.name}"`
  const { target } = profile
  switch (target.kind) {
    case 'linux':
      return linux(target, context, facts, values, where)
    case 'script':
      return renderTemplate(target.text, values, 'ipxe', target.file)
    case 'module': {
      const module = context.modules.get(target.file)
      const text: unknown = await module?.(values)
      return String(text)
    }
    case 'chain':
      return chainScript(target.url)
    case 'menu':
      return localScript()
    case 'local':
    case 'ignore':
    case 'none':
      return localScript()
  }
}

/** The script for one machine at one stage. Pure but for the user's own script modules. */
export const decideScript = async (
  given: Facts,
  context: ScriptContext,
): Promise<ScriptDecision> => {
  const decision = decideMachine(context.book, given, context.state)
  const { verdict, reasons, facts, usedNext } = decision
  const base = { reasons, facts, usedNext }
  const askForFacts = (): ScriptDecision => ({
    ...base,
    stage: 'facts',
    text: factsScript(context.place.base, textOf(facts, 'mac'), labelsOf(context.labels)),
  })
  if (verdict.kind === 'undecided') return askForFacts()
  if (verdict.kind === 'unknown') {
    const trouble = { code: verdict.code, why: verdict.why }
    return {
      ...base,
      stage: 'explain',
      text: explainScript(context, facts, trouble.code, trouble.why),
      trouble,
    }
  }
  const { profile } = verdict
  if (!facts.final && wantsFacts(profile)) return askForFacts()
  try {
    return { ...base, stage: 'boot', profile, text: await renderTarget(profile, decision, context) }
  } catch (error) {
    const trouble = { code: 'BW-TEMPLATE', why: messageOf(error) }
    return {
      ...base,
      stage: 'explain',
      profile,
      text: explainScript(context, facts, trouble.code, trouble.why),
      trouble,
    }
  }
}
