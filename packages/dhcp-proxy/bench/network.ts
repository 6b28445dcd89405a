import type { Measurement } from '../../../scripts/measure.ts'
import { Arena, type Load } from './peer.ts'

const ROUNDS = 4
const FLOOD_SECONDS = 3
const RATE = 2500
const PACE_SECONDS = 4
const MACHINES = 1_000_000

interface Figures {
  /** Of the best round: what else runs on this machine only ever takes away. */
  offersPerSecond: number
  cpuPerMillion: number
  paced: Load | undefined
}

const checked = (load: Load): Load => {
  if (load.wrong > 0) throw new Error(`${load.wrong} of the replies were wrong`)
  return load
}

const measureOne = (arena: Arena, figures: Figures): void => {
  checked(arena.flood(2))
  const before = arena.cpuSeconds
  const { answered, seconds } = checked(arena.flood(FLOOD_SECONDS))
  const cpu = ((arena.cpuSeconds - before) / answered) * 1e6
  figures.offersPerSecond = Math.max(figures.offersPerSecond, answered / seconds)
  figures.cpuPerMillion = Math.min(figures.cpuPerMillion, cpu)
  const paced = checked(arena.pace(RATE, PACE_SECONDS))
  if (!figures.paced || paced.p99Us < figures.paced.p99Us) figures.paced = paced
}

const fresh = (): Figures => ({
  offersPerSecond: 0,
  cpuPerMillion: Number.POSITIVE_INFINITY,
  paced: undefined,
})

const beside = (value: number) => ({ peer: { name: 'dnsmasq', value } })

/** Resident memory after the first fifth of a million machines, and after all of them. */
const memory = async (arena: Arena): Promise<{ early: number; late: number; answered: number }> => {
  await arena.ours()
  const first = checked(arena.flood(600, MACHINES / 5))
  const early = arena.residentMb
  const rest = checked(arena.flood(600, (MACHINES / 5) * 4))
  const late = arena.residentMb
  await arena.stop()
  return { early, late, answered: first.answered + rest.answered }
}

/** Against dnsmasq as ProxyDHCP, in turns, with the same sender; all our limits are as they are by default. */
export const measureNetwork = async (say: (line: string) => void): Promise<Measurement[]> => {
  const arena = new Arena()
  try {
    const ours = fresh()
    const peer = fresh()
    const echo = fresh()
    for (let round = 1; round <= ROUNDS; round++) {
      say(`round ${round} of ${ROUNDS}`)
      await arena.ours()
      measureOne(arena, ours)
      await arena.stop()
      await arena.dnsmasq()
      measureOne(arena, peer)
      await arena.stop()
      await arena.echo()
      measureOne(arena, echo)
      await arena.stop()
    }
    say(`${MACHINES} machines`)
    const { early, late, answered } = await memory(arena)
    const paced = (of: (load: Load) => number) => ({
      ours: ours.paced ? of(ours.paced) : Number.NaN,
      ...beside(peer.paced ? of(peer.paced) : Number.NaN),
    })
    return [
      {
        what: 'offers a second, one interface',
        unit: 'offers/s',
        ours: ours.offersPerSecond,
        ...beside(peer.offersPerSecond),
      },
      {
        what: "offers a second of Node's bare echo",
        unit: 'offers/s',
        ours: echo.offersPerSecond,
        ...beside(peer.offersPerSecond),
      },
      {
        what: 'CPU for an offer',
        unit: 'us',
        ours: ours.cpuPerMillion,
        ...beside(peer.cpuPerMillion),
        bar: { of: 'ratio', is: 'at most', limit: 1.5 },
      },
      {
        what: "CPU for an offer, beyond Node's bare echo",
        unit: 'us',
        ours: ours.cpuPerMillion - echo.cpuPerMillion,
        peer: { name: 'the echo itself', value: echo.cpuPerMillion },
        bar: { of: 'ours', is: 'at most', limit: 6 },
      },
      {
        what: `median latency at ${RATE} DISCOVER/s`,
        unit: 'ms',
        ...paced(({ p50Us }) => p50Us / 1000),
      },
      {
        what: `p99 latency at ${RATE} DISCOVER/s`,
        unit: 'ms',
        ...paced(({ p99Us }) => p99Us / 1000),
        bar: { of: 'ours', is: 'at most', limit: 1 },
      },
      {
        what: `unanswered at ${RATE} DISCOVER/s`,
        unit: '%',
        ...paced(({ lost, sent }) => (lost / sent) * 100),
      },
      {
        what: `memory after ${answered} random MACs`,
        unit: 'MB',
        ours: late,
        peer: { name: 'after a fifth of them', value: early },
        bar: { of: 'ratio', is: 'at most', limit: 1.1 },
      },
    ]
  } finally {
    await arena.close()
  }
}
