import { statSync } from 'node:fs'
import { join } from 'node:path'

import { firmwareOf } from '@bootwire/dhcp-proxy'

import type { Decisions } from '../boot/decisions.ts'
import type { Trouble } from '../boot/explain-script.ts'
import { identityFactsOf } from '../boot/select.ts'
import { readQuery, type Query, type ReadQuery } from '../decide/query.ts'
import type { RuleReason } from '../decide/rules.ts'
import type { Reason } from '../decide/verdict.ts'
import { contentTypeOf } from '../model/answer-formats.ts'
import { assetPath, isUrl } from '../model/paths.ts'
import type { MachineRecord } from '../state/machine-record.ts'

export const EXPLAIN_STAGES = ['dhcp', 'tftp', 'script', 'answer'] as const
export type ExplainStage = (typeof EXPLAIN_STAGES)[number]

/** One thing that a machine would be sent, and why. */
export interface ExplainedStep {
  readonly stage: ExplainStage
  /** Who asks, and for what. */
  readonly asks: string
  readonly outcome: string
  /** Boot file of DHCP. */
  readonly bootFile?: string
  /** Body, to the byte. */
  readonly text?: string
  readonly contentType?: string
  readonly bytes?: number
  readonly profile?: string
  /** Kind of what the profile boots. */
  readonly target?: string
  /** Why the console explains instead of booting; docs/errors.md has its codes. */
  readonly trouble?: Trouble
  readonly reasons: readonly Reason[]
}

export interface Explanation {
  readonly machine: Readonly<Record<string, string>>
  /** What is remembered of it; absent: it was never seen. */
  readonly record?: MachineRecord
  readonly revision: string
  readonly steps: readonly ExplainedStep[]
  readonly rules: readonly RuleReason[]
}

/** DHCP option 93 by the names that `--arch` takes. */
export const ARCHITECTURE_NAMES: Readonly<Record<string, number>> = {
  bios: 0,
  'uefi-ia32': 6,
  'uefi-x64': 7,
  'uefi-ebc': 9,
  'uefi-arm32': 10,
  'uefi-arm64': 11,
  'uefi-riscv64': 27,
  'uefi-loong64': 39,
  'http-ia32': 15,
  'http-x64': 16,
  'http-arm64': 19,
  'http-riscv64': 28,
  'http-loong64': 40,
}

const dhcpStep = (
  decisions: Decisions,
  facts: { readonly mac: string | undefined; readonly uuid: string | undefined },
  architecture: number,
  userClasses: readonly string[],
): ExplainedStep => {
  const isHttp = architecture >= 15 && architecture <= 19
  const vendorClass = `${isHttp ? 'HTTPClient' : 'PXEClient'}:Arch:${String(architecture).padStart(5, '0')}`
  const architectures = [architecture]
  const firmware = firmwareOf({ vendorClass, userClasses, architectures })
  const decision = decisions.dhcp({
    ...(facts.mac !== undefined && { mac: facts.mac }),
    ...(facts.uuid !== undefined && { uuid: facts.uuid }),
    architectures,
    firmware,
    userClasses,
    vendorClass,
    localAddress: decisions.offered.server.address,
  })
  const reasons = decision.reasons ?? []
  const asks = `${firmware} (architecture ${architecture}) sends DISCOVER`
  const why = reasons.at(-1)?.why ?? ''
  if (decision.action === 'ignore')
    return { stage: 'dhcp', asks, outcome: `no answer: ${why}`, reasons }
  const { file: bootFile } = decision
  return {
    stage: 'dhcp',
    asks,
    outcome: `boot file ${bootFile ?? 'none'}`,
    ...(bootFile !== undefined && { bootFile }),
    reasons,
  }
}

const sizeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.size

const tftpStep = (decisions: Decisions, file: string): ExplainedStep => {
  const asks = `TFTP read of ${file}`
  const binary = decisions.offered.ipxe.find((each) => each.file === file)
  const { assets } = decisions.configuration
  const path = assetPath(file)
  const local =
    binary?.path ?? (assets === undefined || path === undefined ? undefined : join(assets, path))
  const bytes = local === undefined ? undefined : sizeOf(local)
  if (local === undefined || bytes === undefined)
    return { stage: 'tftp', asks, outcome: 'file not found', reasons: [] }
  return { stage: 'tftp', asks, outcome: `${bytes} bytes of ${local}`, bytes, reasons: [] }
}

/** What the machine's query says, and the architecture that it said in DHCP. */
const read = (query: Query, ip: string, architecture: number): ReadQuery =>
  readQuery(query, ip, { arch: String(architecture) })

const scriptSteps = async (
  decisions: Decisions,
  query: Query,
  ip: string,
  architecture: number,
): Promise<ExplainedStep[]> => {
  const steps: ExplainedStep[] = []
  const { final: _final, ...early } = query
  const dhcpKnows = Object.fromEntries(
    Object.entries(early).filter(([key]) => !LATE_FACTS.has(key)),
  )
  for (const asked of [dhcpKnows, { ...query, final: '1' }]) {
    const turn = read(asked, ip, architecture)
    const facts = decisions.withDhcp(turn.facts)
    const { text, stage, profile, reasons, trouble } = await decisions.script({ ...turn, facts })
    steps.push({
      stage: 'script',
      asks: `iPXE gets /script with ${Object.keys(asked).join(', ') || 'nothing'}`,
      outcome:
        stage === 'facts'
          ? 'is sent back for more facts'
          : ((trouble && `explains on the console: ${trouble.why} [${trouble.code}]`) ??
            `boots "${profile?.name ?? ''}"`),
      text,
      contentType: 'text/plain; charset=utf-8',
      bytes: Buffer.byteLength(text),
      ...(profile && { profile: profile.name, target: profile.target.kind }),
      ...(trouble && { trouble }),
      reasons,
    })
    if (stage !== 'facts') break
  }
  return steps
}

/** Facts that only iPXE's second request brings. */
const LATE_FACTS = new Set([
  'uuid',
  'serial',
  'asset',
  'product',
  'manufacturer',
  'hostname',
  'buildarch',
  'platform',
])

const answerSteps = (
  decisions: Decisions,
  query: Query,
  ip: string,
  architecture: number,
  profileName: string,
): ExplainedStep[] => {
  const { facts } = read({ ...query, final: '1' }, ip, architecture)
  const { mac } = { mac: facts.known['mac'] }
  const profile = decisions.configuration.profiles[profileName]
  if (typeof mac !== 'string' || !profile) return []
  return Object.keys(profile.answers).map((answer): ExplainedStep => {
    const asks = `the installer gets /answers/${mac.replaceAll(':', '-')}/${answer}`
    try {
      const decision = decisions.answerAfterScript(answer, facts, profileName)
      const { reasons } = decision
      if (!decision.found) return { stage: 'answer', asks, outcome: decision.why, reasons }
      const { text, format } = decision
      const bytes = Buffer.byteLength(text)
      const contentType = contentTypeOf(format)
      return {
        stage: 'answer',
        asks,
        outcome: `${bytes} bytes of ${format}`,
        text,
        contentType,
        bytes,
        reasons,
      }
    } catch (error) {
      return {
        stage: 'answer',
        asks,
        outcome: `error: ${error instanceof Error ? error.message : ''}`,
        reasons: [],
      }
    }
  })
}

/** Everything that a machine would be sent from DISCOVER to its answers, by the functions that send it; secrets are hidden. */
export const explain = async (
  all: Decisions,
  query: Query,
  architecture: number,
  stage: ExplainStage | undefined,
  ip: string,
): Promise<Explanation> => {
  const decisions = all.withoutSecrets()
  const { facts } = read({ ...query, final: '1' }, ip, architecture)
  const known = Object.fromEntries(
    Object.entries(facts.known).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, value]] : [],
    ),
  )
  const identity = { mac: known['mac'], uuid: known['uuid'] }
  const firmware = dhcpStep(decisions, identity, architecture, [])
  const { bootFile } = firmware
  const scripts = await scriptSteps(decisions, query, ip, architecture)
  const profile = scripts.at(-1)?.profile
  const steps = [
    firmware,
    ...(bootFile !== undefined && !isUrl(bootFile) ? [tftpStep(decisions, bootFile)] : []),
    dhcpStep(decisions, identity, architecture, ['iPXE']),
    ...scripts,
    ...(profile === undefined ? [] : answerSteps(decisions, query, ip, architecture, profile)),
  ]
  const record = decisions.recordOf(identityFactsOf(facts, [], undefined))
  return {
    machine: known,
    ...(record && { record }),
    revision: decisions.configuration.revision,
    steps: steps.filter((step) => stage === undefined || step.stage === stage),
    rules: decisions.rules(facts),
  }
}
