import {
  describeOutcome as describeDhcp,
  type Machine,
  type Simulation,
} from '@bootwire/dhcp-proxy/clients'
import { describeOutcome, run, type FetchReply } from '@bootwire/ipxe-script'

import { messageOf } from '../../model/errors.ts'
import { SLOTS } from '../../model/ipxe-binaries.ts'
import { programFault, type Seen } from '../../programs/faults.ts'
import type { Fetched, Files } from './files.ts'
import { ipxeAfter, kindNamed, simulateWith, type AskDhcp } from './firmware.ts'
import { judge, type Decided, type Failure } from './judge.ts'

/** One line of the timeline. */
export interface SimulatedStep {
  readonly stage: 'dhcp' | 'tftp' | 'http' | 'script' | 'end'
  readonly text: string
  readonly ms: number
}

export interface SimulatedBoot {
  /** Whether what was decided was booted. */
  readonly ok: boolean
  /** The profile that was decided. */
  readonly profile?: string
  /** Absent where all is well. */
  readonly failure?: Failure
  readonly steps: readonly SimulatedStep[]
}

export interface SimulateOptions {
  readonly kind: string
  readonly machine: Machine
  /** What iPXE will say of the machine. */
  readonly facts: Readonly<Record<string, string>>
  readonly address: string
  readonly files: Files
  readonly ask: AskDhcp
  /** What the daemon decides for it. */
  readonly decided: Decided
}

/** Ends a walk: what should have come did not. */
class Stopped extends Error {
  override readonly name = 'Stopped'
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.reason)
    this.failure = failure
  }
}

const stageOf = (url: string): 'tftp' | 'http' =>
  new URL(url).protocol === 'tftp:' ? 'tftp' : 'http'

const isIpxe = (url: string): boolean =>
  SLOTS.some(({ file }) => new URL(url).pathname.endsWith(`/${file}`))

/** Walks one boot, step by step, and tells what happened. */
class Walk {
  readonly steps: SimulatedStep[] = []
  readonly #missing = new Set<string>()
  readonly #loaded = new Map<string, Seen>()
  readonly #options: SimulateOptions
  readonly #startedMs = performance.now()

  constructor(options: SimulateOptions) {
    this.#options = options
  }

  say(stage: SimulatedStep['stage'], text: string): void {
    this.steps.push({ stage, text, ms: Math.round(performance.now() - this.#startedMs) })
  }

  /** The URL that DHCP names; undefined where it stays silent. */
  async dhcp(name: string, simulation: Promise<Simulation>): Promise<string | undefined> {
    const { outcome, packets } = await simulation
    const said = outcome ? describeDhcp(outcome) : 'goes on for ever'
    this.say('dhcp', `${name}: ${packets.length} packets, then ${said}`)
    if (outcome?.type !== 'download') return undefined
    return outcome.protocol === 'tftp' ? `tftp://${outcome.server}/${outcome.file}` : outcome.file
  }

  async #fetch(url: string): Promise<Fetched> {
    const stage = stageOf(url)
    try {
      const fetched = await this.#options.files.fetch(url)
      this.say(stage, `${url}: ${fetched.bytes} bytes`)
      return fetched
    } catch (error) {
      this.say(stage, `${url}: ${messageOf(error)}`)
      throw error
    }
  }

  /** A file without which nothing goes on. */
  async need(url: string): Promise<Seen> {
    try {
      return { path: url, ...(await this.#fetch(url)) }
    } catch (error) {
      throw new Stopped({ stage: stageOf(url), reason: `${url}: ${messageOf(error)}` })
    }
  }

  /** What a script loads; what is missing it hears of as a machine would. */
  readonly #network = async ({ uri }: { readonly uri: string }): Promise<FetchReply> => {
    try {
      const { head, bytes } = await this.#fetch(uri)
      this.#missing.delete(uri)
      if (!/^#!i?pxe/.test(head.toString('latin1', 0, 6)))
        this.#loaded.set(uri, { path: uri, head, bytes })
      return head
    } catch {
      this.#missing.add(uri)
      return undefined
    }
  }

  async script(url: string): Promise<Failure | undefined> {
    const { head } = await this.need(url)
    const { machine, facts, kind, decided } = this.#options
    const { cpu, facts: ofIpxe } = kindNamed(kind)
    const { outcome } = await run(head, {
      uri: url,
      network: this.#network,
      machine: { ...facts, ...(machine.mac !== undefined && { mac: machine.mac }), ...ofIpxe },
    })
    this.say('end', describeOutcome(outcome))
    const end = { outcome, missing: [...this.#missing], loaded: [...this.#loaded.values()] }
    return judge(decided, end, cpu)
  }
}

const silent = (name: string): Failure => ({
  stage: 'dhcp',
  reason: `${name} was told no boot file; bootwire explain says why`,
})

const follow = async (walk: Walk, options: SimulateOptions): Promise<Failure | undefined> => {
  const { kind, machine, address, ask, decided } = options
  const { model } = kindNamed(kind)
  const { name } = model(machine)
  const first = await walk.dhcp(
    name,
    simulateWith(() => model(machine), address, ask),
  )
  // A machine that is never answered boots what it would without us.
  if (decided.target === 'ignore')
    return first === undefined ? undefined : { stage: 'dhcp', reason: `it was told ${first}` }
  if (first === undefined) return silent(name)
  const fault = programFault(await walk.need(first))
  if (fault) return { stage: stageOf(first), reason: fault.seen }
  if (!isIpxe(first)) {
    walk.say('end', `${first} runs, and what it boots is its own`)
    return undefined
  }
  const second = ipxeAfter(kind, machine)
  const script = await walk.dhcp(
    second.name,
    simulateWith(() => ipxeAfter(kind, machine), address, ask),
  )
  return script === undefined ? silent(second.name) : walk.script(script)
}

/** A whole boot against the running daemon: DHCP by models of real firmware, TFTP, HTTP and the script for real. */
export const simulateBoot = async (options: SimulateOptions): Promise<SimulatedBoot> => {
  const walk = new Walk(options)
  const { profile } = options.decided
  const named = profile === undefined ? {} : { profile }
  let failure: Failure | undefined
  try {
    failure = await follow(walk, options)
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    failure = error.failure
  }
  const { steps } = walk
  if (!failure) return { ok: true, ...named, steps }
  walk.say('end', `${failure.stage}: ${failure.reason}`)
  return { ok: false, ...named, failure, steps }
}
