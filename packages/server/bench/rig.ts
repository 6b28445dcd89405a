import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const CLI = fileURLToPath(new URL('../bin/bootwire.js', import.meta.url))

const objectOf = (text: string): object => {
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null ? value : {}
}

const portOf = (ports: unknown): number =>
  typeof ports === 'object' && ports !== null ? Number(Reflect.get(ports, 'dhcp')) : Number.NaN

/** The built daemon on loopback, on ports that need no right. */
export class Served {
  readonly child: ChildProcess
  readonly readyMs: number
  readonly http: string
  readonly ports: { readonly dhcp: number }

  private constructor(child: ChildProcess, readyMs: number, ready: object) {
    this.child = child
    this.readyMs = readyMs
    this.http = String(Reflect.get(ready, 'http'))
    this.ports = { dhcp: portOf(Reflect.get(ready, 'ports')) }
  }

  static async start(args: readonly string[], folder: string): Promise<Served> {
    if (!existsSync(new URL('../dist/cli.js', import.meta.url)))
      throw new Error('build first: npm run build')
    const ports = [
      '--http-port',
      '0',
      '--tftp-port',
      '0',
      '--dhcp-port',
      '10067',
      '--boot-server-port',
      '14011',
    ]
    const where = [
      '--interface',
      'lo',
      '--address',
      '127.0.0.1',
      '--data-dir',
      join(folder, 'data'),
      '--log',
      'json',
    ]
    const started = performance.now()
    const child = spawn(process.execPath, [CLI, 'serve', ...ports, ...where, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const lines = createInterface({ input: child.stdout })
    const [line]: unknown[] = await once(lines, 'line')
    const readyMs = performance.now() - started
    lines.on('line', () => {}) // the log is read, as it would be
    return new Served(child, readyMs, objectOf(String(line)))
  }

  /** Resident memory in MB, now and at its highest. */
  get memory(): { readonly rss: number; readonly peak: number } {
    return memoryOf(this.child.pid!)
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM')
    await once(this.child, 'exit')
  }
}

export const memoryOf = (pid: number): { readonly rss: number; readonly peak: number } => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const field = (name: string) =>
    Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024
  return { rss: field('VmRSS'), peak: field('VmHWM') }
}

/** A folder that is gone afterwards. */
export const withFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'bootwire-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms))
