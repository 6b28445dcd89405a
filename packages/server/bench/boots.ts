import type { Measure, Measurement } from '../../../scripts/measure.ts'
import type { Firmware } from '../test/lan/firmware.ts'
import { Lan } from '../test/lan/lan.ts'
import { lostOn4011, waitsOf, type Step } from '../test/lan/story.ts'

type Server = 'bootwire' | 'dnsmasq'

interface Boot {
  readonly kernelSeconds: number
  readonly lostSeconds: number
  readonly waitedSeconds: number
  readonly programs: number
}

const FIRMWARES: readonly Firmware[] = ['bios-ipxe', 'bios-pxe', 'uefi']

/** Linux' first line: it has the machine now. */
const KERNEL_STARTS = 'Linux version'

/** Boot programs started: transfers after which the machine asks DHCP anew. EDK2 asks for the size in one of its own. */
const programsOf = (steps: readonly Step[]): number => {
  const asked = steps.map(({ what }) => what).filter((what) => /^(?:RRQ|DISCOVER)/.test(what))
  return asked.filter((what, i) => what.startsWith('RRQ') && asked[i + 1] === 'DISCOVER').length
}

/** EDK2 collects offers for four seconds, whoever answers. */
const EDK2_WINDOW = /^OFFER .* > REQUEST$/

const waitedOf = (steps: readonly Step[]): number =>
  waitsOf(steps, 1000)
    .filter(({ between }) => !EDK2_WINDOW.test(between))
    .reduce((sum, { ms }) => sum + ms, 0)

const bootOnce = async (lan: Lan, firmware: Firmware): Promise<Boot> => {
  const machine = lan.powerOn({ firmware })
  await machine.prints(KERNEL_STARTS)
  const kernelSeconds = (Date.now() - machine.poweredOnMs) / 1000
  await machine.powerOff()
  const steps = await lan.steps(machine)
  return {
    kernelSeconds,
    lostSeconds: lostOn4011(steps) / 1000,
    waitedSeconds: waitedOf(steps) / 1000,
    programs: programsOf(steps),
  }
}

const bootAll = async (
  server: Server,
  ipv6Router: boolean,
  say: (line: string) => void,
): Promise<ReadonlyMap<Firmware, Boot>> => {
  const commandLine = 'initrd=initrd.img console=ttyS0'
  await using lan = await Lan.create({ server, ipv6Router, commandLine })
  const boots = new Map<Firmware, Boot>()
  for (const firmware of FIRMWARES) {
    const boot = await bootOnce(lan, firmware)
    say(`${server} ${firmware}: kernel after ${boot.kernelSeconds.toFixed(1)} s`)
    boots.set(firmware, boot)
  }
  return boots
}

const rowsOf = (name: string, ours: Boot, peer: Boot): Measurement[] => {
  const beside = (pick: (boot: Boot) => number) => ({
    ours: pick(ours),
    peer: { name: 'dnsmasq', value: pick(peer) },
  })
  return [
    { what: `${name}: power-on to kernel`, unit: 's', ...beside((boot) => boot.kernelSeconds) },
    {
      what: `${name}: lost on port 4011`,
      unit: 's',
      ...beside((boot) => boot.lostSeconds),
      bar: { of: 'ours', is: 'at most', limit: 0 },
    },
    { what: `${name}: waited for time-outs`, unit: 's', ...beside((boot) => boot.waitedSeconds) },
    { what: `${name}: boot programs handed out`, unit: '', ...beside((boot) => boot.programs) },
  ]
}

/**
 * The three boots beside dnsmasq. `boots` has an IPv6 router in the network; `boots-no-router` has none, where iPXE
 * solicits for one for 16 s each time it starts, whoever serves it.
 */
export const boots: Measure = async ({ say }) => {
  const rows: Measurement[] = []
  for (const [part, ipv6Router] of [
    ['boots', true],
    ['boots-no-router', false],
  ] as const) {
    const ours = await bootAll('bootwire', ipv6Router, say)
    const peer = await bootAll('dnsmasq', ipv6Router, say)
    for (const firmware of FIRMWARES) {
      rows.push(...rowsOf(`${part} ${firmware}`, ours.get(firmware)!, peer.get(firmware)!))
    }
  }
  return rows
}
