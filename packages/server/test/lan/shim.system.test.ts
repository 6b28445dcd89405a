import { copyFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it, vi } from 'vitest'

import { unpackedAt } from '../../../../scripts/debian.mjs'
import { describeSystem, describeSystemWith } from '../../../../scripts/system-tests.ts'
import { NETWORK } from './bed.ts'
import type { Packet } from './capture.ts'
import { Lan } from './lan.ts'
import { BOOTED, commandLineOf, KERNEL_ARGS } from './payload.ts'
import { wireStory } from './story.ts'

const SHIM = '52:54:00:cd:00:01'
const UNSIGNED = '52:54:00:cd:00:02'

const CONFIG = `
assets: assets
profiles:
  signed: { efi: secure/shimx64.efi, httpBoot: secure/shimx64.efi }
  unsigned: { kernel: vmlinuz, initrd: initrd.img, args: ${KERNEL_ARGS} }
machines:
  shim: { mac: "${SHIM}", profile: signed }
  ipxe: { mac: "${UNSIGNED}", profile: unsigned }
`

const MENU = `
set timeout=0
menuentry payload {
  linux /vmlinuz ${KERNEL_ARGS} for=shim
  initrd /initrd.img
}
`

const SIGNED_GRUB = 'usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed'

/** As docs/booting.md tells: two files of Debian, the second under the name that shim asks for. */
const writeFilesOf =
  (shim: string, grub: string) =>
  (folder: string): void => {
    const secure = join(folder, 'assets/secure')
    mkdirSync(secure)
    const signedShim = join(unpackedAt(shim), 'usr/lib/shim/shimx64.efi.signed')
    copyFileSync(signedShim, join(secure, 'shimx64.efi'))
    copyFileSync(join(unpackedAt(grub), SIGNED_GRUB), join(secure, 'grubx64.efi'))
    mkdirSync(join(folder, 'assets/grub'))
    writeFileSync(join(folder, 'assets/grub/grub.cfg'), MENU)
  }

const writeFiles = writeFilesOf('shim', 'signedGrub')

const createLan = (nextServer?: string): Promise<Lan> =>
  Lan.create({ config: CONFIG, prepare: writeFiles, ...(nextServer && { nextServer }) })

/** Newer shims look for these first; there need not be any. */
const OPTIONAL = ['revocations_sku.efi', 'revocations_sbat.efi', 'shim_certificate_0.efi']

const SHIM_BY_TFTP = [
  'DISCOVER',
  'OFFER boot',
  // EDK2 asks for the size first.
  'RRQ secure/shimx64.efi',
  'RRQ secure/shimx64.efi',
  ...OPTIONAL.map((name) => `RRQ secure/${name}`),
  'RRQ secure/grubx64.efi',
]

const GRUB_BY_TFTP = [
  ...['command', 'fs', 'crypto', 'terminal'].map((name) => `RRQ /grub/x86_64-efi/${name}.lst`),
  'RRQ /grub/grub.cfg',
  'RRQ /vmlinuz',
  'RRQ /initrd.img',
]

const SHIM_BY_HTTP = [
  'DISCOVER',
  'OFFER boot',
  'GET /assets/secure/shimx64.efi',
  ...OPTIONAL.map((name) => `GET /assets/secure/${name}`),
  'GET /assets/secure//grubx64.efi',
]

/** The first thing that GRUB wants, and not from Bootwire. */
const isAskedElsewhere = ({ target, payload }: Packet): boolean =>
  target === NETWORK.main && payload.includes('/grub/x86_64-efi/command.lst')

describeSystem('a machine that starts only what is signed', () => {
  it('boots Linux by TFTP through shim and GRUB', async () => {
    await using lan = await createLan(NETWORK.boot)
    const machine = lan.powerOn({ firmware: 'uefi', mac: SHIM, secureBoot: true })
    await machine.prints(BOOTED)
    expect(await commandLineOf(machine)).toBe(`BOOT_IMAGE=/vmlinuz ${KERNEL_ARGS} for=shim`)
    expect(machine.console).toContain('Secure boot enabled')
    await machine.powersOff()
    expect(wireStory(await lan.steps(machine))).toEqual([...SHIM_BY_TFTP, ...GRUB_BY_TFTP])
    expect(new Set(lan.daemon.eventsOf(SHIM).map(({ boot }) => boot)).size).toBe(1)
  })

  it('gets shim and GRUB by TFTP from Bootwire, and all else from the next-server of its address', async () => {
    await using lan = await createLan()
    const machine = lan.powerOn({ firmware: 'uefi', mac: SHIM, secureBoot: true })
    await machine.prints('Welcome to GRUB!')
    await lan.daemon.logs(
      ({ event, file, outcome }) =>
        event === 'tftp.end' && file === 'secure/grubx64.efi' && outcome === 'done',
    )
    await vi.waitFor(
      async () => expect((await lan.packets(machine)).some(isAskedElsewhere)).toBe(true),
      {
        timeout: 60_000,
        interval: 500,
      },
    )
    await machine.powerOff()
  })

  it('gets shim and its second stage by HTTP, where GRUB 2.06 stays at its prompt', async () => {
    await using lan = await createLan(NETWORK.boot)
    const machine = lan.powerOn({ firmware: 'uefi-http', mac: SHIM, secureBoot: true })
    await machine.prints('grub> ')
    expect(wireStory(await lan.steps(machine))).toEqual(SHIM_BY_HTTP)
    const bytes = statSync(join(lan.assets, 'secure/grubx64.efi')).size
    expect(lan.daemon.eventsOf(SHIM).at(-1)).toMatchObject({
      event: 'http.asset',
      path: '/assets/secure//grubx64.efi',
      status: 200,
      bytes,
    })
    await machine.powerOff()
  })

  it('refuses an iPXE that nobody signed', async () => {
    await using lan = await createLan()
    const machine = lan.powerOn({ firmware: 'uefi', mac: UNSIGNED, secureBoot: true })
    await machine.prints('Access Denied')
    expect(wireStory(await lan.steps(machine))).toEqual([
      'DISCOVER',
      'OFFER boot',
      'RRQ ipxe.efi',
      'RRQ ipxe.efi',
    ])
    await machine.powerOff()
  })
})

const createNewLan = (): Promise<Lan> =>
  Lan.create({ config: CONFIG, prepare: writeFilesOf('shim16', 'signedGrub212') })

/** GRUB asks for the length of each file first. */
const GRUB_BY_HTTP = ['GET /grub/grub.cfg', 'GET /vmlinuz', 'GET /initrd.img']

describeSystemWith(['shim16', 'signedGrub212'])(
  'a machine that starts only what is signed, with GRUB 2.12',
  () => {
    it('boots Linux by HTTP alone, beside a DHCP server that knows nothing', async () => {
      await using lan = await createNewLan()
      const machine = lan.powerOn({ firmware: 'uefi-http', mac: SHIM, secureBoot: true })
      await machine.prints(BOOTED)
      expect(await commandLineOf(machine)).toContain('for=shim')
      expect(machine.console).toContain('Secure boot enabled')
      await machine.powersOff()
      const story = wireStory(await lan.steps(machine))
      expect(story.filter((step) => step.startsWith('RRQ'))).toEqual([])
      expect(story.filter((step) => GRUB_BY_HTTP.includes(step))).toEqual(GRUB_BY_HTTP)
      const stalls = lan.daemon.eventsOf(SHIM).filter(({ event }) => event === 'boot.stalled')
      expect(stalls).toEqual([])
    })

    it('boots Linux by TFTP, beside a DHCP server that names itself as next-server', async () => {
      await using lan = await createNewLan()
      const machine = lan.powerOn({ firmware: 'uefi', mac: SHIM, secureBoot: true })
      await machine.prints(BOOTED)
      expect(machine.console).toContain('Secure boot enabled')
      await machine.powersOff()
      const asked = (await lan.packets(machine)).filter(isAskedElsewhere)
      expect(asked).toEqual([])
    })
  },
)
