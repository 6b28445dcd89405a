import { spawn, type ChildProcess } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import {
  decodeBootFile,
  decodePacket,
  encodePacket,
  type DhcpPacket,
} from '@bootwire/dhcp-proxy/codec'
import { get } from '@bootwire/tftp'

import type { Measurement } from '../../../scripts/measure.ts'
import { memoryOf, withFolder } from '../bench/rig.ts'
import { executions, failures } from './rig.ts'

const BOOTS = 50_000
const MACHINES = 1000
const AT_ONCE = 16
/** Samples of memory and descriptors, evenly over the boots. */
const SAMPLES = 200
const ANSWER_MS = 15_000
const MAX_HOPS = 6
/** Growth of resident memory over the second half of the boots. */
const MOST_BYTES_A_BOOT = 1024

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url))

/** Every second machine is installed once and boots its disk from then on; the others boot from the network for ever. */
const CONFIG = `
server: { dhcp: { port: 10167, bootServerPort: 14111 }, tftp: { port: 0 }, http: { port: 0 } }
assets: assets
ipxe: { efi-x64: ipxe.efi }
profiles:
  install: { kernel: vmlinuz, initrd: initrd, args: "{{ answer.ks }} {{ report.done }}", once: true, answers: { ks: { text: "{{ mac }} {{ report.done }}" } } }
  live: { kernel: vmlinuz, initrd: initrd, args: "{{ answer.ks }}", answers: { ks: { text: "{{ mac }}" } } }
groups:
  - { name: installed, match: { mac: { prefix: "52:54:00" } }, profile: install }
  - { name: others, match: { mac: { prefix: "52:54:01" } }, profile: live }
`

const ZEROS = '0.0.0.0'
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

const macOf = (machine: number): number[] => [
  0x52,
  0x54,
  machine % 2,
  0,
  machine >> 8,
  machine & 255,
]

/** Asks DHCP on loopback: the client says that it has the address that it sends from, and so gets its reply there. */
class DhcpAsker {
  readonly #socket: Socket
  readonly #port: number
  readonly #waiting = new Map<number, (file: string) => void>()
  #xid = 0

  constructor(socket: Socket, port: number) {
    this.#socket = socket
    this.#port = port
    socket.on('message', (bytes) => {
      const { xid, file, options } = decodePacket(bytes)
      const named = options.get(67)
      this.#waiting.get(xid)?.(named ? decodeBootFile(named) : file)
      this.#waiting.delete(xid)
    })
  }

  /** The boot file; a request that is lost is sent again, as firmware does. */
  async ask(machine: number, own: readonly (readonly [number, Uint8Array])[]): Promise<string> {
    const xid = ++this.#xid
    const packet: DhcpPacket = {
      op: 1,
      htype: 1,
      hlen: 6,
      hops: 0,
      xid,
      secs: 0,
      flags: 0,
      ciaddr: '127.0.0.1',
      yiaddr: ZEROS,
      siaddr: ZEROS,
      giaddr: ZEROS,
      chaddr: Uint8Array.from([...macOf(machine), ...Array.from({ length: 10 }, () => 0)]),
      sname: '',
      file: '',
      options: new Map([[53, Uint8Array.of(1)], [93, Uint8Array.of(0, 7)], ...own]),
    }
    const bytes = encodePacket(packet)
    return new Promise((resolve, reject) => {
      const send = () => this.#socket.send(bytes, this.#port, '127.0.0.1')
      const again = setInterval(send, 2000)
      const late = setTimeout(() => {
        clearInterval(again)
        this.#waiting.delete(xid)
        reject(new Error('DHCP does not answer'))
      }, ANSWER_MS)
      this.#waiting.set(xid, (file) => {
        clearInterval(again)
        clearTimeout(late)
        resolve(file)
      })
      send()
    })
  }
}

interface Ready {
  readonly http: string
  readonly ports: { readonly dhcp: number; readonly tftp: number }
}

const isReady = (value: object): value is Ready & { readonly event: 'ready' } =>
  'event' in value && value.event === 'ready'

class Site {
  readonly child: ChildProcess
  readonly #ready: Ready
  readonly #dhcp: DhcpAsker
  readonly #agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })

  constructor(child: ChildProcess, ready: Ready, socket: Socket) {
    this.child = child
    this.#ready = ready
    this.#dhcp = new DhcpAsker(socket, ready.ports.dhcp)
  }

  /** From power-on to the installer's report, by every protocol. */
  async boot(machine: number): Promise<void> {
    const pxe = bytesOf('PXEClient:Arch:00007:UNDI:003016')
    const file = await this.#dhcp.ask(machine, [[60, pxe]])
    const { stream } = await get({
      host: '127.0.0.1',
      port: this.#ready.ports.tftp,
      filename: file,
    })
    if ((await buffer(stream)).length !== IPXE_BYTES) throw new Error('iPXE is cut')
    let url = await this.#dhcp.ask(machine, [
      [60, pxe],
      [77, bytesOf('iPXE')],
    ])
    let script = ''
    for (let hops = 0; hops < MAX_HOPS && url !== ''; hops++) {
      // oxlint-disable-next-line no-await-in-loop -- each is where the one before led
      script = await this.#get(url)
      url = (/^chain \S+ \S+ (http\S+)/m.exec(script)?.[1] ?? '').replaceAll(/\$\{[^}]*\}/g, '')
    }
    const linked = [...script.matchAll(/http:\/\/\S+\/(?:assets|answers|report)\/[^\s'"]+/g)]
    const isInstalled = machine % 2 === 0 && linked.length === 0
    if (!isInstalled && linked.length < 3) throw new Error(`no installer: ${script.slice(0, 300)}`)
    // oxlint-disable-next-line no-await-in-loop -- as an installer does, the report last
    for (const [link] of linked) await this.#get(link)
  }

  close(): void {
    this.#agent.destroy()
  }

  async #get(url: string): Promise<string> {
    const asked = request(url, { agent: this.#agent, timeout: ANSWER_MS })
    asked.once('timeout', () => asked.destroy(new Error('HTTP does not answer')))
    asked.end()
    const [response] = await once(asked, 'response')
    const body = (await buffer(response)).toString()
    if (response.statusCode !== 200) throw new Error(`${response.statusCode} for ${url}`)
    return body
  }
}

const IPXE_BYTES = 200_000

interface Sample {
  readonly megabytes: number
  readonly descriptors: number
}

const sampleOf = (pid: number): Sample => ({
  megabytes: memoryOf(pid).rss,
  descriptors: readdirSync(`/proc/${pid}/fd`).length,
})

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** Medians of the tenth of the samples that ends at a part of them: one sample is noise of the garbage collector. */
const around = (
  samples: readonly Sample[],
  part: number,
  pick: (one: Sample) => number,
): number => {
  const end = Math.round(samples.length * part)
  return median(samples.slice(end - samples.length / 10, end).map(pick))
}

const startSite = async (folder: string): Promise<Site> => {
  const source = ['--conditions=@bootwire/source', '--import', import.meta.resolve('tsx'), CLI]
  const where = ['--interface', 'lo', '--address', '127.0.0.1', '--user', 'root']
  const files = ['--config', join(folder, 'boot.yaml'), '--data-dir', join(folder, 'data')]
  const child = spawn(process.execPath, [...source, 'serve', ...where, ...files, '--log', 'json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const lines = createInterface({ input: child.stdout })
  const ready = new Promise<Ready>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the daemon ended')))
    // The log is read to its end, as it would be.
    lines.on('line', (line) => {
      const record: object = line.includes('"ready"') ? JSON.parse(line) : {}
      if (isReady(record)) resolve(record)
    })
  })
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  child.once('exit', () => socket.close())
  return new Site(child, await ready, socket)
}

/** Complete boots through real sockets against one daemon: what it keeps of each is nothing. */
export const soak = async (
  say: (line: string) => void,
  boots: number = BOOTS,
): Promise<Measurement[]> =>
  withFolder(async (folder) => {
    writeFileSync(join(folder, 'boot.yaml'), CONFIG)
    writeFileSync(join(folder, 'ipxe.efi'), Buffer.alloc(IPXE_BYTES, 1))
    mkdirSync(join(folder, 'assets'))
    for (const name of ['vmlinuz', 'initrd'])
      writeFileSync(join(folder, 'assets', name), Buffer.alloc(100_000, 2))
    const site = await startSite(folder)
    const pid = site.child.pid ?? 0
    const samples: Sample[] = []
    let [next, failed] = [0, 0]
    const worker = async (): Promise<void> => {
      while (next < boots) {
        const number = next++
        if (number % Math.ceil(boots / SAMPLES) === 0) samples.push(sampleOf(pid))
        try {
          // oxlint-disable-next-line no-await-in-loop -- one boot after the other
          await site.boot(number % MACHINES)
        } catch (error) {
          if (failed++ < 5) say(`boot ${number}: ${String(error)}`)
        }
      }
    }
    const started = performance.now()
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, worker))
    } finally {
      site.close()
      const ended = once(site.child, 'exit')
      site.child.kill('SIGTERM')
      await ended
    }
    const seconds = (performance.now() - started) / 1000
    const [half, end] = [0.5, 1].map((part) => around(samples, part, (one) => one.megabytes))
    const [fdsHalf, fdsEnd] = [0.5, 1].map((part) =>
      around(samples, part, (one) => one.descriptors),
    )
    const growth = (((end ?? 0) - (half ?? 0)) * 1_048_576) / (boots / 2)
    say(
      `${boots} boots in ${seconds.toFixed(0)} s on Node ${process.version}: RSS ${half?.toFixed(1)} MB at half, ${end?.toFixed(1)} MB at the end; descriptors ${fdsHalf}, ${fdsEnd}`,
    )
    return [
      executions('soak: complete boots', boots - failed, boots),
      failures('soak: boots that failed', failed),
      {
        what: 'soak: resident memory for each boot of the second half',
        unit: 'bytes',
        ours: growth,
        bar: { of: 'ours', is: 'at most', limit: MOST_BYTES_A_BOOT },
      },
      failures('soak: descriptors more at the end', Math.max(0, (fdsEnd ?? 0) - (fdsHalf ?? 0))),
    ]
  })
