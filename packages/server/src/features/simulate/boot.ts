import {
  describeOutcome as describeDhcp,
  type Machine,
  type Simulation,
} from '@bootwire/dhcp-proxy/clients'
import { describeOutcome, run, type FetchReply } from '@bootwire/ipxe-script'
import { get } from '@bootwire/tftp'

import { messageOf } from '../../model/errors.ts'
import { ASKS_ONLY } from '../../seam/core-claims.ts'
import { ipxeAfter, MODELS, simulateWith, type AskDhcp } from './firmware.ts'

/** One line of the timeline. */
export interface SimulatedStep {
  readonly stage: 'dhcp' | 'tftp' | 'http' | 'script' | 'end'
  readonly text: string
  readonly ms: number
}

export interface SimulatedBoot {
  readonly ok: boolean
  readonly steps: readonly SimulatedStep[]
}

export interface SimulateOptions {
  readonly kind: string
  readonly machine: Machine
  /** What iPXE will say of the machine. */
  readonly facts: Readonly<Record<string, string>>
  readonly address: string
  readonly tftpPort: number
  readonly ask: AskDhcp
}

/** As much of a file as tells what it is; the rest is read and counted. */
const HEAD_BYTES = 1_048_576
const FETCH_TIMEOUT_MS = 120_000

interface Fetched {
  readonly head: Buffer
  readonly bytes: number
}

const readAll = async (pieces: AsyncIterable<Uint8Array>): Promise<Fetched> => {
  const kept: Uint8Array[] = []
  let bytes = 0
  for await (const piece of pieces) {
    if (bytes < HEAD_BYTES) kept.push(piece)
    bytes += piece.length
  }
  return { head: Buffer.concat(kept).subarray(0, HEAD_BYTES), bytes }
}

const fetchHttp = async (url: string): Promise<Fetched> => {
  const headers = { [ASKS_ONLY]: '1' }
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) })
  if (!response.ok || !response.body) {
    await response.body?.cancel()
    throw new Error(`HTTP status ${response.status}`)
  }
  return readAll(response.body)
}

const fetchTftp = async (host: string, port: number, filename: string): Promise<Fetched> => {
  const { stream } = await get(
    { host, port, filename },
    { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) },
  )
  return readAll(stream)
}

/** Walks one boot, step by step, and tells what happened. */
class Walk {
  readonly steps: SimulatedStep[] = []
  /** Files that a script named and that are not there. */
  readonly missing: string[] = []
  readonly #options: SimulateOptions
  readonly #startedMs = performance.now()

  constructor(options: SimulateOptions) {
    this.#options = options
  }

  say(stage: SimulatedStep['stage'], text: string): void {
    this.steps.push({ stage, text, ms: Math.round(performance.now() - this.#startedMs) })
  }

  async dhcp(
    name: string,
    simulation: Promise<Simulation>,
  ): Promise<{ file: string; server: string; protocol: string } | undefined> {
    const { outcome, packets } = await simulation
    const said = outcome ? describeDhcp(outcome) : 'goes on for ever'
    this.say('dhcp', `${name}: ${packets.length} packets, then ${said}`)
    return outcome?.type === 'download' ? outcome : undefined
  }

  async fetch(url: string): Promise<Fetched> {
    const { tftpPort } = this.#options
    const target = new URL(url)
    const overTftp = target.protocol === 'tftp:'
    const stage = overTftp ? 'tftp' : 'http'
    try {
      const fetched = overTftp
        ? await fetchTftp(target.hostname, tftpPort, decodeURIComponent(target.pathname.slice(1)))
        : await fetchHttp(url)
      this.say(stage, `${url}: ${fetched.bytes} bytes`)
      return fetched
    } catch (error) {
      this.say(stage, `${url}: ${messageOf(error)}`)
      throw error
    }
  }

  async script(url: string): Promise<boolean> {
    const { head } = await this.fetch(url)
    const { machine, facts, kind } = this.#options
    const network = async ({ uri }: { readonly uri: string }): Promise<FetchReply> => {
      try {
        return (await this.fetch(uri)).head
      } catch {
        this.missing.push(uri)
        return undefined // said already; the script hears of it as a machine would
      }
    }
    const { outcome } = await run(head, {
      uri: url,
      network,
      machine: {
        ...facts,
        ...(machine.mac !== undefined && { mac: machine.mac }),
        platform: kind === 'bios' ? 'pcbios' : 'efi',
      },
    })
    this.say('end', describeOutcome(outcome))
    const [first, ...more] = this.missing
    if (first !== undefined) {
      const others = more.length === 0 ? '' : ` and ${more.length} more`
      this.say('end', `what it was to boot is not there: ${first}${others}`)
      return false
    }
    return (
      outcome.kind === 'boots' || outcome.kind === 'boots disk' || outcome.kind === 'falls through'
    )
  }
}

/** A whole boot against the running daemon: DHCP by models of real firmware, TFTP, HTTP and the script for real. */
export const simulateBoot = async (options: SimulateOptions): Promise<SimulatedBoot> => {
  const { kind, machine, address, ask } = options
  const walk = new Walk(options)
  const model = MODELS[kind]
  if (!model) throw new Error(`there is no model "${kind}"`)
  try {
    const first = await walk.dhcp(
      model(machine).name,
      simulateWith(() => model(machine), address, ask),
    )
    if (!first) return { ok: false, steps: walk.steps }
    const url = first.protocol === 'tftp' ? `tftp://${first.server}/${first.file}` : first.file
    await walk.fetch(url)
    const second = ipxeAfter(kind, machine)
    const script = await walk.dhcp(
      second.name,
      simulateWith(() => ipxeAfter(kind, machine), address, ask),
    )
    if (!script) return { ok: false, steps: walk.steps }
    return { ok: await walk.script(script.file), steps: walk.steps }
  } catch (error) {
    walk.say('end', messageOf(error))
    return { ok: false, steps: walk.steps }
  }
}
