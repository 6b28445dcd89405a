import type { ChildProcess } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { BootDecision, Firmware as ClientFirmware } from '@bootwire/dhcp-proxy'

import { Bed, NETWORK } from './bed.ts'
import { Capture } from './capture.ts'
import { startFileServer, startMainServer } from './dnsmasq.ts'
import { Machine } from './machine.ts'
import { saidSo } from './said-so.ts'
import { stepsOf, type Step } from './story.ts'

const DAEMON = fileURLToPath(new URL('dhcp-proxy-daemon.ts', import.meta.url))
const QEMU = [
  '-accel',
  'tcg',
  '-nographic',
  '-nodefaults',
  '-monitor',
  'none',
  '-serial',
  'stdio',
  '-no-reboot',
]

/** Decisions by firmware, as plain JSON. */
export type Decisions = Partial<Record<ClientFirmware, BootDecision>>

/** A machine whose keyboard a test may use. */
export interface TypingMachine {
  readonly machine: Machine
  readonly type: (keys: string) => void
}

/**
 * The bed with a main DHCP server, this repository's ProxyDHCP server alone (no daemon), and files by TFTP and HTTP
 * (port 8080) out of one folder.
 */
export class DhcpNetwork {
  readonly bed: Bed = new Bed()
  /** What TFTP and HTTP give out; holds ipxe.efi and undionly.kpxe. */
  readonly files: string = join(this.bed.folder, 'files')
  #capture: Capture | undefined

  static async create(decisions: Decisions): Promise<DhcpNetwork> {
    const network = new DhcpNetwork()
    try {
      await network.#start(decisions)
      return network
    } catch (error) {
      await network.close()
      throw error
    }
  }

  /** Powers a machine on with these arguments of QEMU; its card is `-netdev` id `lan`. */
  powerOn(mac: string, own: readonly string[]): TypingMachine {
    const tap = `tap,id=lan,ifname=${this.bed.plug()},script=no,downscript=no`
    const child = this.bed.spawn('switch', 'qemu-system-x86_64', [
      ...QEMU,
      '-m',
      '512',
      '-netdev',
      tap,
      ...own,
    ])
    return { machine: new Machine(mac, child), type: (keys) => child.stdin!.write(keys) }
  }

  async steps(machine: Machine): Promise<readonly Step[]> {
    return stepsOf(await this.#capture!.packets(), machine.mac, machine.poweredOnMs)
  }

  async close(): Promise<void> {
    await this.bed.close()
  }

  async #start(decisions: Decisions): Promise<void> {
    const { bed, files } = this
    mkdirSync(files)
    for (const name of ['ipxe.efi', 'undionly.kpxe'])
      copyFileSync(`/usr/lib/ipxe/${name}`, join(files, name))
    this.#capture = await Capture.start(bed)
    await startMainServer(bed, true)
    const tftp = [
      '--enable-tftp',
      `--tftp-root=${files}`,
      '--user=root',
      '--interface=eth0',
      '--bind-interfaces',
    ]
    const give = bed.spawn('boot', 'dnsmasq', [
      '--no-daemon',
      '--conf-file=/dev/null',
      '--port=0',
      ...tftp,
    ])
    give.stdout!.resume()
    await saidSo(give.stderr!, 'TFTP root', 'dnsmasq')
    startFileServer(bed, files, `${NETWORK.boot}:8080`)
    await this.#startProxy(decisions)
  }

  async #startProxy(decisions: Decisions): Promise<ChildProcess> {
    const loader = ['--conditions=@bootwire/source', '--import', import.meta.resolve('tsx')]
    const child = this.bed.spawn('boot', process.execPath, [
      ...loader,
      DAEMON,
      JSON.stringify(decisions),
      NETWORK.boot,
    ])
    child.stderr!.resume()
    await saidSo(child.stdout!, 'listening', 'the ProxyDHCP server')
    return child
  }
}
