import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { decodePacket, type DhcpPacket, encodePacket } from '../../src/codec/index.ts'

const at = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000,
  })

export interface Send {
  readonly to: string
  readonly port: number
  readonly packet: DhcpPacket
}

export interface Heard {
  readonly packet: DhcpPacket
  readonly from: string
  readonly port: number
}

export interface Line {
  readonly channel: string
  readonly record: unknown
}

/** A server in its namespace, and all that it printed. */
export interface Daemon {
  readonly lines: readonly Line[]
  readonly on: (channel: string) => unknown[]
}

/** One server host and two LANs, each with one client, in network namespaces of their own. */
export class TwoLans {
  readonly #prefix = `bwdhcp${process.pid}`
  readonly #processes: ChildProcess[] = []

  constructor() {
    for (const host of ['server', 'client0', 'client1']) run('ip', 'netns', 'add', this.#name(host))
    for (const lan of [0, 1]) {
      run(
        'ip',
        'link',
        'add',
        `lan${lan}`,
        'netns',
        this.#name('server'),
        'type',
        'veth',
        'peer',
        'name',
        'eth0',
        'netns',
        this.#name(`client${lan}`),
      )
      this.#address('server', `lan${lan}`, `10.8${lan}.0.1/24`)
      this.#address(`client${lan}`, 'eth0', `10.8${lan}.0.50/24`)
    }
    run('ip', '-n', this.#name('server'), 'link', 'set', 'lo', 'up')
  }

  /** Starts dnsmasq, which gives addresses and says nothing of booting, on the server host. */
  async mainDhcpServer(mac: string, lan: 0 | 1 = 0): Promise<void> {
    const words = [
      '--no-daemon',
      '--conf-file=/dev/null',
      '--port=0',
      `--interface=lan${lan}`,
      '--bind-interfaces',
      '--no-ping',
    ]
    const leases = [
      `--dhcp-range=10.8${lan}.0.50,10.8${lan}.0.99,1h`,
      `--dhcp-host=${mac},10.8${lan}.0.50`,
      '--dhcp-leasefile=/dev/null',
    ]
    await this.#start(/started/, ['dnsmasq', ...words, ...leases])
  }

  /** Starts our server on plain sockets of one address. */
  async serve(address: string): Promise<Daemon> {
    return this.#daemon(process.execPath, ...this.#nodeWords(address))
  }

  /** Gives the server host another address on a LAN, in place of the one it has. */
  readdress(lan: 0 | 1, address: string): void {
    run('ip', '-n', this.#name('server'), 'addr', 'flush', 'dev', `lan${lan}`)
    run('ip', '-n', this.#name('server'), 'addr', 'add', address, 'dev', `lan${lan}`)
  }

  /** Runs a command on the server host and gives what it prints. */
  onServer(...command: string[]): string {
    return run('ip', 'netns', 'exec', this.#name('server'), ...command)
  }

  /** Starts our server with sockets bound to both devices, as systemd passes them. */
  async serveBoth(): Promise<Daemon> {
    const words = ['lan0', 'lan1', '--', process.execPath, ...this.#nodeWords('systemd')]
    return this.#daemon('perl', at('device-sockets.pl'), ...words)
  }

  /** Sends from a client and returns what it heard within `ms`. */
  async exchange(lan: 0 | 1, ms: number, ...sends: Send[]): Promise<Heard[]> {
    const words = sends.map(
      ({ to, port, packet }) =>
        `${to}:${port}:${Buffer.from(encodePacket(packet)).toString('hex')}`,
    )
    const script = [process.execPath, at('exchange.mjs'), `10.8${lan}.0.50`, `${ms}`, ...words]
    const { stdout } = await promisify(execFile)(
      'ip',
      ['netns', 'exec', this.#name(`client${lan}`), ...script],
      { timeout: 30_000 },
    )
    const printed: readonly { hex: string; from: string; port: number }[] = JSON.parse(stdout)
    return printed.map(({ hex, from, port }) => ({
      packet: decodePacket(Buffer.from(hex, 'hex')),
      from,
      port,
    }))
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#processes.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return
        const exited = new Promise((resolve) => child.once('exit', resolve))
        child.kill('SIGTERM')
        await exited
      }),
    )
    for (const host of ['server', 'client0', 'client1']) run('ip', 'netns', 'del', this.#name(host))
  }

  #name(host: string): string {
    return `${this.#prefix}-${host}`
  }

  #address(host: string, device: string, address: string): void {
    run('ip', '-n', this.#name(host), 'addr', 'add', address, 'dev', device)
    run('ip', '-n', this.#name(host), 'link', 'set', device, 'up')
  }

  #nodeWords(argument: string): string[] {
    return [
      '--conditions=@bootwire/source',
      '--import',
      import.meta.resolve('tsx'),
      at('serve-lan.ts'),
      argument,
    ]
  }

  async #daemon(...command: string[]): Promise<Daemon> {
    const lines: Line[] = []
    await this.#start(/"channel":"listening"/, command, (line) => {
      if (line.startsWith('{')) lines.push(JSON.parse(line))
    })
    return {
      lines,
      on: (channel) => lines.filter((line) => line.channel === channel).map(({ record }) => record),
    }
  }

  /** Runs a command on the server host, and waits until it prints `ready`. */
  async #start(
    ready: RegExp,
    command: readonly string[],
    onLine: (line: string) => void = () => {},
  ): Promise<void> {
    const child = spawn('ip', ['netns', 'exec', this.#name('server'), ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#processes.push(child)
    const said: string[] = []
    await new Promise<void>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          said.push(line)
          onLine(line)
          if (ready.test(line)) resolve()
        })
      }
      child.once('exit', (code) =>
        reject(new Error(`${command[0]} ended with ${code}:\n${said.join('\n')}`)),
      )
    })
  }
}
