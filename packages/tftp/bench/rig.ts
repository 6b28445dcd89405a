import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { unpackedAt } from '../../../scripts/debian.mjs'

/** The servers of the benchmark. */
export const SERVERS = [
  'bootwire',
  'bootwire without helper',
  'tftpd-hpa',
  'dnsmasq',
  'atftpd',
  'npm tftp',
  'node floor',
  'bootwire without cache',
  'bootwire before',
] as const
export type ServerName = (typeof SERVERS)[number]

/** Both on one core: speed shows work. On two: every round trip wakes the other core, as on a LAN. */
export type Placement = 'one core' | 'across cores'

/** What one run of the client does. */
export interface Load {
  readonly file: 'huge' | 'big' | 'mib16' | 'mib1' | 'kib64'
  readonly blockSize: number
  readonly windowSize: number
  readonly clients: number
  readonly lossPermille?: number
  readonly acksAll?: boolean
}

/** What it measured. */
export interface Run {
  readonly seconds: number
  readonly bytes: number
  readonly blocks: number
  readonly datagrams: number
  readonly losses: number
  readonly failed: number
  readonly cpuSeconds: number
  readonly peakBytes: number
}

/** Another worktree of this repository, with its dependencies: what is measured against itself. */
const { BOOTWIRE_BENCH_BEFORE } = process.env

/** `huge` is larger than the cache of 128 MiB. */
const FILES = { huge: 256 << 20, big: 64 << 20, mib16: 16 << 20, mib1: 1 << 20, kib64: 64 << 10 }
const SERVER_CORE = '0'
const CLIENT_CORE = '1'
const TICKS_PER_SECOND = 100
const START_TRIES = 4
/** dnsmasq knows no other port. */
const PORT = 69

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** A network namespace with loopback only, a folder of files, and the compiled client. */
export class Rig {
  readonly #namespace = `bootwire-bench-${process.pid}`
  readonly #folder = mkdtempSync(join(tmpdir(), 'bootwire-tftp-bench-'))
  readonly #client = join(this.#folder, 'client')
  readonly #root = join(this.#folder, 'root')

  readonly #running = new Map<
    ServerName,
    { readonly child: ChildProcess; readonly address: string }
  >()

  constructor() {
    execFileSync('gcc', ['-O2', '-o', this.#client, here('client.c')])
    execFileSync('mkdir', [this.#root])
    // The servers give up their rights before they read.
    for (const folder of [this.#folder, this.#root]) chmodSync(folder, 0o755)
    for (const [name, size] of Object.entries(FILES)) {
      writeFileSync(join(this.#root, name), Buffer.alloc(size, 'bootwire'))
    }
    execFileSync('ip', ['netns', 'add', this.#namespace])
    const ip = (words: string) => execFileSync('ip', ['-n', this.#namespace, ...words.split(' ')])
    ip('link set lo up')
    // in.tftpd resolves with AI_ADDRCONFIG: on a machine with nothing but loopback it has no address.
    ip('link add other type veth peer name another')
    ip('address add 192.0.2.1/24 dev other')
    ip('link set other up')
  }

  async close(): Promise<void> {
    for (const { child } of this.#running.values()) {
      const gone = once(child, 'exit')
      if (child.exitCode === null && child.kill('SIGKILL')) await gone
    }
    execFileSync('ip', ['netns', 'delete', this.#namespace])
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #on(core: string, command: readonly string[]): string[] {
    return ['netns', 'exec', this.#namespace, 'taskset', '-c', core, ...command]
  }

  #command(name: ServerName, address: string): string[] {
    const script = (file: string, ...more: readonly string[]) => [
      process.execPath,
      '--conditions=@bootwire/source',
      '--import',
      'tsx',
      here(file),
      this.#root,
      address,
      ...more,
    ]
    switch (name) {
      case 'bootwire':
        return script('servers/ours.ts')
      case 'bootwire without helper':
        return ['env', 'BOOTWIRE_SOCKET_HELPER=off', ...script('servers/ours.ts')]
      case 'bootwire without cache':
        return script('servers/ours.ts', '0')
      case 'bootwire before': {
        const file = join(BOOTWIRE_BENCH_BEFORE ?? '', 'packages/tftp/bench/servers/ours.ts')
        return script(pathToFileURL(file).href)
      }
      case 'npm tftp':
        return script('servers/npm-tftp.ts')
      case 'node floor':
        return script('servers/floor.ts')
      case 'tftpd-hpa':
        return [
          '/usr/sbin/in.tftpd',
          '-L',
          '-a',
          `${address}:${PORT}`,
          '-u',
          'root',
          '-s',
          this.#root,
        ]
      case 'dnsmasq': {
        const options = [
          '--no-daemon',
          '--port=0',
          '--conf-file=/dev/null',
          '--user=root',
          '--pid-file=',
        ]
        const tftp = [
          '--enable-tftp',
          `--tftp-root=${this.#root}`,
          '--tftp-max=4000',
          '--log-facility=/dev/null',
        ]
        return [
          '/usr/sbin/dnsmasq',
          ...options,
          ...tftp,
          `--listen-address=${address}`,
          '--bind-interfaces',
        ]
      }
      default: {
        const where = ['--bind-address', address, '--port', String(PORT), '--logfile', '/dev/null']
        const options = [
          '--daemon',
          '--no-fork',
          '--user',
          'root',
          '--group',
          'root',
          '--maxthread',
          '4000',
        ]
        return [join(unpackedAt('atftpd'), 'usr/sbin/atftpd'), ...options, ...where, this.#root]
      }
    }
  }

  /** Starts a server on an address of its own, so that all stand ready and runs can take turns. */
  async #start(name: ServerName): Promise<void> {
    const address = `127.0.0.${SERVERS.indexOf(name) + 1}`
    const command = this.#on(SERVER_CORE, this.#command(name, address))
    const child = spawn('ip', command, { stdio: 'ignore' })
    this.#running.set(name, { child, address })
    const probe = { file: 'kib64', blockSize: 1468, windowSize: 1, clients: 1 } as const
    // A busy machine may need longer to start than a client waits.
    for (let tries = 0; tries < START_TRIES && child.exitCode === null; tries++) {
      const { failed } = await this.#load(address, 'across cores', probe)
      if (failed === 0) return
    }
    throw new Error(`${name} does not serve`)
  }

  /** Runs one load against a server, which is started for the first one. */
  async run(name: ServerName, placement: Placement, load: Load): Promise<Run> {
    if (!this.#running.has(name)) await this.#start(name)
    const running = this.#running.get(name)
    if (!running?.child.pid) throw new Error(`${name} is not running`)
    const { pid } = running.child
    const before = cpuSecondsOf(pid)
    const measured = await this.#load(running.address, placement, load)
    return { ...measured, cpuSeconds: cpuSecondsOf(pid) - before, peakBytes: peakBytesOf(pid) }
  }

  async #load(
    address: string,
    placement: Placement,
    load: Load,
  ): Promise<Omit<Run, 'cpuSeconds' | 'peakBytes'>> {
    const { file, blockSize, windowSize, clients, lossPermille = 0, acksAll = false } = load
    const numbers = [blockSize, windowSize, clients, lossPermille, Number(acksAll)].map(String)
    const core = placement === 'one core' ? SERVER_CORE : CLIENT_CORE
    const command = [this.#client, address, String(PORT), file, ...numbers]
    const child = spawn('ip', this.#on(core, command), { stdio: ['ignore', 'pipe', 'inherit'] })
    let printed = ''
    child.stdout.on('data', (text) => (printed += text))
    await once(child, 'close')
    return JSON.parse(printed)
  }
}

/** `ip netns exec` and `taskset` become the command, so the child is the server; it may fork. */
const cpuSecondsOf = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // utime, stime, cutime and cstime: fields 14 to 17 of proc(5); the first here is field 3.
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  return ticks / TICKS_PER_SECOND
}

const peakBytesOf = (pid: number): number => {
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(peak?.[1] ?? NaN) * 1024
}

/** The middle one of an odd number of values; of an even number the lower middle. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[(values.length - 1) >> 1]!

/** Whether this peer can run here. */
export const isHere = (name: ServerName): boolean => {
  if (name === 'tftpd-hpa') return existsSync('/usr/sbin/in.tftpd')
  if (name === 'dnsmasq') return existsSync('/usr/sbin/dnsmasq')
  if (name === 'atftpd') return existsSync(join(unpackedAt('atftpd'), 'usr/sbin/atftpd'))
  return name !== 'bootwire before' || BOOTWIRE_BENCH_BEFORE !== undefined
}
