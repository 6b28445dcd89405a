import { expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import { Lan } from './lan.ts'
import { BOOTED, commandLineOf, KERNEL_ARGS } from './payload.ts'
import { lostOn4011, wireStory } from './story.ts'

// The bed on servers nobody here wrote: what fails here is no fault of Bootwire. Benchmarks boot all firmware so.
describeSystem('a network served by dnsmasq', () => {
  it('boots a machine by way of port 4011, undionly.kpxe and iPXE', async () => {
    await using lan = await Lan.create({ server: 'dnsmasq', commandLine: `${KERNEL_ARGS} peer` })
    const machine = lan.powerOn({ firmware: 'bios-pxe' })
    await machine.prints(BOOTED)
    expect(await commandLineOf(machine)).toBe(`${KERNEL_ARGS} peer`)
    await machine.powersOff()
    const asks = ['DISCOVER', 'OFFER boot', 'REQUEST 4011', 'ACK 4011']
    const files = ['GET /boot.ipxe', 'GET /vmlinuz', 'GET /initrd.img']
    const steps = await lan.steps(machine)
    expect(wireStory(steps)).toEqual([...asks, 'RRQ undionly.kpxe', ...asks, ...files])
    expect(lostOn4011(steps)).toBe(0)
  })
})
