import { createHash, createHmac, randomBytes } from 'node:crypto'

import type { BootDecision } from '@bootwire/dhcp-proxy'

import { decideDhcp, dhcpOnlyFacts, type DhcpFacts, type Place } from '../decide/dhcp.ts'
import { readQuery, type Query } from '../decide/query.ts'
import { profileOf, type Book } from '../decide/verdict.ts'
import type { EventLog } from '../log/event-log.ts'
import { messageOf } from '../model/errors.ts'
import type { Facts } from '../model/facts.ts'
import type { MachineState } from '../model/machine-state.ts'
import type { ScriptModule } from '../profiles/kind.ts'
import type { StateStore } from '../state/store.ts'
import { decideAnswer, type AnswerDecision } from './answer.ts'
import {
  decideScript,
  unrememberedScript,
  type ScriptContext,
  type ScriptDecision,
} from './script.ts'
import { Sessions, type BootSession } from './sessions.ts'

export { readQuery, type Query } from '../decide/query.ts'

/** A configuration in force: rules, and the user's script modules loaded. */
export interface Active {
  readonly book: Book
  readonly modules: ReadonlyMap<string, ScriptModule>
}

/** When the configuration was loaded, and what became of later attempts. */
export interface ConfigurationStatus {
  readonly loadedAt: string
  readonly rejected?: { readonly at: string; readonly problems: readonly string[] }
  readonly restartNeeded: readonly string[]
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')

export type ReportResult = 'done' | 'failed' | 'unknown-token' | 'expired'

/** Everything the daemon knows and does, without any socket. */
export class BootService {
  readonly sessions: Sessions
  readonly log: EventLog
  readonly store: StateStore
  place: Place
  active: Active
  /** How the configuration came to be in force, for the status. */
  configuration: ConfigurationStatus
  /** The ports that are really bound. */
  ports: { dhcp: number | undefined; tftp: number; http: number }
  readonly #tokenKey: Buffer

  constructor(options: {
    readonly active: Active
    place: Place
    readonly log: EventLog
    readonly store: StateStore
    readonly tokenKey: Buffer
    readonly now?: () => number
  }) {
    this.active = options.active
    this.place = options.place
    this.log = options.log
    this.store = options.store
    this.#tokenKey = options.tokenKey
    const { dhcp, tftp, http } = options.active.book.plan.server
    this.ports = { dhcp: dhcp.enabled ? dhcp.port : undefined, tftp: tftp.port, http: http.port }
    const loadedAt = new Date((options.now ?? Date.now)()).toISOString()
    this.configuration = { loadedAt, restartNeeded: [] }
    this.sessions = new Sessions(options.now ?? Date.now, () => randomBytes(4).toString('hex'))
  }

  /** The token of a machine's next report: from its address and the count of its boots, so that nothing random is needed. */
  tokenFor(mac: string, boots: number): string {
    return createHmac('sha256', this.#tokenKey)
      .update(`${mac} ${boots}`)
      .digest('base64url')
      .slice(0, 32)
  }

  #reportUrl(mac: string | undefined, boots: number): string {
    return mac === undefined ? '' : `${this.place.base}/report/${this.tokenFor(mac, boots)}`
  }

  /** What DHCP would say; nothing changes. */
  dhcpDecision(request: DhcpFacts): BootDecision {
    const state = request.mac === undefined ? undefined : this.store.get(request.mac)
    return decideDhcp(this.active.book, request, this.place, state)
  }

  /** A machine asks DHCP. */
  dhcp(request: DhcpFacts): BootDecision {
    const { mac } = request
    const decision = this.dhcpDecision(request)
    if (mac === undefined || decision.action === 'ignore') return decision
    const session = this.sessions.onDhcp(mac, request.firmware === 'ipxe')
    session.fromDhcp = dhcpOnlyFacts(request)
    return { ...decision, context: { boot: session.boot } }
  }

  /** Facts of a later stage, and those that only DHCP brought in the same boot. */
  #withDhcp(facts: Facts): Facts {
    const mac = macOf(facts)
    const fromDhcp = mac === undefined ? undefined : this.sessions.get(mac)?.fromDhcp
    return { ...facts, known: { ...fromDhcp, ...facts.known } }
  }

  /** What the script stage would say; nothing changes. */
  decideScript(
    given: Facts,
    labels: Readonly<Record<string, string>>,
    chosen: readonly string[] = [],
  ): Promise<ScriptDecision> {
    const facts = this.#withDhcp(given)
    return decideScript(facts, this.#contextOf(facts, labels, chosen))
  }

  #contextOf(
    facts: Facts,
    labels: Readonly<Record<string, string>>,
    chosen: readonly string[],
  ): ScriptContext {
    const mac = macOf(facts)
    const state = mac === undefined ? { boots: 0 } : this.store.get(mac)
    const { book, modules } = this.active
    const report = this.#reportUrl(mac, state.boots)
    return { book, modules, place: this.place, state, labels, chosen, report }
  }

  /** A machine asks for its script: decides, remembers, and only then answers. */
  async script(query: Query, ip: string): Promise<ScriptDecision> {
    const { facts: given, labels, chosen } = readQuery(query, ip)
    const facts = this.#withDhcp(given)
    const mac = macOf(facts)
    let decision = await this.decideScript(facts, labels, chosen)
    const session =
      mac === undefined
        ? undefined
        : this.sessions.touch(mac, decision.stage === 'facts' ? 'ipxe' : 'script')
    if (session && mac !== undefined) {
      this.sessions.learn(session, ip)
      try {
        await this.#changeState(mac, decision, facts)
      } catch (error) {
        const why = messageOf(error)
        this.log.emit('warning', { boot: session.boot, mac, ip, why })
        const onScreen = 'the server could not write its state; its log says why'
        decision = unrememberedScript(decision, this.#contextOf(facts, labels, chosen), onScreen)
      }
      this.#remember(session, decision, facts)
    }
    this.log.emit('http.script', {
      boot: session?.boot,
      mac,
      ip,
      stage: decision.stage,
      profile: decision.profile?.name,
      bytes: Buffer.byteLength(decision.text),
      code: decision.trouble?.code,
      reasons: decision.reasons.map(({ why }) => why),
      ...(decision.trouble && { why: decision.trouble.why }),
    })
    return decision
  }

  answerDecision(mac: string, answer: string, ip: string): AnswerDecision {
    const state = this.store.get(mac)
    const session = this.sessions.get(mac)
    const known = { ...(state.last?.facts ?? session?.facts), mac, ip, subnet: ip }
    const last =
      session?.profile === undefined || state.last
        ? {}
        : { last: { profile: session.profile, facts: {} } }
    const report = this.#reportUrl(mac, Math.max(0, state.boots - 1))
    const { book } = this.active
    return decideAnswer(
      book,
      this.place,
      { known, final: true },
      { ...state, ...last },
      answer,
      report,
    )
  }

  /** What an answer would be right after the next fetch of the script; nothing changes. */
  explainAnswer(mac: string, answer: string, facts: Facts, profile: string): AnswerDecision {
    const state = this.store.get(mac)
    const { book } = this.active
    const last = { profile, facts: {} }
    const report = this.#reportUrl(mac, state.boots)
    return decideAnswer(
      book,
      this.place,
      { ...this.#withDhcp(facts), final: true },
      { ...state, last },
      answer,
      report,
    )
  }

  answer(mac: string, answer: string, ip: string): AnswerDecision {
    const session = this.sessions.touch(mac, 'answer')
    const decision = this.answerDecision(mac, answer, ip)
    this.log.emit('http.answer', {
      boot: session.boot,
      mac,
      ip,
      answer,
      ...(decision.found
        ? { profile: decision.profile, bytes: Buffer.byteLength(decision.text), status: 200 }
        : { status: 404, why: decision.why }),
    })
    return decision
  }

  /** An installer reports. A token is good for one report, and is never logged. */
  async report(token: string, status: 'done' | 'failed', ip: string): Promise<ReportResult> {
    const pending = this.store.findPending(hashOf(token))
    if (!pending || pending.expired) {
      const result = pending ? 'expired' : 'unknown-token'
      this.log.emit('http.refused', { ip, path: '/report/…', why: result })
      return result
    }
    const { mac } = pending
    const profile = this.store.get(mac).pending?.profile
    await this.store.apply(mac, { type: 'report', status, token: hashOf(token) })
    const session = this.sessions.touch(mac, 'reported')
    this.log.emit('boot.report', { boot: session.boot, mac, ip, status, profile })
    return status
  }

  /** `next`: boot a profile once; `forget`: begin anew, as if never installed. */
  async changeByHand(
    mac: string,
    action: string,
    profile: string | undefined,
  ): Promise<
    | { readonly ok: true; readonly state: MachineState }
    | { readonly ok: false; readonly why: string }
  > {
    if (action === 'forget')
      return { ok: true, state: await this.store.apply(mac, { type: 'forget' }) }
    if (action !== 'next') return { ok: false, why: `"${action}" is not next or forget` }
    if (profile === undefined || !profileOf(this.active.book.plan, profile)) {
      return { ok: false, why: `there is no profile "${profile ?? ''}"` }
    }
    return { ok: true, state: await this.store.apply(mac, { type: 'next', profile }) }
  }

  #remember(session: BootSession, decision: ScriptDecision, facts: Facts): void {
    if (decision.stage === 'facts') return
    session.facts = plainFacts(facts)
    session.why = decision.trouble?.why ?? decision.reasons.map(({ why }) => why).join('; ')
    if (decision.profile) session.profile = decision.profile.name
  }

  /** The file is only written for machines whose next boot, report or answers depend on it. */
  async #changeState(mac: string, decision: ScriptDecision, facts: Facts): Promise<void> {
    const { profile, stage, usedNext, trouble } = decision
    if (stage !== 'boot' || !profile || trouble) return
    const hasAnswers = Object.keys(profile.answers).length > 0
    const before = this.store.get(mac)
    if (!profile.once && !usedNext && !hasAnswers && before.boots === 0) return
    await this.store.apply(mac, {
      type: 'script',
      profile: profile.name,
      facts: plainFacts(facts),
      usedNext,
      ...(profile.once && {
        once: { done: profile.once.done, token: hashOf(this.tokenFor(mac, before.boots)) },
      }),
    })
  }
}

const macOf = (facts: Facts): string | undefined => {
  const mac = facts.known['mac']
  return typeof mac === 'string' ? mac : undefined
}

const plainFacts = (facts: Facts): Record<string, string> =>
  Object.fromEntries(
    Object.entries(facts.known).flatMap(([name, value]) =>
      typeof value === 'string' && name !== 'ip' && name !== 'subnet' ? [[name, value]] : [],
    ),
  )
