import { randomBytes } from 'node:crypto'

import type { BootDecision } from '@bootwire/dhcp-proxy'

import { profileOf, type Configuration } from '../decide/configuration.ts'
import { dhcpOnlyFacts, type DhcpFacts, type Offered } from '../decide/dhcp.ts'
import type { Query } from '../decide/query.ts'
import { decideMachine } from '../decide/verdict.ts'
import type { EventLog } from '../log/event-log.ts'
import { macOf, plainFacts } from '../model/facts.ts'
import type { ByHandAnswer } from '../state/run.ts'
import type { StateStore } from '../state/state-store.ts'
import { readReportToken } from '../state/tokens.ts'
import type { AnswerDecision } from './answer.ts'
import { orderByHand, type ActionDetails, type MachineAction } from './by-hand.ts'
import { Decisions, type Memory } from './decisions.ts'
import { Outcomes } from './outcomes.ts'
import { countedScript, tokensBy } from './script-counter.ts'
import type { ScriptDecision } from './script.ts'
import type { Turn } from './select.ts'
import { Sessions, type BootSession } from './sessions.ts'
import { tellReport, type ReportResult, type ReportSaid } from './take-report.ts'

/** How the configuration came to be in force, and what became of later attempts. */
export interface LoadStatus {
  readonly loadedAt: string
  readonly rejected?: { readonly at: string; readonly problems: readonly string[] }
  readonly restartNeeded: readonly string[]
}

export interface BootServiceOptions extends Offered {
  readonly configuration: Configuration
  readonly log: EventLog
  readonly store: StateStore
  /** Keys of that store. */
  readonly keys: readonly Uint8Array[]
  readonly now?: () => number
}

/**
 * How a script is asked for. `boot`: by a machine. `look`: as a monitor does, by HEAD; it is told no more than where a
 * script is. `ask`: by `simulate`, which is told what a boot would get. The last two change nothing.
 */
export type ScriptMode = 'boot' | 'look' | 'ask'

const newId = (): string => randomBytes(7).toString('hex')

/** Lets {@link Decisions} decide, remembers what was decided, and logs it. Knows no socket. */
export class BootService {
  readonly sessions: Sessions
  readonly outcomes = new Outcomes()
  readonly log: EventLog
  readonly store: StateStore
  loadStatus: LoadStatus
  /** The ports that are really bound. */
  ports: { dhcp: number | undefined; tftp: number; http: number }
  readonly #memory: Memory
  readonly #now: () => number
  #keys: readonly Uint8Array[]
  #decisions: Decisions

  constructor(options: BootServiceOptions) {
    const { configuration, server, ipxe, log, store, keys, now = Date.now } = options
    this.log = log
    this.store = store
    this.#now = now
    this.#keys = keys
    this.log.subscribe((record) => this.outcomes.hear(record))
    this.sessions = new Sessions(now, () => randomBytes(4).toString('hex'))
    this.#memory = {
      find: (identities) => store.peek(identities),
      bootOf: (mac) => this.sessions.get(mac),
      keys: () => this.#keys,
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

  /** Its clock, in ms. */
  get nowMs(): number {
    return this.#now()
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
    // The boot begins before its URL is made, which names it.
    const session =
      mac === undefined ? undefined : this.sessions.onDhcp(mac, request.firmware === 'ipxe')
    const decision = this.decisions.at(request.localAddress).dhcp(request)
    if (!session || decision.action === 'ignore') return decision
    session.fromDhcp = dhcpOnlyFacts(request)
    return { ...decision, context: { boot: session.boot } }
  }

  /** A machine asks for its script, at an address of ours: decides, remembers, and only then answers. */
  async script(
    query: Query,
    ip: string,
    mode: ScriptMode = 'boot',
    at?: string,
  ): Promise<ScriptDecision> {
    const decisions = this.decisions.at(at)
    let turn = decisions.turn(query, ip)
    if (!turn.claims && query['sig'] !== undefined) {
      await this.#refreshKeys()
      turn = decisions.turn(query, ip)
    }
    if (mode === 'ask') return decisions.script(turn)
    const mac = mode === 'look' ? undefined : macOf(turn.facts)
    // The boot begins before the URLs that name it are made.
    const session = mac === undefined ? undefined : this.sessions.touch(mac, 'ipxe')
    const { claims: _claims, ...unsigned } = turn
    const decision = await this.#decide(decisions, mode === 'look' ? unsigned : turn)
    if (session) this.#remember(session, decision, ip)
    this.log.emit('http.script', {
      boot: session?.boot,
      mac,
      ip,
      stage: decision.stage,
      profile: decision.profile?.name,
      bytes: Buffer.byteLength(decision.text),
      code: decision.trouble?.code,
      target: decision.stage === 'boot' ? decision.profile?.target.kind : undefined,
      loads:
        decision.stage === 'boot'
          ? loadsOf(decision.text, decisions.offered.server.base)
          : undefined,
      reasons: decision.reasons.map(({ why }) => why),
      ...(decision.trouble && { why: decision.trouble.why }),
    })
    return decision
  }

  /** An installer asks for one of its answers. */
  answer(mac: string, answer: string, ip: string, at?: string): AnswerDecision {
    const session = this.sessions.touch(mac, 'answer')
    const decision = this.decisions.at(at).answer(mac, answer, ip, tokensBy(this.#keys))
    this.log.emit('http.answer', {
      boot: session.boot,
      mac,
      ip,
      answer,
      ...(decision.found
        ? { profile: decision.profile, bytes: Buffer.byteLength(decision.text), status: 200 }
        : { status: decision.status, why: decision.why }),
    })
    if (!decision.found && decision.status === 500)
      session.why = `its answer "${answer}" cannot be made: ${decision.why}`
    return decision
  }

  /** Whether the installer of the boot that a machine is in would ask for an answer. */
  wantsAnswer(mac: string): boolean {
    const name = this.sessions.get(mac)?.profile
    const profile = name === undefined ? undefined : profileOf(this.configuration, name)
    return profile !== undefined && Object.keys(profile.answers).length > 0
  }

  /** Logs boots that stand still, each once. */
  tellStalls(): void {
    const stalls = this.outcomes.newStalls(this.#now(), (mac) => this.wantsAnswer(mac))
    for (const stall of stalls) this.log.emit('boot.stalled', stall)
  }

  /** The machine that has one of these hardware addresses; without any, the only one that booted from an address. */
  machineAt(ip: string, macs: readonly string[] = []): string | undefined {
    const isNamed = (mac: string) =>
      this.decisions.recordOfMac(mac) !== undefined ||
      decideMachine(this.configuration, { known: { mac }, final: true }).name !== undefined
    const hasBooted = (mac: string) => this.sessions.get(mac) !== undefined
    const told = macs.find(isNamed) ?? macs.find(hasBooted) ?? macs[0]
    if (told !== undefined) return told
    // Behind NAT it would be somebody else's answer.
    return this.sessions.macsAt(ip).length > 1 ? undefined : this.sessions.macOf(ip)
  }

  /** An installer reports. Its token is never logged. */
  async report(token: string, said: ReportSaid): Promise<ReportResult> {
    if (!readReportToken(this.#keys, token)?.genuine) await this.#refreshKeys()
    const { store, sessions, log } = this
    return tellReport({ store, sessions, log, keys: this.#keys, timeMs: this.#now() }, token, said)
  }

  /** A person orders something for a machine. */
  async order(
    machine: string,
    action: MachineAction,
    details: ActionDetails,
    by: string,
  ): Promise<ByHandAnswer> {
    const { configuration, store } = this
    const asked = { by, timeMs: this.#now() }
    const answer = await orderByHand(
      { configuration, store, asked, newId },
      machine,
      action,
      details,
    )
    this.log.emit('machine.order', {
      machine,
      action,
      by,
      ...Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined)),
      done: answer.ok,
      ...(!answer.ok && { why: answer.why }),
    })
    return answer
  }

  async #decide(decisions: Decisions, turn: Turn): Promise<ScriptDecision> {
    const { store, log } = this
    const begun = await decisions.begin(turn, { timeMs: this.#now(), newId: once(newId) })
    return 'text' in begun ? begun : countedScript({ decisions, store, log }, turn, begun)
  }

  /** What a boot is about, for its later stages and for the status. */
  #remember(session: BootSession, decision: ScriptDecision, ip: string): void {
    const { stage, facts, trouble, reasons, profile } = decision
    this.sessions.learn(session, ip)
    if (stage === 'facts' || stage === 'chain') return
    this.sessions.touch(session.mac, 'script')
    session.facts = plainFacts(facts)
    session.why = trouble?.why ?? reasons.map(({ why }) => why).join('; ')
    if (profile) session.profile = profile.name
  }

  /** Another server that uses the same store may have put a new key in front. */
  async #refreshKeys(): Promise<void> {
    try {
      this.#keys = await this.store.keys()
    } catch {
      // The store is away: those that it had are good as long as it is.
    }
  }
}

/** Answers are no files: they are logged as what they are. */
const isFilePath = (path: string): boolean => !/^\/(?:answers|script|report)\b/.test(path)

/** Path of a file of this server, whose URL is `base`; its assets are known by any name of the host. */
const pathHere = (url: string, base: string): string | undefined => {
  const path = url.startsWith(`${base}/`)
    ? url.slice(base.length)
    : /^https?:\/\/[^/]+(\/assets\/.+)$/.exec(url)?.[1]
  return path !== undefined && isFilePath(path) ? path : undefined
}

/** Paths of files that a script loads from this server; none where a person at the console comes first. */
const loadsOf = (script: string, base: string): readonly string[] =>
  /^(?:choose|read|prompt|login|shell)\b/m.test(script)
    ? []
    : [...script.matchAll(/^(?:kernel|initrd|module|imgfetch) .*?(https?:\/\/[^\s?#]+)/gm)].flatMap(
        ([, url = '']) => pathHere(url, base) ?? [],
      )

/** Makes one value, the first time. */
const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}
