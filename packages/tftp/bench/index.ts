import { tableOf, type Measure, type Measurement } from '../../../scripts/measure.ts'
import {
  isHere,
  median,
  Rig,
  SERVERS,
  type Load,
  type Placement,
  type Run,
  type ServerName,
} from './rig.ts'

const ROUNDS = 5
const BEFORE_ROUNDS = 9
const BLOCK = 1468
const MEBIBYTE = 2 ** 20

const single = (file: Load['file'], windowSize: number): Load => ({
  file,
  blockSize: BLOCK,
  windowSize,
  clients: 1,
})

type Result = Readonly<Partial<Record<string, readonly Run[]>>>

const speed = ({ bytes, seconds }: Run): number => bytes / seconds / 1e6
const cpuPerGiB = ({ cpuSeconds, bytes }: Run): number => cpuSeconds / (bytes / 2 ** 30)

/** Runs that take turns, so that a noisy minute hits all of them alike; the first turn warms up. */
const inTurns = async (
  rig: Rig,
  rounds: number,
  entries: Readonly<Record<string, readonly [ServerName, Placement, Load]>>,
): Promise<Result> => {
  const runs: Record<string, Run[]> = {}
  for (let round = 0; round <= rounds; round++) {
    for (const [name, [server, placement, load]] of Object.entries(entries)) {
      const run = await rig.run(server, placement, load)
      if (round > 0) (runs[name] ??= []).push(run)
    }
  }
  return runs
}

const middle = (result: Result, name: string, of: (run: Run) => number): number =>
  median((result[name] ?? []).map(of))

const failedIn = (result: Result, name: string): number =>
  (result[name] ?? []).reduce((sum, { failed }) => sum + failed, 0)

const atLeast = (limit: number) => ({ of: 'ratio', is: 'at least', limit }) as const
const atMost = (limit: number) => ({ of: 'ours', is: 'at most', limit }) as const

const against = (
  result: Result,
  ours: string,
  peer: string,
  what: string,
  limit?: number,
): Measurement => ({
  what,
  unit: 'MB/s',
  ours: middle(result, ours, speed),
  peer: { name: peer, value: middle(result, peer, speed) },
  ...(limit === undefined ? {} : { bar: atLeast(limit) }),
})

const cpu = (result: Result, ours: string, peer: string, what: string): Measurement => ({
  what,
  unit: 's/GiB',
  ours: middle(result, ours, cpuPerGiB),
  peer: { name: peer, value: middle(result, peer, cpuPerGiB) },
})

type Part = (rig: Rig) => Promise<Measurement[]>

const oneCore: Part = async (rig) => {
  const result = await inTurns(rig, ROUNDS, {
    'tftpd-hpa': ['tftpd-hpa', 'one core', single('big', 1)],
    ours: ['bootwire', 'one core', single('big', 1)],
    'npm tftp': ['npm tftp', 'one core', single('mib16', 1)],
    'ours, w 4': ['bootwire', 'one core', single('big', 4)],
    'ours, w 16': ['bootwire', 'one core', single('big', 16)],
    dnsmasq: ['dnsmasq', 'one core', single('big', 1)],
    atftpd: ['atftpd', 'one core', single('big', 1)],
    'atftpd, w 16': ['atftpd', 'one core', single('big', 16)],
    'npm tftp, w 16': ['npm tftp', 'one core', single('big', 16)],
    'node floor': ['node floor', 'one core', single('big', 1)],
    'node floor, w 16': ['node floor', 'one core', single('big', 16)],
  })
  return [
    against(result, 'ours', 'tftpd-hpa', 'lock-step, one core', 0.75),
    against(result, 'ours', 'npm tftp', 'lock-step, one core', 1.5),
    against(result, 'ours', 'dnsmasq', 'lock-step, one core'),
    against(result, 'ours', 'atftpd', 'lock-step, one core'),
    cpu(result, 'ours', 'dnsmasq', 'lock-step, one core: CPU'),
    against(result, 'ours, w 4', 'tftpd-hpa', 'window 4, one core, peer in lock-step', 1.0),
    against(result, 'ours, w 16', 'tftpd-hpa', 'window 16, one core, peer in lock-step', 1.35),
    {
      what: 'window 16, one core: CPU',
      unit: 's/GiB',
      ours: middle(result, 'ours, w 16', cpuPerGiB),
      bar: atMost(2.3),
    },
    against(result, 'ours, w 16', 'atftpd, w 16', 'window 16, one core'),
    against(result, 'ours, w 16', 'npm tftp, w 16', 'window 16, one core'),
    cpu(result, 'ours, w 16', 'dnsmasq', 'window 16, one core: CPU, peer in lock-step'),
    against(result, 'ours', 'node floor', 'lock-step, one core'),
    against(result, 'ours, w 16', 'node floor, w 16', 'window 16, one core'),
    cpu(result, 'ours, w 16', 'node floor, w 16', 'window 16, one core: CPU'),
    against(result, 'node floor', 'npm tftp', 'node floor itself: lock-step, one core'),
    against(result, 'node floor', 'tftpd-hpa', 'node floor itself: lock-step, one core'),
    cpu(
      result,
      'node floor, w 16',
      'dnsmasq',
      'node floor itself: window 16, CPU, peer in lock-step',
    ),
  ]
}

/** What the socket helper gives: runs of blocks in one call. */
const helper: Part = async (rig) => {
  const many: Load = { file: 'mib1', blockSize: BLOCK, windowSize: 16, clients: 200 }
  const result = await inTurns(rig, ROUNDS, {
    'w 16': ['bootwire', 'one core', single('big', 16)],
    'w 16 without': ['bootwire without helper', 'one core', single('big', 16)],
    'w 4': ['bootwire', 'one core', single('big', 4)],
    'w 4 without': ['bootwire without helper', 'one core', single('big', 4)],
    'lock-step': ['bootwire', 'one core', single('big', 1)],
    'lock-step without': ['bootwire without helper', 'one core', single('big', 1)],
    dnsmasq: ['dnsmasq', 'one core', single('big', 1)],
    many: ['bootwire', 'across cores', many],
    'dnsmasq, many': ['dnsmasq', 'across cores', { ...many, windowSize: 1 }],
  })
  const times = (name: string): Measurement => ({
    what: `${name}, one core: with the helper, peer: without`,
    unit: 'MB/s',
    ours: middle(result, name, speed),
    peer: { name: 'without', value: middle(result, `${name} without`, speed) },
  })
  return [
    { ...times('w 16'), bar: atLeast(3) },
    { ...times('w 4'), bar: atLeast(1.7) },
    times('lock-step'),
    ...['w 16', 'w 4', 'lock-step'].map((name) =>
      cpu(result, name, `${name} without`, `${name}, one core: CPU, peer: without the helper`),
    ),
    {
      what: 'w 16, one core: CPU with the helper',
      unit: 's/GiB',
      ours: middle(result, 'w 16', cpuPerGiB),
      bar: atMost(1.0),
    },
    cpu(result, 'lock-step', 'dnsmasq', 'lock-step, one core: CPU with the helper'),
    cpu(result, 'many', 'dnsmasq, many', '200 clients, window 16: CPU, peer in lock-step'),
  ]
}

const acrossCores: Part = async (rig) => {
  const result = await inTurns(rig, ROUNDS, {
    'tftpd-hpa': ['tftpd-hpa', 'across cores', single('mib16', 1)],
    ours: ['bootwire', 'across cores', single('mib16', 1)],
    'ours, w 16': ['bootwire', 'across cores', single('big', 16)],
  })
  return [
    against(result, 'ours', 'tftpd-hpa', 'lock-step, across cores', 0.85),
    against(result, 'ours, w 16', 'tftpd-hpa', 'window 16, across cores, peer in lock-step'),
  ]
}

const manyClients: Part = async (rig) => {
  const load: Load = { file: 'mib1', blockSize: BLOCK, windowSize: 1, clients: 200 }
  // tftpd-hpa takes up to a minute for each turn on a busy machine.
  const result = await inTurns(rig, 3, {
    'tftpd-hpa': ['tftpd-hpa', 'across cores', load],
    ours: ['bootwire', 'across cores', load],
    dnsmasq: ['dnsmasq', 'across cores', load],
    'ours, w 16': ['bootwire', 'across cores', { ...load, windowSize: 16 }],
    'node floor': ['node floor', 'across cores', load],
  })
  const what = '200 clients x 1 MiB, across cores'
  return [
    against(result, 'ours', 'tftpd-hpa', what, 5),
    against(result, 'ours', 'dnsmasq', what, 0.5),
    against(result, 'ours, w 16', 'dnsmasq', `${what}, window 16, peer in lock-step`),
    against(result, 'ours', 'node floor', what),
    cpu(result, 'ours', 'node floor', `${what}: CPU`),
    against(result, 'node floor', 'tftpd-hpa', `node floor itself: ${what}`),
    {
      what: `${what}: failed`,
      unit: '',
      ours: failedIn(result, 'ours') + failedIn(result, 'ours, w 16'),
      bar: atMost(0),
    },
  ]
}

const crowd: Part = async (rig) => {
  const load: Load = { file: 'kib64', blockSize: BLOCK, windowSize: 1, clients: 2000 }
  const result = await inTurns(rig, 3, { ours: ['bootwire', 'across cores', load] })
  const what = '2,000 clients x 64 KiB, across cores'
  return [
    { what, unit: 'MB/s', ours: middle(result, 'ours', speed) },
    { what: `${what}: failed`, unit: '', ours: failedIn(result, 'ours'), bar: atMost(0) },
    {
      what: `${what}: peak memory of the process`,
      unit: 'MiB',
      ours: Math.max(...(result['ours'] ?? []).map(({ peakBytes }) => peakBytes)) / MEBIBYTE,
      bar: atMost(512),
    },
  ]
}

const loss: Part = async (rig) => {
  const lossy = { ...single('mib1', 1), lossPermille: 10 }
  const result = await inTurns(rig, 5, { ours: ['bootwire', 'one core', lossy] })
  const peer = await inTurns(rig, 1, { 'tftpd-hpa': ['tftpd-hpa', 'one core', lossy] })
  return [
    {
      what: '1 % loss, lock-step, 1 MiB',
      unit: 's',
      ours: middle(result, 'ours', ({ seconds }) => seconds),
      peer: { name: 'tftpd-hpa', value: middle(peer, 'tftpd-hpa', ({ seconds }) => seconds) },
      bar: atMost(0.3),
    },
  ]
}

/** Datagrams for each block when every loss is granted one window. */
const datagramsPerBlock =
  (windowSize: number) =>
  ({ datagrams, losses, blocks }: Run): number =>
    (datagrams - losses * windowSize) / blocks

const rude = (windowSize: number): Load => ({
  ...single('mib16', windowSize),
  lossPermille: 6,
  acksAll: true,
})

const manners: Part = async (rig) => {
  const result = await inTurns(rig, 5, {
    4: ['bootwire', 'one core', rude(4)],
    16: ['bootwire', 'one core', rude(16)],
  })
  return [4, 16].map((windowSize) => ({
    what: `datagrams per block less one window per loss, ACK for every block out of order, window ${windowSize}`,
    unit: '',
    ours: Math.max(...(result[windowSize] ?? []).map(datagramsPerBlock(windowSize))),
    bar: atMost(1.05),
  }))
}

/** Against an earlier commit of ourselves, taking turns: `BOOTWIRE_BENCH_BEFORE` names its worktree. */
const before: Part = async (rig) => {
  if (!isHere('bootwire before')) return []
  const many: Load = { file: 'mib1', blockSize: BLOCK, windowSize: 1, clients: 200 }
  const loads: Readonly<Record<string, readonly [Placement, Load]>> = {
    'lock-step, one core': ['one core', single('big', 1)],
    'window 4, one core': ['one core', single('big', 4)],
    'window 16, one core': ['one core', single('big', 16)],
    '200 clients x 1 MiB, across cores': ['across cores', many],
    'file larger than the cache, window 16': ['one core', single('huge', 16)],
  }
  const measurements: Measurement[] = []
  for (const [what, [placement, load]] of Object.entries(loads)) {
    const result = await inTurns(rig, BEFORE_ROUNDS, {
      before: ['bootwire before', placement, load],
      ours: ['bootwire without helper', placement, load],
    })
    measurements.push({
      ...cpu(result, 'ours', 'before', `${what}: CPU against the commit before`),
      bar: { of: 'ratio', is: 'at most', limit: 1.03 },
    })
  }
  return measurements
}

/** A file that does not fit into the cache is not to cost what a cache costs. */
const huge: Part = async (rig) => {
  const result = await inTurns(rig, 3, {
    cached: ['bootwire', 'one core', single('big', 16)],
    ours: ['bootwire', 'one core', single('huge', 16)],
    'without cache': ['bootwire without cache', 'one core', single('huge', 16)],
  })
  const what = '256 MiB, larger than the cache, window 16: CPU'
  const cached = middle(result, 'cached', cpuPerGiB)
  return [
    {
      what: `${what} beyond a cached file's`,
      unit: 's/GiB',
      ours: middle(result, 'ours', cpuPerGiB) - cached,
      bar: atMost(0.3),
    },
    cpu(result, 'ours', 'cached', what),
    {
      ...cpu(result, 'ours', 'without cache', what),
      bar: { of: 'ratio', is: 'at most', limit: 1.03 },
    },
  ]
}

const PARTS: Readonly<Record<string, Part>> = {
  'one-core': oneCore,
  helper,
  'across-cores': acrossCores,
  'many-clients': manyClients,
  crowd,
  loss,
  manners,
  huge,
  before,
}

/** Every row of the speed table, all peers in the same run. */
export const bench: Measure = async ({ say, only }) => {
  const rig = new Rig()
  try {
    for (const server of SERVERS) {
      if (!isHere(server)) say(`${server} is not here`)
    }
    say(
      'servers on core 0 of a namespace with loopback; clients on core 0 ("one core") or 1 ("across cores")',
    )
    const measurements: Measurement[] = []
    for (const [name, part] of Object.entries(PARTS)) {
      if (only.length > 0 && !only.some((word) => name.includes(word))) continue
      say(name)
      const measured = await part(rig)
      // A busy machine may take its time: what is known is shown at once.
      say(tableOf(measured))
      measurements.push(...measured)
    }
    return measurements
  } finally {
    await rig.close()
  }
}
