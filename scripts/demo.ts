// npm run demo [-- bios-ipxe|bios-pxe|uefi|uefi-http]: boots a virtual machine over a network of namespaces.
import type { Firmware } from '../packages/server/test/lan/firmware.ts'
import { Lan } from '../packages/server/test/lan/lan.ts'
import type { Machine } from '../packages/server/test/lan/machine.ts'
import { BOOTED, commandLineOf } from '../packages/server/test/lan/payload.ts'
import { ensureDebianPackages, isRoot } from './debian.mjs'
import { Timeline } from './timeline.ts'

const MACHINES: Readonly<Record<Firmware, string>> = {
  'bios-ipxe': 'a BIOS machine whose network card has iPXE',
  'bios-pxe': 'a BIOS machine with a plain PXE ROM',
  uefi: 'a UEFI machine',
  'uefi-http': 'a UEFI machine set to HTTP Boot',
}

const PACKAGES = [
  'iproute2',
  'dnsmasq-base',
  'qemu-system-x86',
  'ipxe',
  'ipxe-qemu',
  'seabios',
  'ovmf',
  'busybox-static',
  'cpio',
  'tcpdump',
]

const isFirmware = (word: string): word is Firmware => Object.hasOwn(MACHINES, word)

/** Follows the machine to the line that its init prints; resolves to the seconds that took. */
const follow = async (machine: Machine, timeline: Timeline): Promise<number> => {
  const starts = await machine.printsLine('Linux version')
  timeline.say('Linux', `${/Linux version \S+/.exec(starts)?.[0] ?? 'the kernel'} starts`)
  await machine.prints(BOOTED)
  const seconds = (Date.now() - machine.poweredOnMs) / 1000
  timeline.say('booted', `its init prints ${BOOTED}`)
  timeline.say('', `command line: ${await commandLineOf(machine)}`)
  await machine.powersOff()
  timeline.say('power', 'it switches itself off')
  return seconds
}

const demo = async (firmware: Firmware): Promise<void> => {
  const timeline = new Timeline(process.stdout)
  timeline.title(`Building a network: dnsmasq gives addresses, Bootwire stands beside it`)
  await using lan = await Lan.create()
  timeline.start()
  lan.daemon.watch((event) => timeline.tell(event))
  const machine = lan.powerOn({ firmware })
  timeline.say('power', `${MACHINES[firmware]}, ${machine.mac}, is switched on`)
  const seconds = await follow(machine, timeline)
  timeline.title(`Booted over the network in ${seconds.toFixed(1)} s`)
}

const fail = (why: string): never => {
  process.stderr.write(`demo: ${why}\n`)
  process.exit(1)
}

const word = process.argv[2] ?? 'uefi'
const firmware: Firmware = isFirmware(word)
  ? word
  : fail(`there is no machine "${word}"; choose ${Object.keys(MACHINES).join(', ')}`)
if (!isRoot()) fail('network namespaces and taps need root: run "sudo npm run demo"')

// The network takes itself down when this process ends, so Ctrl-C needs only to end it.
process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))

try {
  const missing = ensureDebianPackages(
    (line) => process.stderr.write(`demo: ${line}\n`),
    PACKAGES,
    ['kernel'],
  )
  if (missing) throw new Error(missing)
  await demo(firmware)
} catch (error) {
  fail(error instanceof Error ? error.message : String(error))
}
