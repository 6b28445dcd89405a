import { NO_FAULTS, type Faults } from './faulty-lines.ts'
import { Network, type Report, type Scenario } from './network.ts'
import { Random } from './random.ts'
import { patternOf } from './support.ts'

const BLOCK_SIZES = [8, 16, 64, 512, 1468] as const
const WINDOW_SIZES = [1, 1, 2, 4, 8, 16, 64] as const
const MAX_BLOCKS = 40

const sizeFor = (random: Random, blockSize: number, windowSize: number): number => {
  const window = Math.min(windowSize, MAX_BLOCKS) * blockSize
  const edges = [
    0,
    1,
    blockSize - 1,
    blockSize,
    blockSize + 1,
    window - 1,
    window,
    window + 1,
    2 * window,
  ]
  return random.next() < 0.6 ? random.pick(edges) : random.below(MAX_BLOCKS * blockSize)
}

const faultsFor = (random: Random): Faults => {
  const some = (most: number) => (random.next() < 0.4 ? most * random.next() : 0)
  return {
    loss: some(0.2),
    duplication: some(0.2),
    reorder: some(0.2),
    stall: some(0.02),
    truncation: some(0.05),
    corruption: some(0.05),
    stranger: some(0.1),
    delayMs: random.pick([0.1, 1, 10, 50]),
  }
}

/** The scenario that a seed stands for. */
export const scenarioOf = (seed: number): Scenario => {
  const random = new Random(seed)
  const blockSize = random.pick(BLOCK_SIZES)
  const windowSize = random.pick(WINDOW_SIZES)
  const size = sizeFor(random, blockSize, windowSize)
  const faults = random.next() < 0.1 ? NO_FAULTS : faultsFor(random)
  // Without the size a cut-off block looks like the last one: nobody could tell, UDP's checksum must.
  const tsize = random.next() < 0.7
  const operation = random.pick(['read', 'write'] as const)
  // What a writer announces is no promise either: a cut-off block of an upload is for UDP's checksum to find.
  const cuts = operation === 'read' && tsize && size > 0
  return {
    operation,
    bytes: patternOf(size),
    blockSize,
    windowSize,
    tsize,
    rollover: random.pick([0, 1]),
    faults: cuts ? faults : { ...faults, truncation: 0 },
  }
}

/** Runs the scenario of `seed`; with runs of blocks the same must happen. */
export const runSeed = (
  seed: number,
  runs = false,
): { readonly scenario: Scenario; readonly report: Report } => {
  const scenario = { ...scenarioOf(seed), runs }
  return { scenario, report: new Network(scenario, new Random(seed ^ 0x5bd1e995)).run() }
}

const RTO_BOUND_MS = 8000
/** Last tries of both sides after the other one has fallen silent. */
const TAIL = 12

/** What a report must satisfy (the invariants of the specification); the first that it does not. */
export const violationOf = (
  { bytes, blockSize, windowSize, operation }: Scenario,
  report: Report,
): string | undefined => {
  const { client, server, arrived, dataSent, mishaps, durationMs, left } = report
  const blocks = Math.floor(bytes.length / blockSize) + 1
  const succeeded =
    operation === 'read'
      ? client.outcome === 'done'
      : server.some(({ outcome }) => outcome === 'done')
  if (arrived && !arrived.equals(bytes)) return 'a wrong file was taken for the right one'
  if (succeeded && !arrived) return 'success without a file'
  if (operation === 'write' && client.outcome === 'done' && !arrived)
    return 'the client believes in a file that is not there'
  if (mishaps === 0 && client.outcome !== 'done') return `nothing happened, yet ${client.outcome}`
  if (left > 0) return `${left} sources, sinks or sessions left open`
  if (dataSent > 1.05 * blocks + windowSize * (mishaps + TAIL))
    return `${dataSent} datagrams for ${blocks} blocks`
  if (durationMs > (mishaps + TAIL) * RTO_BOUND_MS) return `it took ${durationMs} ms`
  return undefined
}
