import { afterEach, beforeEach, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import { Lan } from './lan.ts'
import type { Machine } from './machine.ts'
import { BOOTED, commandLineOf, KERNEL_ARGS } from './payload.ts'
import { lostOn4011, logStory, waitsOf, wireStory } from './story.ts'

const ONE = '52:54:00:aa:00:01'
const TWO = '52:54:00:aa:00:02'

const CONFIG = `
assets: assets
profiles:
  payload: { kernel: vmlinuz, initrd: initrd.img, args: ${KERNEL_ARGS} quiet }
  one: { extends: payload, args: for=one }
  two: { extends: payload, args: for=two }
machines:
  one: { mac: "${ONE}", profile: one }
  two: { mac: "${TWO}", profile: two }
groups:
  - { name: everyone, match: { mac: { prefix: "52:54:00" } }, profile: payload }
`

const COMMAND_LINE = `initrd=initrd0 ${KERNEL_ARGS} quiet`
/** iPXE for EFI puts the image's name in front of the command line, as EFI programs expect it. */
const EFI_COMMAND_LINE = `kernel ${COMMAND_LINE}`

const ASKS = ['DISCOVER', 'OFFER boot']
const IPXE = [...ASKS, 'GET /script', 'GET /assets/vmlinuz', 'GET /assets/initrd.img']

/** EDK2 collects offers for four seconds. */
const EDK2_WINDOW = / (?:boot|main) > REQUEST$/

describeSystem('a machine that boots from Bootwire', () => {
  let lan: Lan
  beforeEach(async () => {
    lan = await Lan.create({ config: CONFIG })
  })
  afterEach(async () => {
    await lan.close()
  })

  /** Follows a boot to its end; wire and log must tell this story. Resolves to the kernel's command line. */
  const boots = async (machine: Machine, story: readonly string[]): Promise<string> => {
    await machine.prints(BOOTED)
    const commandLine = await commandLineOf(machine)
    await machine.powersOff()
    const steps = await lan.steps(machine)
    expect(wireStory(steps)).toEqual(story)
    const events = lan.daemon.eventsOf(machine.mac)
    expect(logStory(events)).toEqual(story)
    expect(new Set(events.map(({ boot }) => boot)).size).toBe(1)
    expect(lostOn4011(steps)).toBe(0)
    return commandLine
  }

  /** Where the machine, or anybody for it, waited for a time-out. */
  const waits = async (machine: Machine): Promise<string[]> =>
    waitsOf(await lan.steps(machine), 1500).map(({ between }) => between)

  it('gets undionly.kpxe once when its ROM is not iPXE, and then its script', async () => {
    const machine = lan.powerOn({ firmware: 'bios-pxe' })
    const commandLine = await boots(machine, [...ASKS, 'RRQ undionly.kpxe', ...IPXE])
    expect(commandLine).toBe(COMMAND_LINE)
    expect(await waits(machine)).toEqual([])
  })

  it('gets its own script while another one boots, one BIOS and one UEFI', async () => {
    const one = lan.powerOn({ firmware: 'bios-ipxe', mac: ONE })
    const two = lan.powerOn({ firmware: 'uefi', mac: TWO })
    // EDK2 asks for the file's size in a transfer of its own.
    const uefiStory = [...ASKS, 'RRQ ipxe.efi', 'RRQ ipxe.efi', ...IPXE]
    const commandLines = await Promise.all([boots(one, IPXE), boots(two, uefiStory)])
    expect(commandLines).toEqual([`${COMMAND_LINE} for=one`, `${EFI_COMMAND_LINE} for=two`])
    expect(await waits(one)).toEqual([])
    expect(await waits(two)).toEqual([expect.stringMatching(EDK2_WINDOW)])
  })
})
