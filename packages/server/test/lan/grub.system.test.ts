import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import { NETWORK } from './bed.ts'
import { Lan } from './lan.ts'
import { BOOTED, commandLineOf, KERNEL_ARGS } from './payload.ts'
import { logStory, waitsOf, wireStory } from './story.ts'

const MAC = '52:54:00:cc:00:01'

const CONFIG = `
assets: assets
profiles:
  grub: { efi: grub/grubx64.efi }
machines:
  grub: { mac: "${MAC}", profile: grub }
`

const MENU = `
set timeout=0
menuentry payload {
  linux /vmlinuz ${KERNEL_ARGS} quiet for=grub
  initrd /initrd.img
}
`

/** GRUB puts the kernel's path in front, as boot loaders for Linux do. */
const COMMAND_LINE = `BOOT_IMAGE=/vmlinuz ${KERNEL_ARGS} quiet for=grub`

/** Debian's image for the network; it looks for its files on the `next-server` of whoever gave the address. */
const copyDebianImage = (to: string): void =>
  copyFileSync('/usr/lib/grub/x86_64-efi/monolithic/grubnetx64.efi', to)

/** An image that names the server of its files itself. */
const makeImage = (to: string): void => {
  const prefix = ['--prefix', `(tftp,${NETWORK.boot})/grub`]
  const modules = ['normal', 'linux', 'tftp', 'efinet']
  execFileSync('grub-mkimage', ['--format', 'x86_64-efi', ...prefix, '--output', to, ...modules])
}

const createLan = (
  image: (to: string) => void,
  options: { nextServer?: string } = {},
): Promise<Lan> =>
  Lan.create({
    ...options,
    config: CONFIG,
    prepare: (folder) => {
      mkdirSync(join(folder, 'assets/grub'))
      image(join(folder, 'assets/grub/grubx64.efi'))
      writeFileSync(join(folder, 'assets/grub/grub.cfg'), MENU)
    },
  })

const STORY = [
  'DISCOVER',
  'OFFER boot',
  'RRQ grub/grubx64.efi',
  'RRQ grub/grubx64.efi',
  'RRQ /grub/grub.cfg',
  'RRQ /vmlinuz',
  'RRQ /initrd.img',
]

/** EDK2 collects offers for four seconds. */
const EDK2_WINDOW = / (?:boot|main) > REQUEST$/

/** EDK2 asks for the size first. */
const LOADED = [
  'grub/grubx64.efi probe',
  'grub/grubx64.efi done',
  '/grub/grub.cfg done',
  '/vmlinuz done',
  '/initrd.img done',
]

/** One in a hundred: a block is sent again when the emulator gets no time on the host for 20 ms. */
const MOST_RESENDS = 0.01
/** What GRUB asks for. */
const BLOCK_BYTES = 1024

/** Follows a boot to its end. Resolves to the kernel's command line. */
const boots = async (lan: Lan): Promise<string> => {
  const machine = lan.powerOn({ firmware: 'uefi', mac: MAC })
  await machine.prints(BOOTED)
  const commandLine = await commandLineOf(machine)
  await machine.powersOff()

  const events = lan.daemon.eventsOf(MAC)
  const ends = events.filter(({ event, outcome }) => event === 'tftp.end' && outcome !== 'denied')
  expect(ends.map(({ file, outcome }) => `${String(file)} ${String(outcome)}`)).toEqual(LOADED)
  const sizes = ends.map(({ file, outcome }) =>
    outcome === 'probe' ? 0 : statSync(join(lan.assets, String(file))).size,
  )
  expect(ends.map(({ bytes }) => bytes)).toEqual(sizes)
  const blocks = sizes.reduce((sum, size) => sum + size, 0) / BLOCK_BYTES
  const resends = ends.reduce((sum, end) => sum + Number(end['resends']), 0)
  expect(resends).toBeLessThan(blocks * MOST_RESENDS)
  expect(new Set(events.map(({ boot }) => boot)).size).toBe(1)

  const steps = await lan.steps(machine)
  expect(logStory(events)).toEqual(STORY)
  expect(wireStory(steps).filter((what) => /^GET|ipxe/.test(what))).toEqual([])
  expect(waitsOf(steps, 1500).map(({ between }) => between)).toEqual([
    expect.stringMatching(EDK2_WINDOW),
  ])
  return commandLine
}

describeSystem('a machine whose profile names GRUB', () => {
  it('boots Linux by TFTP alone when the image names the server', async () => {
    await using lan = await createLan(makeImage)
    expect(await boots(lan)).toBe(COMMAND_LINE)
  })

  it('boots Linux by an unchanged image when the DHCP server names Bootwire as next-server', async () => {
    await using lan = await createLan(copyDebianImage, { nextServer: NETWORK.boot })
    expect(await boots(lan)).toBe(COMMAND_LINE)
  })
})
