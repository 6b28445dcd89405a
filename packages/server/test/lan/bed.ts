import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where a process of the bed runs: the switch holds the machines, the other two one server each. */
export type Place = 'switch' | 'main' | 'boot'

/** The addresses of the bed's one network. */
export const NETWORK = {
  subnet: '10.77.0.0',
  main: '10.77.0.1',
  boot: '10.77.0.2',
  other: '10.77.0.3',
  firstLease: '10.77.0.50',
  lastLease: '10.77.0.99',
  /** What the payload takes when it needs the network; no lease. */
  payload: '10.77.0.200',
  subnet6: 'fd77::',
  main6: 'fd77::1',
} as const

const PREFIX = 'bwlan'
const IP = 'ip'
const ip = (...args: string[]): string =>
  execFileSync(IP, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' // it is another user's
  }
}

/** Waits for the end of its input, which the death of its parent closes too, then takes the bed down. */
const GUARDIAN = `
trap '' INT TERM HUP
cat >/dev/null
folder=$1; shift
for name; do for pid in $(ip netns pids "$name"); do kill -9 "$pid"; done; done
for name; do ip netns del "$name"; done
rm -rf "$folder"
`

const guard = (folder: string, names: readonly string[]): ChildProcess =>
  // Detached: Ctrl-C in a terminal goes to the whole process group, and the guardian must outlive it.
  spawn('sh', ['-c', GUARDIAN, 'guardian', folder, ...names], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })

/** Removes what a bed left whose process died together with its guardian (a power cut of the host's session). */
export const sweepStaleBeds = (): void => {
  const names = ip('netns', 'list')
    .split('\n')
    .map((line) => line.split(' ')[0]!)
    .filter((name) => name.startsWith(`${PREFIX}-`))
  for (const name of names.filter((each) => !isAlive(Number(each.split('-')[1])))) {
    for (const pid of ip('netns', 'pids', name).split('\n').filter(Boolean)) {
      process.kill(Number(pid), 'SIGKILL')
    }
    ip('netns', 'del', name)
  }
}

let beds = 0

/**
 * Three network namespaces on one bridge, and the processes that run in them.
 *
 *     switch: br0 -+- main  (veth, 10.77.0.1: dnsmasq, the network's own DHCP server)
 *                  +- boot  (veth, 10.77.0.2: what the machines boot from; 10.77.0.3: another server)
 *                  +- tap0, tap1, ... (one for each machine)
 */
export class Bed {
  readonly folder: string = mkdtempSync(join(tmpdir(), `${PREFIX}-`))
  readonly #names: Readonly<Record<Place, string>>
  readonly #guardian: ChildProcess
  readonly #children = new Set<ChildProcess>()
  #taps = 0

  constructor() {
    sweepStaleBeds()
    const id = `${PREFIX}-${process.pid}-${beds++}`
    this.#names = { switch: `${id}-switch`, main: `${id}-main`, boot: `${id}-boot` }
    this.#guardian = guard(this.folder, Object.values(this.#names))
    this.#build()
  }

  /** Runs a program in one of the namespaces; it is killed when the bed closes. */
  spawn(
    place: Place,
    command: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): ChildProcess {
    const child = spawn(IP, ['netns', 'exec', this.#names[place], command, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    })
    this.#children.add(child)
    child.once('close', () => this.#children.delete(child))
    return child
  }

  /** Runs a program in one of the namespaces to its end; resolves to what it printed. */
  async run(place: Place, command: string, args: readonly string[]): Promise<string> {
    const child = this.spawn(place, command, args)
    let [printed, complained] = ['', '']
    child.stdout!.setEncoding('latin1').on('data', (text: string) => (printed += text))
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (complained += text))
    await once(child, 'close')
    if (child.exitCode === 0) return printed
    throw new Error(`${command} ${args.join(' ')} failed: ${complained}`)
  }

  /** Plugs a machine in; returns the name of its tap. */
  plug(): string {
    const tap = `tap${this.#taps++}`
    const at = this.#names.switch
    ip('netns', 'exec', at, 'ip', 'tuntap', 'add', tap, 'mode', 'tap')
    ip('-n', at, 'link', 'set', tap, 'master', 'br0', 'up')
    return tap
  }

  /** Kills every process of the bed and removes its namespaces and files. */
  async close(): Promise<void> {
    if (this.#guardian.exitCode !== null) return
    const gone = [...this.#children].map((child) => once(child, 'close'))
    const done = once(this.#guardian, 'exit')
    this.#guardian.stdin!.end()
    await Promise.all([done, ...gone])
  }

  #build(): void {
    const { switch: hub, main, boot } = this.#names
    for (const name of [hub, main, boot]) {
      ip('netns', 'add', name)
      ip('-n', name, 'link', 'set', 'lo', 'up')
    }
    ip('-n', hub, 'link', 'add', 'br0', 'type', 'bridge', 'stp_state', '0', 'forward_delay', '0')
    ip('-n', hub, 'link', 'set', 'br0', 'up')
    this.#attach(main, 'main', [NETWORK.main])
    ip('-n', main, 'address', 'add', `${NETWORK.main6}/64`, 'nodad', 'dev', 'eth0')
    this.#attach(boot, 'boot', [NETWORK.boot, NETWORK.other])
  }

  #attach(name: string, port: string, addresses: readonly string[]): void {
    const hub = this.#names.switch
    ip('-n', hub, 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name)
    ip('-n', hub, 'link', 'set', port, 'master', 'br0', 'up')
    for (const address of addresses) {
      ip('-n', name, 'address', 'add', `${address}/24`, 'brd', '+', 'dev', 'eth0')
    }
    ip('-n', name, 'link', 'set', 'eth0', 'up')
  }
}
