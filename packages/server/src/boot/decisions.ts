import type { BootDecision } from '@bootwire/dhcp-proxy'

import { profileOrLocal, type Configuration } from '../decide/configuration.ts'
import { decideDhcp, type DhcpFacts, type Offered } from '../decide/dhcp.ts'
import { readQuery, type Query } from '../decide/query.ts'
import type { RuleReason } from '../decide/rules.ts'
import { explainRules } from '../decide/verdict.ts'
import { macOf, plainFacts, type Facts } from '../model/facts.ts'
import { planBoot } from '../state/boot-plan.ts'
import { identify } from '../state/identify.ts'
import { identitiesOf, type Identity, type IdentityFacts } from '../state/identity.ts'
import { SHARED_ID, type MachineRecord } from '../state/machine-record.ts'
import { readSignedQuery } from '../state/script-url.ts'
import type { Stored } from '../state/state-store.ts'
import { scriptStep, type ScriptRequest } from '../state/steps.ts'
import { decideAnswer, type AnswerDecision } from './answer.ts'
import {
  answerDecision,
  factsDecision,
  profileDecision,
  troubleDecision,
  type ScriptContext,
  type ScriptDecision,
} from './script.ts'
import { choiceOf, findIn, identityFactsOf, select, type Selection, type Turn } from './select.ts'
import type { BootSession } from './sessions.ts'

/** What is remembered of machines, to be read at once. */
export interface Memory {
  /** Records that have any of these identities. */
  find(identities: readonly Identity[]): readonly Stored[]
  /** The boot that a machine is in. */
  bootOf(mac: string): BootSession | undefined
  /** What URLs and tokens are signed with, the newest first. */
  keys(): readonly Uint8Array[]
}

/** For whoever asks without a daemon: every machine is new, and no signature is anybody's. */
const NO_MEMORY: Memory = {
  find: () => [],
  bootOf: () => undefined,
  keys: () => [Buffer.alloc(32)],
}

/** In place of a report's token where nothing is installed: `explain` and `simulate` must not hand out a real one. */
const NO_TOKEN = 'TOKEN'

type Selected = Extract<Selection, { kind: 'profile' }>

/** A turn that is to be counted, as the life cycle asks for it. */
export interface Countable {
  readonly selected: Selected
  readonly request: ScriptRequest
}

/** What machines are told, and why. Asking changes nothing: neither here nor in what is remembered. */
export class Decisions {
  readonly configuration: Configuration
  readonly offered: Offered
  readonly memory: Memory

  constructor(configuration: Configuration, offered: Offered, memory: Memory = NO_MEMORY) {
    this.configuration = configuration
    this.offered = offered
    this.memory = memory
  }

  /** The same with every secret hidden behind its name: for people, who have other ways to read what they may. */
  withoutSecrets(): Decisions {
    const { secrets } = this.configuration
    const hidden = Object.fromEntries(Object.keys(secrets).map((name) => [name, `SECRET_${name}`]))
    return new Decisions({ ...this.configuration, secrets: hidden }, this.offered, this.memory)
  }

  /** The same for who asks at one of the server's addresses. */
  at(address: string | undefined): Decisions {
    const server = this.offered.others?.find((each) => each.address === address)
    return server
      ? new Decisions(this.configuration, { ...this.offered, server }, this.memory)
      : this
  }

  /** What DHCP says. */
  dhcp(request: DhcpFacts): BootDecision {
    const { mac } = request
    const nonce = (mac !== undefined && this.memory.bootOf(mac)?.boot) || '0'
    const known = (facts: IdentityFacts): MachineRecord | undefined => this.recordOf(facts)
    return decideDhcp(this.configuration, request, this.offered, {
      recordOf: known,
      keys: this.memory.keys(),
      nonce,
    })
  }

  /** What a fetch of the script's URL says and asks. */
  turn(query: Query, ip: string): Turn {
    const claims = readSignedQuery(this.memory.keys(), query)
    const read = readQuery(query, ip, claims?.facts)
    return { ...read, facts: this.withDhcp(read.facts), ...(claims && { claims }) }
  }

  /** Facts of a later stage, and those that only DHCP brought in the same boot. */
  withDhcp(facts: Facts): Facts {
    const mac = macOf(facts)
    const fromDhcp = mac === undefined ? undefined : this.memory.bootOf(mac)?.fromDhcp
    return { ...facts, known: { ...fromDhcp, ...facts.known } }
  }

  /** The one record that these facts are of. */
  recordOf(facts: IdentityFacts): MachineRecord | undefined {
    const found = this.memory.find(identitiesOf(facts)).map(({ record }) => record)
    const who = identify(
      facts,
      found,
      (name) => this.configuration.machines.named(name) !== undefined,
    )
    return who.kind === 'one' ? who.record : undefined
  }

  /** What is remembered of the machine with this hardware address. */
  recordOfMac(mac: string): MachineRecord | undefined {
    return this.memory
      .find(identitiesOf({ macs: [mac] }))
      .map(({ record }) => record)
      .find(({ id }) => id !== SHARED_ID)
  }

  /** What a fetch of the script would be answered if it counted; nothing does. */
  async script(turn: Turn): Promise<ScriptDecision> {
    const begun = await this.begin(turn, { timeMs: 0, newId: () => 'new' })
    if ('text' in begun) return begun
    const { selected, request } = begun
    const { answer } = scriptStep(request, this.memory.find(identitiesOf(request.facts)))
    return answerDecision(
      this.contextOf(turn, () => NO_TOKEN),
      turn,
      selected,
      answer,
    )
  }

  /** What is said at once, whatever is remembered; or what has to be counted before anything is. */
  async begin(
    turn: Turn,
    { timeMs, newId }: { readonly timeMs: number; readonly newId: () => string },
  ): Promise<ScriptDecision | Countable> {
    const { configuration } = this
    const context = this.contextOf(turn, () => NO_TOKEN)
    const selection = select(configuration, turn)
    const { facts, name } = selection.decision
    const identity = identityFactsOf(facts, turn.cards, name)
    const record = this.recordOf(identity)
    if (selection.kind === 'facts') return factsDecision(context, turn, selection, record)
    const selected = this.#selected(selection, record)
    if (!selected) {
      const why = selection.kind === 'unknown' ? selection.why : ''
      return troubleDecision(context, turn, selection, { code: 'BW-UNKNOWN', why }, record)
    }
    const { profile } = selected
    if (profile.target.kind === 'menu' && !this.#overrules(record, selected))
      return profileDecision(context, turn, selected, profile, record)
    if (!facts.final && profile.once && !record?.installed)
      return factsDecision(context, turn, selected, record)
    const { claims } = turn
    const ip = facts.known['ip']
    return {
      selected,
      request: {
        facts: identity,
        mark: claims?.mark ?? { number: (record?.boots ?? 0) + 1, nonce: context.nonce },
        ...(claims?.machine !== undefined && { machine: claims.machine }),
        choose: () => choiceOf(selected),
        find: findIn(configuration),
        isEntry: (entry) => configuration.machines.named(entry) !== undefined,
        remember: Object.keys(profile.answers).length > 0,
        noted: { timeMs, ...(typeof ip === 'string' && { address: ip }), facts: plainFacts(facts) },
        newId,
      },
    }
  }

  /** What URLs are made with, in one turn. */
  contextOf(turn: Turn, tokenOf: ReportTokenOf): ScriptContext {
    const { configuration, offered, memory } = this
    const mac = macOf(turn.facts)
    const nonce = (mac !== undefined && memory.bootOf(mac)?.boot) || '0'
    const report: ScriptContext['report'] = (plan, record) =>
      this.#reportUrl(tokenOf(record, plan.installation, mac))
    return { configuration, server: offered.server, keys: memory.keys(), nonce, report }
  }

  /** What an installer that is running gets for one of its answers. */
  answer(mac: string, answer: string, ip: string, tokenOf: ReportTokenOf): AnswerDecision {
    const record = this.recordOfMac(mac)
    const session = this.memory.bootOf(mac)
    const last = record?.last
    const known = { ...(last?.facts ?? session?.facts), mac, ip, subnet: ip }
    const started = last && last.kind !== 'disk' ? last.profile : session?.profile
    const installation = last?.kind === 'install' ? last.installation : undefined
    const report =
      record && installation !== undefined
        ? this.#reportUrl(tokenOf(record, installation, mac))
        : undefined
    return this.#answer({ known, final: true }, started, answer, report)
  }

  /** What an answer would be right after the next fetch of the script, with `profile`. */
  answerAfterScript(answer: string, facts: Facts, profile: string): AnswerDecision {
    const report = this.#reportUrl(NO_TOKEN)
    return this.#answer({ ...this.withDhcp(facts), final: true }, profile, answer, report)
  }

  /** Every rule and why it won or lost. */
  rules(facts: Facts): RuleReason[] {
    return explainRules(this.configuration, facts)
  }

  /** A machine that nothing matches boots what a person set for it. */
  #selected(selection: Selection, record: MachineRecord | undefined): Selected | undefined {
    if (selection.kind === 'profile') return selection
    const wish = record?.next?.profile ?? record?.ask?.profile
    if (wish === undefined || !findIn(this.configuration)(wish)) return undefined
    const { decision } = selection
    const profile = profileOrLocal(this.configuration, 'local')
    return { kind: 'profile', decision, profile, path: [], by: 'file' }
  }

  /** Whether the life cycle has something else in mind than the question that a menu asks. */
  #overrules(record: MachineRecord | undefined, selected: Selected): boolean {
    const plan = planBoot(record, choiceOf(selected), findIn(this.configuration))
    if (plan.kind === 'disk') return plan.cause !== 'installed'
    return plan.kind === 'install' || plan.usesNext
  }

  #answer(
    facts: Facts,
    profile: string | undefined,
    answer: string,
    report: string | undefined,
  ): AnswerDecision {
    return decideAnswer(this.configuration, this.offered.server, facts, profile, answer, report)
  }

  #reportUrl(token: string): string {
    return `${this.offered.server.base}/report/${token}`
  }
}

/** The token of an installation that a record's newest boot was handed. */
export type ReportTokenOf = (
  record: MachineRecord,
  installation: number,
  mac: string | undefined,
) => string
