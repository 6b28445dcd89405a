import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { Bed, NETWORK } from './bed.ts'
import { Capture, type Packet } from './capture.ts'
import { Daemon, type DaemonEvent } from './daemon.ts'
import { startDnsmasqProxy, startMainServer, writePeerScript } from './dnsmasq.ts'
import { emulatorOf, firmwareArguments, type Firmware, type FirmwareOptions } from './firmware.ts'
import { Machine } from './machine.ts'
import { kernelPath, writeInitrd, type Architecture } from './payload.ts'
import { packetsOf, stepsOf, type Step } from './story.ts'

/** How {@link Lan.create} builds the network. */
export interface LanOptions {
  /** What answers the machines beside the main DHCP server. Default: `bootwire`. */
  readonly server?: 'bootwire' | 'dnsmasq'
  /** The daemon's YAML. Default: {@link PAYLOAD_CONFIG}. */
  readonly config?: string
  /** Writes what the configuration names beside it: `folder` holds `assets`. */
  readonly prepare?: (folder: string) => void
  /** Whether the network has an IPv6 router, as most have. Default: true. */
  readonly ipv6Router?: boolean
  /** The host that the main DHCP server names as the server of boot files. Default: itself. */
  readonly nextServer?: string
  /** What the payload is made for. Default: `x86_64`. */
  readonly architecture?: Architecture
  /** The kernel's command line that the `dnsmasq` server's script gives. */
  readonly commandLine?: string
}

/** What {@link Lan.powerOn} starts. */
export interface MachineOptions extends FirmwareOptions {
  readonly firmware: Firmware
  /** Default: one that no other machine of this network has. */
  readonly mac?: string
  readonly uuid?: string
  readonly serial?: string
  readonly memoryMiB?: number
  /** A disk image, booted when the firmware or a script says so. */
  readonly disk?: string
}

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

/**
 * A small network with a DHCP server that knows nothing of booting, a boot server, and machines to power on.
 *
 * @example
 * await using lan = await Lan.create()
 * const machine = lan.powerOn({ firmware: 'uefi' })
 * await machine.prints('BOOTWIRE-BOOTED')
 */
export class Lan {
  readonly bed: Bed
  /** The folder that the boot server gives out by HTTP; holds the payload's `vmlinuz` and `initrd.img`. */
  readonly assets: string
  readonly #capture: Capture
  #daemon: Daemon | undefined
  readonly #machines: Machine[] = []

  private constructor(bed: Bed, assets: string, capture: Capture, daemon: Daemon | undefined) {
    this.bed = bed
    this.assets = assets
    this.#capture = capture
    this.#daemon = daemon
  }

  static async create({
    server = 'bootwire',
    config,
    prepare,
    ipv6Router = true,
    nextServer,
    architecture = 'x86_64',
    commandLine = '',
  }: LanOptions = {}): Promise<Lan> {
    const bed = new Bed()
    try {
      const assets = join(bed.folder, 'assets')
      mkdirSync(assets)
      copyFileSync(kernelPath(architecture), join(assets, 'vmlinuz'))
      writeInitrd(join(assets, 'initrd.img'), architecture)
      prepare?.(bed.folder)
      const capture = await Capture.start(bed)
      await startMainServer(bed, ipv6Router, nextServer)
      if (server === 'bootwire')
        return new Lan(bed, assets, capture, await Daemon.start(bed, config))
      writePeerScript(assets, commandLine)
      await startDnsmasqProxy(bed, assets, `http://${NETWORK.boot}:8080/boot.ipxe`)
      return new Lan(bed, assets, capture, undefined)
    } catch (error) {
      await bed.close()
      throw error
    }
  }

  /** The daemon under test. */
  get daemon(): Daemon {
    if (!this.#daemon) throw new Error('this network is served by dnsmasq')
    return this.#daemon
  }

  /** Stops the daemon as a service manager does, and starts it again on the same files. */
  async restartDaemon(): Promise<void> {
    const exitCode = await this.daemon.stop()
    if (exitCode !== 0) throw new Error(`the daemon stopped with exit code ${exitCode}`)
    this.#daemon = await Daemon.start(this.bed, readFileSync(this.daemon.configPath, 'utf8'))
  }

  /** Plugs a machine into the network and powers it on. */
  powerOn(options: MachineOptions): Machine {
    const { firmware, mac, uuid, serial, disk, memoryMiB = 512 } = options
    const number = this.#machines.length + 1
    const address = mac ?? `52:54:00:00:00:${number.toString(16).padStart(2, '0')}`
    const tap = `tap,id=lan,ifname=${this.bed.plug()},script=no,downscript=no`
    const identity = [
      ...(uuid ? ['-uuid', uuid] : []),
      ...(serial ? ['-smbios', `type=1,serial=${serial}`] : []),
    ]
    // A test that runs again powers on the machine that its first run has left on.
    for (const other of this.#machines) if (other.mac === address) void other.powerOff()
    const disks = disk ? ['-drive', `if=ide,format=raw,file=${disk}`] : []
    const own = firmwareArguments(firmware, address, this.bed.folder, options)
    const shape = ['-m', String(memoryMiB), '-netdev', tap, ...identity]
    const [emulator = '', ...first] = emulatorOf(firmware)
    const all = [...first, ...QEMU, ...shape, ...disks, ...own]
    const machine = new Machine(address, this.bed.spawn('switch', emulator, all))
    this.#machines.push(machine)
    return machine
  }

  /** What the daemon has logged of a machine since it was powered on. */
  eventsOf({ mac, poweredOnMs }: Machine): readonly DaemonEvent[] {
    const isLater = ({ time }: DaemonEvent): boolean => Date.parse(String(time)) >= poweredOnMs
    return this.daemon.eventsOf(mac).filter(isLater)
  }

  /** What the bridge has carried for a machine since it was powered on. */
  async packets(machine: Machine): Promise<readonly Packet[]> {
    return packetsOf(await this.#capture.packets(), machine.mac, machine.poweredOnMs)
  }

  /** The same packets by name, in order. */
  async steps(machine: Machine): Promise<readonly Step[]> {
    return stepsOf(await this.#capture.packets(), machine.mac, machine.poweredOnMs)
  }

  /** Takes everything down: machines, servers, namespaces and files. */
  async close(): Promise<void> {
    await this.bed.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
