import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

const SERVER_ADDRESS = '10.82.0.1'
/** Ticks a second of the times in /proc, `getconf CLK_TCK`. */
const TICKS = 100

/** What the sender prints. */
export interface Load {
  readonly sent: number
  readonly answered: number
  readonly wrong: number
  readonly lost: number
  readonly seconds: number
  readonly p50Us: number
  readonly p99Us: number
  readonly worstUs: number
}

/** A server host and a client host in namespaces of their own, the compiled sender, and the server as it is published. */
export class Arena {
  readonly #prefix = `bwdhcpbench${process.pid}`
  readonly #folder = mkdtempSync(join(tmpdir(), 'bootwire-dhcp-bench-'))
  readonly #built = here('../node_modules/.cache/bootwire-bench')
  #server: ChildProcess | undefined

  constructor() {
    run('gcc', '-O2', '-o', join(this.#folder, 'load'), here('load.c'))
    // Built as the package is: what tsx does to every function costs more than a reply.
    const tsup = [
      '--no-config',
      '--format',
      'esm',
      '--target',
      'node20',
      '--silent',
      '--out-dir',
      this.#built,
    ]
    // In the package's folder: tsup leaves out of the bundle what that manifest names as dependencies.
    execFileSync('tsup', [here('serve.ts'), here('echo.ts'), ...tsup], {
      cwd: here('..'),
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    for (const host of ['s', 'c']) run('ip', 'netns', 'add', this.#name(host))
    run(
      'ip',
      'link',
      'add',
      'lan',
      'netns',
      this.#name('s'),
      'type',
      'veth',
      'peer',
      'name',
      'eth0',
      'netns',
      this.#name('c'),
    )
    this.#address('s', 'lan', `${SERVER_ADDRESS}/24`)
    this.#address('c', 'eth0', '10.82.0.2/24')
    run('ip', '-n', this.#name('s'), 'link', 'set', 'lo', 'up')
  }

  async ours(): Promise<void> {
    await this.#start(/listening/, process.execPath, join(this.#built, 'serve.js'), SERVER_ADDRESS)
  }

  /** Node's sockets with nothing between receiving and sending: what no JavaScript can go below. */
  async echo(): Promise<void> {
    await this.#start(/listening/, process.execPath, join(this.#built, 'echo.js'), SERVER_ADDRESS)
  }

  /** dnsmasq as ProxyDHCP, without its log: one line a packet would be unfair to it. */
  async dnsmasq(): Promise<void> {
    const words = [
      '--no-daemon',
      '--conf-file=/dev/null',
      '--port=0',
      '--quiet-dhcp',
      '--interface=lan',
      '--bind-interfaces',
    ]
    const proxy = [
      '--dhcp-range=10.82.0.0,proxy',
      '--pxe-service=x86PC,boot,undionly',
      `--dhcp-leasefile=${join(this.#folder, 'leases')}`,
    ]
    await this.#start(/started/, 'dnsmasq', ...words, ...proxy)
  }

  /** Keeps 64 DISCOVERs unanswered, as fast as the server allows. */
  flood(seconds: number, most = 1e9): Load {
    return this.#load('closed', 0, seconds, most)
  }

  /** Sends so many a second, answered or not. */
  pace(perSecond: number, seconds: number): Load {
    return this.#load('open', perSecond, seconds, 1e9)
  }

  /** CPU seconds the server has used so far. */
  get cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.#pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / TICKS
  }

  /** Resident memory of the server in MB. */
  get residentMb(): number {
    const status = readFileSync(`/proc/${this.#pid}/status`, 'utf8')
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024
  }

  async stop(): Promise<void> {
    const child = this.#server
    this.#server = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exited = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await exited
  }

  async close(): Promise<void> {
    await this.stop()
    for (const host of ['s', 'c']) run('ip', 'netns', 'del', this.#name(host))
    rmSync(this.#folder, { recursive: true })
    rmSync(this.#built, { recursive: true })
  }

  /** `ip netns exec` replaces itself by the command, so the child is the server. */
  get #pid(): number {
    const pid = this.#server?.pid
    if (pid === undefined) throw new Error('no server runs')
    return pid
  }

  #name(host: string): string {
    return `${this.#prefix}${host}`
  }

  #address(host: string, device: string, address: string): void {
    run('ip', '-n', this.#name(host), 'addr', 'add', address, 'dev', device)
    run('ip', '-n', this.#name(host), 'link', 'set', device, 'up')
  }

  #load(mode: string, perSecond: number, seconds: number, most: number): Load {
    const words = ['eth0', mode, `${perSecond}`, `${seconds}`, '64', `${most}`]
    return JSON.parse(
      run('ip', 'netns', 'exec', this.#name('c'), join(this.#folder, 'load'), ...words),
    )
  }

  async #start(ready: RegExp, ...command: string[]): Promise<void> {
    const child = spawn('ip', ['netns', 'exec', this.#name('s'), ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#server = child
    await new Promise<void>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => ready.test(line) && resolve())
      }
      child.once('exit', (code) => reject(new Error(`${command[0]} ended with ${code}`)))
    })
  }
}
