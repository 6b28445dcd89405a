import { copyFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { unpackedFolder } from '../../../../scripts/debian.mjs'
import { describeSystemWith } from '../../../../scripts/system-tests.ts'
import { Lan } from './lan.ts'
import { ARM_KERNEL_ARGS, BOOTED, commandLineOf, KERNEL_ARGS } from './payload.ts'
import { logStory, wireStory } from './story.ts'

const configOf = (binaries: string, args: string, more = ''): string => `
assets: assets
ipxe: { ${binaries} }
profiles:
  payload: { kernel: vmlinuz, initrd: initrd.img, args: ${args} quiet for=newest${more} }
groups:
  - { name: everyone, match: { mac: { regex: . } }, profile: payload }
`

const binary = (row: string, file: string): string =>
  join(unpackedFolder(row, 'usr/lib/ipxe', 'boot'), file)

/** EDK2 asks for the file's size in a transfer of its own; every iPXE since 2021 looks for `autoexec.ipxe`. */
const storyOf = (file: string): string[] => [
  'DISCOVER',
  'OFFER boot',
  `RRQ ${file}`,
  `RRQ ${file}`,
  'RRQ autoexec.ipxe',
  'RRQ autoexec.ipxe',
  'DISCOVER',
  'OFFER boot',
  'GET /script',
  'GET /assets/vmlinuz',
  'GET /assets/initrd.img',
]

const copyShim = (folder: string): void =>
  copyFileSync(
    join(unpackedFolder('shim16', 'usr/lib/shim'), 'shimx64.efi.signed'),
    join(folder, 'assets/shimx64.efi'),
  )

/** How often a program asks for what need not be there is its own affair. */
const once = (story: readonly string[]): string[] =>
  story.filter((step, i) => step !== 'RRQ autoexec.ipxe' || story[i - 1] !== step)

describeSystemWith([
  'ipxe2025',
  'ipxe2',
  'shim16',
  'kernelArm64',
  'busyboxArm64',
  'qemu-efi-aarch64',
])('a machine with parts newer than this release', () => {
  it.each(['ipxe2025', 'ipxe2'])('boots ARM by PXE with %s', async (row) => {
    const config = configOf(`efi-arm64: ${binary(row, 'ipxe-arm64.efi')}`, ARM_KERNEL_ARGS)
    await using lan = await Lan.create({ config, architecture: 'arm64' })
    const machine = lan.powerOn({ firmware: 'arm64', memoryMiB: 1024 })
    await machine.prints(BOOTED)
    expect(await commandLineOf(machine)).toContain('for=newest')
    const story = wireStory(await lan.steps(machine))
    expect(once(story)).toEqual(once(storyOf('ipxe-arm64.efi')))
  })

  // iPXE fetches it where the firmware refuses the kernel (src/hci/commands/shim_cmd.c); that of 2019 has no such command.
  it.each([
    ['iPXE 2.0', (): string => binary('ipxe2', 'ipxe-amd64.efi')],
    ['this release’s iPXE', (): string => '/usr/lib/ipxe/ipxe.efi'],
  ] as const)('boots a profile with a shim by %s', async (_name, program) => {
    const config = configOf(`efi-x64: ${program()}`, KERNEL_ARGS, ', shim: shimx64.efi')
    await using lan = await Lan.create({ config, prepare: copyShim })
    const machine = lan.powerOn({ firmware: 'uefi' })
    await machine.prints(BOOTED)
    expect(wireStory(await lan.steps(machine))).not.toContain('GET /assets/shimx64.efi')
  })

  it('boots x86 by PXE with iPXE 2.0, whose search for autoexec.ipxe is told as usual', async () => {
    const config = configOf(`efi-x64: ${binary('ipxe2', 'ipxe-amd64.efi')}`, KERNEL_ARGS)
    await using lan = await Lan.create({ config })
    const machine = lan.powerOn({ firmware: 'uefi' })
    await machine.prints(BOOTED)
    expect(await commandLineOf(machine)).toContain('for=newest')
    const story = wireStory(await lan.steps(machine))
    expect(once(story)).toEqual(once(storyOf('ipxe.efi')))
    const events = lan.eventsOf(machine)
    // A transfer that is refused never starts: the log has its end alone.
    expect(logStory(events)).toEqual(story.filter((step) => step !== 'RRQ autoexec.ipxe'))
    const told = events.filter(
      ({ event, file }) => event === 'tftp.end' && file === 'autoexec.ipxe',
    )
    expect(told.length).toBeGreaterThan(0)
    for (const event of told) {
      expect(event).toMatchObject({ level: 'info', usual: expect.stringContaining('iPXE') })
      expect(event).not.toHaveProperty('error')
    }
  })
})
