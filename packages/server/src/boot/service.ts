import { createHash, createHmac, randomBytes } from 'node:crypto'

import type { BootDecision } from '@bootwire/dhcp-proxy'

import { profileOf, type Configuration } from '../decide/configuration.ts'
import { dhcpOnlyFacts, type DhcpFacts, type Offered } from '../decide/dhcp.ts'
import { readQuery, type Query } from '../decide/query.ts'
import type { EventLog } from '../log/event-log.ts'
import { messageOf } from '../model/errors.ts'
import { macOf, plainFacts, type Facts } from '../model/facts.ts'
import type { MachineState } from '../model/machine-state.ts'
import type { StateStore } from '../state/store.ts'
import type { AnswerDecision } from './answer.ts'
import { Decisions, type Memory } from './decisions.ts'
import type { ScriptDecision } from './script.ts'
import { Sessions, type BootSession } from './sessions.ts'

/** How the configuration came to be in force, and what became of later attempts. */
export interface LoadStatus {
  readonly loadedAt: string
  readonly rejected?: { readonly at: string; readonly problems: readonly string[] }
  readonly restartNeeded: readonly string[]
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')

export type ReportResult = 'done' | 'failed' | 'unknown-token' | 'expired'

export interface BootServiceOptions extends Offered {
  readonly configuration: Configuration
  readonly log: EventLog
  readonly store: StateStore
  readonly tokenKey: Buffer
  readonly now?: () => number
}

/** Lets {@link Decisions} decide, remembers what was decided, and logs it. Knows no socket. */
export class BootService {
  readonly sessions: Sessions
  readonly log: EventLog
  readonly store: StateStore
  loadStatus: LoadStatus
  /** The ports that are really bound. */
  ports: { dhcp: number | undefined; tftp: number; http: number }
  readonly #memory: Memory
  #decisions: Decisions

  constructor(options: BootServiceOptions) {
    const { configuration, server, ipxe, log, store, tokenKey, now = Date.now } = options
    this.log = log
    this.store = store
    this.sessions = new Sessions(now, () => randomBytes(4).toString('hex'))
    this.#memory = {
      stateOf: (mac) => store.get(mac),
      bootOf: (mac) => this.sessions.get(mac),
      // From its address and the count of its boots, so that nothing random is needed.
      tokenOf: (mac, boots) =>
        createHmac('sha256', tokenKey).update(`${mac} ${boots}`).digest('base64url').slice(0, 32),
    }
    this.#decisions = new Decisions(configuration, { server, ipxe }, this.#memory)
    const { dhcp, tftp, http } = configuration.server
    this.ports = { dhcp: dhcp.enabled ? dhcp.port : undefined, tftp: tftp.port, http: http.port }
    this.loadStatus = { loadedAt: new Date(now()).toISOString(), restartNeeded: [] }
  }

  /** To ask without changing anything. */
  get decisions(): Decisions {
    return this.#decisions
  }

  get configuration(): Configuration {
    return this.#decisions.configuration
  }

  get offered(): Offered {
    return this.#decisions.offered
  }

  /** From now on decides by these; what is not given stays. */
  use(changed: Partial<Offered> & { readonly configuration?: Configuration }): void {
    const { configuration = this.configuration, ...offered } = changed
    this.#decisions = new Decisions(configuration, { ...this.offered, ...offered }, this.#memory)
  }

  /** A machine asks DHCP. */
  dhcp(request: DhcpFacts): BootDecision {
    const { mac } = request
    const decision = this.decisions.dhcp(request)
    if (mac === undefined || decision.action === 'ignore') return decision
    const session = this.sessions.onDhcp(mac, request.firmware === 'ipxe')
    session.fromDhcp = dhcpOnlyFacts(request)
    return { ...decision, context: { boot: session.boot } }
  }

  /** A machine asks for its script: decides, remembers, and only then answers. */
  async script(query: Query, ip: string): Promise<ScriptDecision> {
    const { facts: given, ...asked } = readQuery(query, ip)
    const { decisions } = this
    const facts = decisions.withDhcp(given)
    const mac = macOf(facts)
    let decision = await decisions.script(facts, asked)
    let session: BootSession | undefined
    if (mac !== undefined) {
      session = this.sessions.touch(mac, decision.stage === 'facts' ? 'ipxe' : 'script')
      this.sessions.learn(session, ip)
      try {
        await this.#changeState(mac, decision, facts)
      } catch (error) {
        const why = messageOf(error)
        this.log.emit('warning', { boot: session.boot, mac, ip, why })
        const onScreen = 'the server could not write its state; its log says why'
        decision = decisions.unremembered(decision, asked, onScreen)
      }
      remember(session, decision, facts)
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

  /** An installer asks for one of its answers. */
  answer(mac: string, answer: string, ip: string): AnswerDecision {
    const session = this.sessions.touch(mac, 'answer')
    const decision = this.decisions.answer(mac, answer, ip)
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
    if (profile === undefined || !profileOf(this.configuration, profile)) {
      return { ok: false, why: `there is no profile "${profile ?? ''}"` }
    }
    return { ok: true, state: await this.store.apply(mac, { type: 'next', profile }) }
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
        once: {
          done: profile.once.done,
          token: hashOf(this.#memory.tokenOf(mac, before.boots)),
        },
      }),
    })
  }
}

/** What a boot is about, for its later stages and for the status. */
const remember = (session: BootSession, decision: ScriptDecision, facts: Facts): void => {
  if (decision.stage === 'facts') return
  session.facts = plainFacts(facts)
  session.why = decision.trouble?.why ?? decision.reasons.map(({ why }) => why).join('; ')
  if (decision.profile) session.profile = decision.profile.name
}
