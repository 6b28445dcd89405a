import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { unpackedAt } from '../../../../scripts/debian.mjs'

const ETCD = join(unpackedAt('etcd'), 'usr', 'bin', 'etcd')

/** Ports that were free a moment ago. */
const freePorts = async (count: number): Promise<number[]> => {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  })
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

interface Node {
  readonly name: string
  readonly args: readonly string[]
  readonly endpoint: string
  child?: ChildProcess
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Debian's etcd, some nodes on loopback, gone with {@link close}. */
export class EtcdCluster {
  readonly #folder = mkdtempSync(join(tmpdir(), 'bootwire-etcd-'))
  #nodes: readonly Node[] = []

  /** @param tls - files of a server certificate, and of the authority whose clients are trusted */
  static async start(
    size: number,
    tls?: { readonly cert: string; readonly key: string; readonly ca: string },
  ): Promise<EtcdCluster> {
    const cluster = new EtcdCluster()
    const scheme = tls ? 'https' : 'http'
    const ports = await freePorts(size * 2)
    const peers = Array.from({ length: size }, (_, i) => `http://127.0.0.1:${ports[size + i]}`)
    const all = peers.map((peer, i) => `n${i}=${peer}`).join(',')
    cluster.#nodes = peers.map((peer, i): Node => {
      const endpoint = `${scheme}://127.0.0.1:${ports[i]}`
      const options = {
        name: `n${i}`,
        'data-dir': join(cluster.#folder, `n${i}`),
        'listen-client-urls': endpoint,
        'advertise-client-urls': endpoint,
        'listen-peer-urls': peer,
        'initial-advertise-peer-urls': peer,
        'initial-cluster': all,
        'initial-cluster-token': cluster.#folder,
        'heartbeat-interval': '200',
        'election-timeout': '2000',
        'log-level': 'error',
      }
      const args = Object.entries(options).map(([option, value]) => `--${option}=${value}`)
      if (tls) args.push(`--cert-file=${tls.cert}`, `--key-file=${tls.key}`)
      if (tls) args.push('--client-cert-auth', `--trusted-ca-file=${tls.ca}`)
      return { name: `n${i}`, args, endpoint }
    })
    for (const node of cluster.#nodes) cluster.#spawn(node)
    if (!tls) for (const node of cluster.#nodes) await cluster.#healthy(node)
    return cluster
  }

  get endpoints(): string[] {
    return this.#nodes.map(({ endpoint }) => endpoint)
  }

  #spawn(node: Node): void {
    node.child = spawn(ETCD, node.args, { stdio: 'ignore' })
  }

  async #healthy({ endpoint }: Node): Promise<void> {
    for (let i = 0; i < 600; i++) {
      const answer = await fetch(`${endpoint}/health`).catch(() => undefined)
      if (answer?.ok) return
      await sleep(100)
    }
    throw new Error(`${endpoint} does not become healthy`)
  }

  /** The node that leads, by number. */
  async leader(): Promise<number> {
    for (const [i, { endpoint, child }] of this.#nodes.entries()) {
      if (!child) continue
      const answer = await fetch(`${endpoint}/v3/maintenance/status`, {
        method: 'POST',
        body: '{}',
      })
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- etcd's own answer
      const { leader, header } = (await answer.json()) as {
        leader: string
        header: { member_id: string }
      }
      if (leader === header.member_id) return i
    }
    throw new Error('no node leads')
  }

  async kill(number: number, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const node = this.#nodes[number]!
    const { child } = node
    if (!child) return
    delete node.child
    child.kill(signal)
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }

  /** Stops a node in mid-air: it neither answers nor is gone. */
  freeze(number: number, isFrozen: boolean): void {
    this.#nodes[number]?.child?.kill(isFrozen ? 'SIGSTOP' : 'SIGCONT')
  }

  async restart(number: number): Promise<void> {
    const node = this.#nodes[number]!
    this.#spawn(node)
    await this.#healthy(node)
  }

  async close(): Promise<void> {
    await Promise.all(this.#nodes.map((_, i) => this.kill(i)))
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
