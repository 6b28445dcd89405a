import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { buffer, text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import { get } from '@bootwire/tftp'

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url))

/** In the configuration's secrets, outside the assets and in the admin token: nobody may come by it. */
export const SECRET = 'SECRET-THAT-NOBODY-MAY-COME-BY'
export const MAC = '52:54:00:00:00:01'
const KERNEL_BYTES = 300_000
/** Addresses of loopback: who attacks, and the machine that boots meanwhile. */
export const ATTACKER = '127.0.0.66'
const MACHINE = '127.0.0.2'

const CONFIG = `
server:
  dhcp: { port: 10267, bootServerPort: 14211 }
  tftp: { port: 0 }
  http: { port: 0 }
  admin: { listen: "127.0.0.1:0", tokens: { ci: { file: token, scopes: [read, act] } } }
assets: assets
ipxe: { efi-x64: ipxe.efi }
secrets: { root: { file: secret } }
profiles:
  a: { kernel: vmlinuz, args: "console=ttyS0 host={{ hostname | default: 'none' }}" }
  b: { kernel: vmlinuz, answers: { ks: { text: "{{ secret.root }}" } } }
machines: { m: { mac: "${MAC}", profile: a }, other: { mac: "52:54:00:00:00:02", profile: b } }
groups:
  - { name: slow, match: { serial: { regex: '^(\\w+\\s?)*$' } }, profile: a }
`

interface Ready {
  readonly http: string
  readonly admin: string
  readonly ports: { readonly dhcp: number; readonly tftp: number; readonly http: number }
}

/** What the daemon has said, and whether it still runs. */
export class Attacked {
  readonly ready: Ready
  readonly log: readonly string[]
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, ready: Ready, log: readonly string[]) {
    this.#child = child
    this.ready = ready
    this.log = log
  }

  static async start(folder: string): Promise<Attacked> {
    const assets = join(folder, 'assets')
    mkdirSync(assets)
    writeFileSync(join(folder, 'boot.yaml'), CONFIG)
    for (const name of ['secret', 'token']) writeFileSync(join(folder, name), SECRET)
    writeFileSync(join(folder, 'ipxe.efi'), Buffer.alloc(KERNEL_BYTES, 1))
    writeFileSync(join(assets, 'vmlinuz'), Buffer.alloc(KERNEL_BYTES, 2))
    writeFileSync(join(assets, 'large'), Buffer.alloc(100_000_000, 3))
    execFileSync('mkfifo', [join(assets, 'fifo')])
    symlinkSync('loop', join(assets, 'loop'))
    symlinkSync('/dev/zero', join(assets, 'device'))
    const source = ['--conditions=@bootwire/source', '--import', import.meta.resolve('tsx'), CLI]
    const where = ['--interface', 'lo', '--address', '127.0.0.1', '--user', 'root', '--log', 'json']
    const files = ['--config', join(folder, 'boot.yaml'), '--data-dir', join(folder, 'data')]
    const child = spawn(process.execPath, [...source, 'serve', ...where, ...files], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const log: string[] = []
    const ready = new Promise<Ready>((resolve, reject) => {
      child.once('exit', () => reject(new Error('the daemon ended')))
      createInterface({ input: child.stdout }).on('line', (line) => {
        log.push(line)
        if (line.includes('"event":"ready"')) resolve(JSON.parse(line))
      })
    })
    return new Attacked(child, await ready, log)
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** One boot of another machine: iPXE, its script, its kernel. Resolves to how long it took, in ms. */
  async boot(): Promise<number> {
    const started = performance.now()
    const host = { host: '127.0.0.1', localAddress: MACHINE }
    const { stream } = await get({ ...host, port: this.ready.ports.tftp, filename: 'ipxe.efi' })
    if ((await buffer(stream)).length !== KERNEL_BYTES) throw new Error('iPXE is cut')
    const script = await this.raw(`GET /script?mac=${MAC}&final=1`, MACHINE)
    if (!script.startsWith('HTTP/1.1 200')) throw new Error(`no script: ${script.slice(0, 60)}`)
    const kernel = await this.raw('GET /assets/vmlinuz', MACHINE)
    if (kernel.length < KERNEL_BYTES) throw new Error('the kernel is cut')
    return performance.now() - started
  }

  /** One plain request by an address; resolves to all of the answer. */
  raw(line: string, from: string, headers = 'Host: x\r\n', port?: number): Promise<string> {
    return this.send(`${line} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`, from, port)
  }

  /** Bytes by an address; resolves to all that comes back, or to nothing where the connection is cut. */
  async send(bytes: string | Buffer, from = ATTACKER, port?: number): Promise<string> {
    const socket = this.open(from, port)
    socket.write(bytes)
    try {
      return await text(socket.setEncoding('latin1'))
    } catch {
      return ''
    } finally {
      socket.destroy()
    }
  }

  /** A connection that is left to the caller; one that is cut is what is asked for. */
  open(from = ATTACKER, port: number = this.ready.ports.http): Socket {
    const socket = connect({ host: '127.0.0.1', port, localAddress: from })
    socket.setTimeout(10_000, () => socket.destroy())
    socket.on('error', () => {})
    return socket
  }

  get adminPort(): number {
    return Number(new URL(this.ready.admin).port)
  }

  async stop(): Promise<void> {
    if (!this.isRunning) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await ended
  }
}
