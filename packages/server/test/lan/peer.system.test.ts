import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import type { Firmware } from './firmware.ts'
import { Lan } from './lan.ts'
import { BOOTED, commandLineOf } from './payload.ts'
import { lostOn4011 } from './story.ts'

// The bed itself, on servers nobody here wrote: what fails here is no fault of Bootwire.
describeSystem('a network served by dnsmasq', () => {
  let lan: Lan
  beforeAll(async () => {
    lan = await Lan.create({
      server: 'dnsmasq',
      commandLine: 'initrd=initrd.img console=ttyS0 peer',
    })
  })
  afterAll(async () => {
    await lan.close()
  })

  it.concurrent.for<[Firmware, string[]]>([
    ['bios-pxe', ['undionly.kpxe']],
    ['uefi', ['ipxe.efi', 'ipxe.efi']], // EDK2 asks for the size in a transfer of its own
  ])('boots a %s machine', async ([firmware, programs]) => {
    const machine = lan.powerOn({ firmware })
    await machine.prints(BOOTED)
    expect(await commandLineOf(machine)).toMatch(/console=ttyS0 peer$/)
    await machine.powersOff()
    const steps = lan.steps(machine)
    expect(steps.filter(({ what }) => what.startsWith('RRQ')).map(({ what }) => what)).toEqual(
      programs.map((name) => `RRQ ${name}`),
    )
    expect(lostOn4011(steps)).toBe(0)
  })
})
