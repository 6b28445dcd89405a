import type { ClientModel, Datagram, Outcome, Verdict } from './types.ts'
import { BROADCAST } from './wire.ts'

/** A reply; `delayMs` on top of the network's own. */
export interface Answer extends Datagram {
  readonly delayMs?: number
}

/** Anything on the virtual network that answers: its address, and what it says to a datagram. */
export interface VirtualServer {
  readonly address: string
  readonly answer: (datagram: Datagram, nowMs: number) => readonly Answer[]
}

/** One datagram of a simulated exchange. */
export interface Logged {
  readonly atMs: number
  readonly datagram: Datagram
  readonly lost: boolean
}

export interface SimulationOptions {
  readonly client: ClientModel
  readonly servers: readonly VirtualServer[]
  /** Which datagrams are lost, counted from 0 over both directions. */
  readonly lose?: (index: number, datagram: Datagram) => boolean
  /** Time on the wire, in milliseconds. Default: 1. */
  readonly latencyMs?: number
  /** When the simulation is given up, in milliseconds of virtual time. Default: ten minutes. */
  readonly limitMs?: number
}

export interface Simulation {
  /** Undefined only when the limit was reached first. */
  readonly outcome: Outcome | undefined
  readonly packets: readonly Logged[]
  readonly verdicts: readonly Verdict[]
}

type Task = { readonly atMs: number; readonly run: () => void }

/** Connects a client model with servers on a virtual network and a virtual clock, and runs it to its end. */
export const simulate = (options: SimulationOptions): Simulation => {
  const { client, servers, lose, latencyMs = 1, limitMs = 600_000 } = options
  const packets: Logged[] = []
  const verdicts: Verdict[] = []
  const tasks: Task[] = []
  let nowMs = 0
  let timerMs = Number.POSITIVE_INFINITY
  let outcome: Outcome | undefined

  const transmit = (datagram: Datagram, delayMs: number, arrive: () => void): void => {
    tasks.push({
      atMs: nowMs + delayMs,
      run: () => {
        const lost = lose?.(packets.length, datagram) ?? false
        packets.push({ atMs: nowMs, datagram, lost })
        if (!lost) tasks.push({ atMs: nowMs + latencyMs, run: arrive })
      },
    })
  }
  const toServers = (datagram: Datagram): void => {
    for (const server of servers) {
      if (datagram.to.address !== BROADCAST && datagram.to.address !== server.address) continue
      for (const reply of server.answer(datagram, nowMs)) {
        transmit(reply, reply.delayMs ?? 0, () =>
          act(client.handle({ type: 'packet', datagram: reply }, nowMs)),
        )
      }
    }
  }
  const act = (actions: ReturnType<ClientModel['handle']>): void => {
    for (const action of actions) {
      if (action.type === 'send') transmit(action.datagram, 0, () => toServers(action.datagram))
      else if (action.type === 'timer') timerMs = action.atMs
      else if (action.type === 'verdict') verdicts.push(action.verdict)
      else outcome = action.outcome
    }
  }

  act(client.handle({ type: 'start' }, nowMs))
  for (;;) {
    if (outcome) break
    // The earliest task; of two at one moment the one that was asked for first. A timer yields to packets.
    const next = tasks.reduce<Task | undefined>(
      (first, task) => (first && first.atMs <= task.atMs ? first : task),
      undefined,
    )
    const atMs = Math.min(next?.atMs ?? Number.POSITIVE_INFINITY, timerMs)
    if (atMs > limitMs) break
    nowMs = atMs
    if (next && next.atMs <= timerMs) {
      tasks.splice(tasks.indexOf(next), 1)
      next.run()
    } else {
      timerMs = Number.POSITIVE_INFINITY
      act(client.handle({ type: 'timer' }, nowMs))
    }
  }
  return { outcome, packets, verdicts }
}
