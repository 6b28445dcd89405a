import type { BootDecision } from '@bootwire/dhcp-proxy'

import type { Configuration } from '../decide/configuration.ts'
import { decideDhcp, type DhcpFacts, type Offered } from '../decide/dhcp.ts'
import type { RuleReason } from '../decide/rules.ts'
import { explainRules } from '../decide/verdict.ts'
import { macOf, type Facts } from '../model/facts.ts'
import { NEW_MACHINE, type MachineState } from '../model/machine-state.ts'
import { decideAnswer, type AnswerDecision } from './answer.ts'
import {
  decideScript,
  unrememberedScript,
  type ScriptContext,
  type ScriptDecision,
} from './script.ts'
import type { BootSession } from './sessions.ts'

/** What is remembered of machines, to be read. */
export interface Memory {
  stateOf(mac: string): MachineState
  /** The boot that a machine is in. */
  bootOf(mac: string): BootSession | undefined
  /** The token of the report that follows a machine's `boots`th script. */
  tokenOf(mac: string, boots: number): string
}

/** For whoever asks without a daemon: every machine is new. */
const NO_MEMORY: Memory = {
  stateOf: () => NEW_MACHINE,
  bootOf: () => undefined,
  tokenOf: () => 'A'.repeat(32),
}

/** What a person chose on the way to a script, and what the URL carries along. */
export interface Asked {
  readonly labels: Readonly<Record<string, string>>
  /** Choices in menus, outermost first. */
  readonly chosen: readonly string[]
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

  /** What DHCP says. */
  dhcp(request: DhcpFacts): BootDecision {
    const state = request.mac === undefined ? undefined : this.memory.stateOf(request.mac)
    return decideDhcp(this.configuration, request, this.offered, state)
  }

  /** Facts of a later stage, and those that only DHCP brought in the same boot. */
  withDhcp(facts: Facts): Facts {
    const mac = macOf(facts)
    const fromDhcp = mac === undefined ? undefined : this.memory.bootOf(mac)?.fromDhcp
    return { ...facts, known: { ...fromDhcp, ...facts.known } }
  }

  /** What the script stage says. */
  script(facts: Facts, asked: Asked): Promise<ScriptDecision> {
    return decideScript(this.withDhcp(facts), this.#contextOf(facts, asked))
  }

  /** What it says instead of `decision` while that cannot be remembered. */
  unremembered(decision: ScriptDecision, asked: Asked, why: string): ScriptDecision {
    return unrememberedScript(decision, this.#contextOf(decision.facts, asked), why)
  }

  /** What an installer that is running gets for one of its answers. */
  answer(mac: string, answer: string, ip: string): AnswerDecision {
    const state = this.memory.stateOf(mac)
    const session = this.memory.bootOf(mac)
    const known = { ...(state.last?.facts ?? session?.facts), mac, ip, subnet: ip }
    const last =
      session?.profile === undefined || state.last
        ? {}
        : { last: { profile: session.profile, facts: {} } }
    const report = this.#reportUrl(mac, Math.max(0, state.boots - 1))
    return this.#answer({ known, final: true }, { ...state, ...last }, answer, report)
  }

  /** What an answer would be right after the next fetch of the script, with `profile`. */
  answerAfterScript(mac: string, answer: string, facts: Facts, profile: string): AnswerDecision {
    const state = this.memory.stateOf(mac)
    const report = this.#reportUrl(mac, state.boots)
    const after = { ...state, last: { profile, facts: {} } }
    return this.#answer({ ...this.withDhcp(facts), final: true }, after, answer, report)
  }

  /** Every rule and why it won or lost. */
  rules(facts: Facts): RuleReason[] {
    return explainRules(this.configuration, facts)
  }

  #answer(facts: Facts, state: MachineState, answer: string, report: string): AnswerDecision {
    return decideAnswer(this.configuration, this.offered.server, facts, state, answer, report)
  }

  #reportUrl(mac: string | undefined, boots: number): string {
    if (mac === undefined) return ''
    return `${this.offered.server.base}/report/${this.memory.tokenOf(mac, boots)}`
  }

  #contextOf(facts: Facts, { labels, chosen }: Asked): ScriptContext {
    const mac = macOf(facts)
    const state = mac === undefined ? NEW_MACHINE : this.memory.stateOf(mac)
    const { configuration, offered } = this
    const report = this.#reportUrl(mac, state.boots)
    return { configuration, server: offered.server, state, labels, chosen, report }
  }
}
