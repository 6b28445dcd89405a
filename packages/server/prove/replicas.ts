import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import type { Measurement } from '../../../scripts/measure.ts'
import { withFolder } from '../bench/rig.ts'
import { EtcdCluster } from '../test/state/etcd-cluster.ts'
import type { Random } from './random.ts'
import { executions, failures } from './rig.ts'

const REPLICAS = 3
const NODES = 3
const MACHINES = 200
const FLEET = 10_000
const FLEET_SECONDS = 300
/** Machines that boot at the same time. */
const AT_ONCE = 50
/** A machine goes on asking for this long, as its console says that it does. */
const PATIENCE_MS = 60_000
const MAX_HOPS = 8

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url))

const configFor = (endpoints: readonly string[]): string => `
server:
  dhcp: { enabled: false }
  tftp: { port: 0 }
  http: { port: 0 }
  state: { etcd: { endpoints: ${JSON.stringify(endpoints)}, prefix: prove } }
profiles:
  install: { kernel: "http://h/k", args: "{{ report.done }}", once: true }
groups: [{ name: all, match: { mac: { prefix: "52" } }, profile: install }]
unknown: { waitSeconds: 0 }
`

/** One `bootwire serve`. */
class Replica {
  base = ''
  #child: ChildProcess | undefined
  readonly #folder: string
  readonly #number: number

  constructor(folder: string, number: number) {
    this.#folder = folder
    this.#number = number
  }

  async start(): Promise<void> {
    const child = spawn(
      process.execPath,
      [
        '--conditions=@bootwire/source',
        '--import',
        'tsx',
        CLI,
        'serve',
        '--config',
        join(this.#folder, 'bootwire.yaml'),
        '--interface',
        'lo',
        '--address',
        '127.0.0.1',
        '--log',
        'json',
        '--data-dir',
        join(this.#folder, `data${this.#number}`),
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    this.#child = child
    const lines = createInterface({ input: child.stdout })
    this.base = await new Promise((resolve, reject) => {
      lines.on('line', (line) => {
        const { event, http }: { event: string; http?: string } = JSON.parse(line)
        if (event === 'ready' && http !== undefined) resolve(http)
      })
      child.once('exit', () => reject(new Error('a replica ended before it was ready')))
    })
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
}

/** What a machine reaches by one address: whichever of the replicas answers. */
class Site {
  readonly scriptMs: number[] = []
  readonly #replicas: readonly Replica[]
  readonly #random: Random

  constructor(replicas: readonly Replica[], random: Random) {
    this.#replicas = replicas
    this.#random = random
  }

  /** Asks one after the other until one answers; throws where none does in time. */
  async get(path: string): Promise<string> {
    const until = performance.now() + PATIENCE_MS
    for (let next = this.#random.below(REPLICAS); performance.now() < until; next++) {
      const { base } = this.#replicas[next % REPLICAS]!
      try {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const answer = await fetch(base + path, { signal: AbortSignal.timeout(15_000) })
        // oxlint-disable-next-line no-await-in-loop -- as above
        if (answer.status === 200) return await answer.text()
      } catch {
        // It is gone: the next one is asked.
      }
      // oxlint-disable-next-line no-await-in-loop -- as above
      await sleep(100)
    }
    throw new Error(`nobody answers ${path}`)
  }

  /** Boots a machine to the script that it runs; where that says that it asks again, it does. */
  async boot(number: number): Promise<string> {
    const hex = number
      .toString(16)
      .padStart(8, '0')
      .replaceAll(/(..)(?=.)/g, '$1:')
    const first = `/script?mac=52:00:${hex}&final=1&serial=BOX-${number}&uuid=4c4c4544-0000-4000-8000-${String(number).padStart(12, '0')}`
    const until = performance.now() + PATIENCE_MS
    let path = first
    for (let hops = 0; performance.now() < until; hops++) {
      const started = performance.now()
      // oxlint-disable-next-line no-await-in-loop -- each is where the one before led
      const text = await this.get(path)
      this.scriptMs.push(performance.now() - started)
      const [, next] = /^#!ipxe\nchain \S+ \S+ http:\/\/[^/]+(\/script\S+)\n$/.exec(text) ?? []
      if (next === undefined && !text.includes('[BW-STATE]')) return text
      if (next === undefined) await sleep(500)
      path = next === undefined || hops > MAX_HOPS ? first : next
    }
    throw new Error(`machine ${number} comes to no script`)
  }
}

interface Tally {
  failed: number
  twice: number
}

/** A machine's life: installed, reported by whichever replica, and from then on its disk. */
const live = async (site: Site, number: number, tally: Tally): Promise<void> => {
  try {
    const installer = await site.boot(number)
    const report = /\/report\/\S+\/done/.exec(installer)?.[0]
    if (report === undefined) throw new Error(`machine ${number} gets no installer`)
    await site.get(report)
    for (let again = 0; again < 2; again++) {
      // oxlint-disable-next-line no-await-in-loop -- one boot after the other
      if ((await site.boot(number)).includes('kernel')) tally.twice++
    }
  } catch {
    tally.failed++
  }
}

const fleet = async (
  site: Site,
  from: number,
  count: number,
  onDone: (done: number) => void = () => {},
): Promise<Tally> => {
  const tally: Tally = { failed: 0, twice: 0 }
  let [next, done] = [from, 0]
  const worker = async (): Promise<void> => {
    while (next < from + count) {
      // oxlint-disable-next-line no-await-in-loop -- one machine after the other
      await live(site, next++, tally)
      onDone(++done)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return tally
}

const percentile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? 0

/** Three replicas and three nodes of etcd; a replica and then etcd's leader are killed in the midst of boots. */
export const replicas = async (
  random: Random,
  say: (line: string) => void,
): Promise<Measurement[]> =>
  withFolder(async (folder) => {
    const cluster = await EtcdCluster.start(NODES)
    const servers = Array.from({ length: REPLICAS }, (_, i) => new Replica(folder, i))
    try {
      writeFileSync(join(folder, 'bootwire.yaml'), configFor(cluster.endpoints))
      for (const server of servers) {
        // oxlint-disable-next-line no-await-in-loop -- two cores
        await server.start()
      }
      const site = new Site(servers, random)
      const kills: Promise<unknown>[] = []
      const leader = await cluster.leader()
      const small = await fleet(site, 0, MACHINES, (done) => {
        if (done === MACHINES / 4) kills.push(servers[0]!.kill('SIGKILL'))
        if (done === MACHINES / 2) kills.push(cluster.kill(leader))
      })
      await Promise.all(kills)
      say(`${MACHINES} machines, a replica and etcd's leader killed: ${JSON.stringify(small)}`)
      await Promise.all([servers[0]!.start(), cluster.restart(leader)])
      site.scriptMs.length = 0
      const started = performance.now()
      const large = await fleet(site, MACHINES, FLEET)
      const seconds = (performance.now() - started) / 1000
      const [p50, p99] = [percentile(site.scriptMs, 0.5), percentile(site.scriptMs, 0.99)]
      say(
        `${FLEET} machines, three boots and a report each: ${seconds.toFixed(0)} s, scripts ${p50.toFixed(0)} ms (p99 ${p99.toFixed(0)} ms), ${JSON.stringify(large)}`,
      )
      return [
        executions('machines on three replicas', MACHINES, MACHINES),
        failures('machines that failed while a replica and the leader were killed', small.failed),
        failures('machines installed twice then', small.twice),
        failures('machines of the fleet that failed', large.failed),
        failures('machines of the fleet installed twice', large.twice),
        {
          what: `${FLEET} machines on three replicas`,
          unit: 's',
          ours: seconds,
          bar: { of: 'ours', is: 'at most', limit: FLEET_SECONDS },
        },
      ]
    } finally {
      await Promise.all(servers.map((server) => server.kill('SIGTERM')))
      await cluster.close()
    }
  })
