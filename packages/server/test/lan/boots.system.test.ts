import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import type { Firmware } from './firmware.ts'
import { Lan } from './lan.ts'
import type { Machine } from './machine.ts'
import { BOOTED, commandLineOf } from './payload.ts'
import { lostOn4011, logStory, pausesOf, wireStory } from './story.ts'

const ONE = '52:54:00:aa:00:01'
const TWO = '52:54:00:aa:00:02'

const CONFIG = `
assets: assets
profiles:
  payload: { kernel: vmlinuz, initrd: initrd.img, args: console=ttyS0 quiet }
  one: { extends: payload, args: for=one }
  two: { extends: payload, args: for=two }
machines:
  one: { mac: "${ONE}", profile: one }
  two: { mac: "${TWO}", profile: two }
groups:
  - { name: everyone, match: { mac: { prefix: "52:54:00" } }, profile: payload }
`

const IPXE = [
  'DISCOVER',
  'OFFER boot',
  'GET /script',
  'GET /assets/vmlinuz',
  'GET /assets/initrd.img',
]

/** What happens before iPXE runs; EDK2 asks for the file's size in a transfer of its own. */
const BEFORE_IPXE: Readonly<Record<Exclude<Firmware, 'uefi-http'>, readonly string[]>> = {
  'bios-ipxe': [],
  'bios-pxe': ['DISCOVER', 'OFFER boot', 'RRQ undionly.kpxe'],
  uefi: ['DISCOVER', 'OFFER boot', 'RRQ ipxe.efi', 'RRQ ipxe.efi'],
}

/** iPXE for EFI puts the image's name in front of the command line, as EFI programs expect it. */
const EFI_NAME = 'kernel '

/** A boot program has been loaded and starts: a pause, but nobody waits for the network. */
const STARTS_PROGRAM = 'TFTP > DISCOVER'
const isWaiting = (pause: string): boolean => pause !== STARTS_PROGRAM

const bootsLinux = async (machine: Machine): Promise<string> => {
  await machine.prints(BOOTED)
  const commandLine = await commandLineOf(machine)
  await machine.powersOff()
  return commandLine
}

describeSystem('a machine that boots from Bootwire', () => {
  let lan: Lan
  beforeAll(async () => {
    lan = await Lan.create({ config: CONFIG })
  })
  afterAll(async () => {
    await lan.close()
  })

  it.each(['bios-ipxe', 'bios-pxe', 'uefi'] as const)('starts Linux from %s', async (firmware) => {
    const machine = lan.powerOn({ firmware })
    const name = firmware === 'uefi' ? EFI_NAME : ''
    expect(await bootsLinux(machine)).toBe(`${name}initrd=initrd0 console=ttyS0 quiet`)

    const steps = lan.steps(machine)
    const story = [...BEFORE_IPXE[firmware], ...IPXE]
    expect(wireStory(steps)).toEqual(story)
    expect(logStory(lan.daemon.eventsOf(machine.mac))).toEqual(story)

    // EDK2 collects offers for four seconds; iPXE goes on with the first pair. Nothing else takes its time.
    const window = steps.find(({ what }) => what === 'REQUEST')!
    const offer = steps[steps.indexOf(window) - 1]!
    const ownWindow = firmware === 'uefi' ? [`${offer.what} > REQUEST`] : []
    expect(pausesOf(steps, 1500).filter(isWaiting)).toEqual(ownWindow)
    expect(window.timeMs - offer.timeMs).toBeLessThan(firmware === 'uefi' ? 5000 : 1000)
    expect(lostOn4011(steps)).toBe(0)
  })

  it('gives two machines that start at once each its own script', async () => {
    const one = lan.powerOn({ firmware: 'bios-ipxe', mac: ONE })
    const two = lan.powerOn({ firmware: 'uefi', mac: TWO })
    const commandLines = await Promise.all([bootsLinux(one), bootsLinux(two)])
    const common = 'initrd=initrd0 console=ttyS0 quiet'
    expect(commandLines).toEqual([`${common} for=one`, `${EFI_NAME}${common} for=two`])
    const boots = new Set(
      [one, two].flatMap(({ mac }) => lan.daemon.eventsOf(mac)).map(({ boot }) => boot),
    )
    expect(boots.size).toBe(2)
  })
})
