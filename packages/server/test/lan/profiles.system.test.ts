import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { unpackedAt } from '../../../../scripts/debian.mjs'
import { describeSystem } from '../../../../scripts/system-tests.ts'
import { NETWORK } from './bed.ts'
import { startFileServer } from './dnsmasq.ts'
import { exchangesOf } from './exchanges.ts'
import { Lan } from './lan.ts'
import type { Machine } from './machine.ts'
import { BOOTED, commandLineOf, KERNEL_ARGS, LOCAL_DISK, writeDisk } from './payload.ts'
import { wireStory } from './story.ts'

const INSTALLS = '52:54:00:bb:00:01'
const CHAINS = '52:54:00:bb:00:02'
const BOOTS_OVER_HTTP = '52:54:00:bb:00:03'
const CHOOSES = '52:54:00:bb:00:04'

const OTHER_SERVER = `${NETWORK.other}:8000`
const OTHER_MENU = '#!ipxe\necho FROM-ANOTHER-SERVER ${net0/mac}\nsleep 1\nreboot\n'

const CONFIG = `
assets: assets
profiles:
  payload: { kernel: vmlinuz, initrd: initrd.img, args: ${KERNEL_ARGS} quiet }
  pick: { menu: { title: Pick one, items: [payload, local], default: payload, timeoutSeconds: 2 } }
  elsewhere: { chain: "http://${OTHER_SERVER}/menu.ipxe" }
  debian:
    kernel: debian/linux
    initrd: debian/initrd.gz
    args: no_timer_check auto=true priority=critical hostname={{ name }} domain=lan url={{ answer.preseed }}
    console: ttyS0
    answers: { preseed: { template: preseed.cfg } }
machines:
  rack-7: { mac: "${INSTALLS}", profile: debian }
  chains: { mac: "${CHAINS}", profile: elsewhere }
  chooses: { mac: "${CHOOSES}", profile: pick }
  boots-over-http: { mac: "${BOOTS_OVER_HTTP}", profile: payload }
unknown: { waitSeconds: 1, after: local }
`

/** The command runs as soon as the installer has read its answers, so that the test need not wait for a mirror. */
const PRESEED = `
d-i netcfg/get_hostname string {{ name }}
d-i preseed/early_command string echo "ANSWERED {{ name }} {{ mac }} {{ serial }}" >/dev/ttyS0; sleep 1; poweroff -f
`

/** Below a folder named after the release. */
const INSTALLER = 'amd64/text/debian-installer/amd64'
const SERIAL = 'SN 0815'

/** The installer unpacks 40 MB and looks for hardware under emulation: 45 s on two idle cores. */
const INSTALLER_PATIENCE_MS = 220_000

const writeFiles = (folder: string): void => {
  mkdirSync(join(folder, 'assets/debian'))
  const releases = join(unpackedAt('installer'), 'usr/lib/debian-installer/images')
  const installer = join(releases, readdirSync(releases)[0]!, INSTALLER)
  for (const name of ['linux', 'initrd.gz'])
    copyFileSync(join(installer, name), join(folder, 'assets/debian', name))
  writeFileSync(join(folder, 'preseed.cfg'), PRESEED)
  mkdirSync(join(folder, 'elsewhere'))
  writeFileSync(join(folder, 'elsewhere/menu.ipxe'), OTHER_MENU)
  writeDisk(join(folder, 'disk.img'))
}

describeSystem('a profile decides what a machine boots', () => {
  let lan: Lan
  let installing: Machine | undefined
  beforeAll(async () => {
    lan = await Lan.create({ config: CONFIG, prepare: writeFiles })
    startFileServer(lan.bed, join(lan.bed.folder, 'elsewhere'), OTHER_SERVER)
    // It takes its time, so it begins now and is asked for last.
    installing = powerOnInstaller()
  })
  afterAll(async () => {
    await lan.close()
  })

  const powerOnInstaller = (): Machine =>
    lan.powerOn({ firmware: 'bios-ipxe', mac: INSTALLS, serial: SERIAL, memoryMiB: 1024 })

  it('tells an unknown machine why there is nothing for it, then boots its disk', async () => {
    const disk = join(lan.bed.folder, 'disk.img')
    const machine = lan.powerOn({ firmware: 'bios-ipxe', disk })
    await machine.prints('BW-UNKNOWN')
    await machine.prints(`mac: ${machine.mac}`)
    await machine.prints(LOCAL_DISK)
    expect(machine.console).not.toContain('No such file or directory')
    await machine.powerOff()
  })

  it('chains to the menu of another server', async () => {
    const machine = lan.powerOn({ firmware: 'bios-ipxe', mac: CHAINS })
    await machine.prints(`FROM-ANOTHER-SERVER ${CHAINS}`)
    await machine.powersOff()
    expect(wireStory(await lan.steps(machine))).toContain('GET /menu.ipxe')
  })

  it('shows a menu, and boots its default when nobody chooses', async () => {
    const machine = lan.powerOn({ firmware: 'bios-ipxe', mac: CHOOSES })
    await machine.prints('Pick one')
    expect(await commandLineOf(machine)).toBe(`initrd=initrd0 ${KERNEL_ARGS} quiet`)
    await machine.powersOff()
  })

  it('boots UEFI HTTP Boot firmware without TFTP', async () => {
    const machine = lan.powerOn({ firmware: 'uefi-http', mac: BOOTS_OVER_HTTP })
    await machine.prints(BOOTED)
    expect(await commandLineOf(machine)).toBe(`kernel initrd=initrd0 ${KERNEL_ARGS} quiet`)
    const story = wireStory(await lan.steps(machine))
    expect(story.filter((what) => what.startsWith('RRQ'))).toEqual([])
    expect(story).toContain('GET /ipxe/ipxe.efi')
    await machine.powersOff()
  })

  it("lets Debian's installer fetch a preseed with the facts of its machine, and act on it", async () => {
    const machine = installing ?? powerOnInstaller()
    installing = undefined // when the test runs again, another one begins
    await machine.prints(`ANSWERED rack-7 ${INSTALLS} ${SERIAL}`, {
      timeoutMs: INSTALLER_PATIENCE_MS,
    })
    await machine.powersOff()
    const events = lan.eventsOf(machine)
    const answer = events.find(({ event }) => event === 'http.answer')
    expect(answer).toMatchObject({ answer: 'preseed', profile: 'debian', status: 200 })
    expect(new Set(events.map(({ boot }) => boot)).size).toBe(1)

    const facts = ['--mac', INSTALLS, '--serial', SERIAL, '--stage', 'answer', '--json']
    const explained: { steps: { text: string }[] } = JSON.parse(
      await lan.daemon.command('explain', facts),
    )
    const answers = exchangesOf(await lan.packets(machine), 8080)
      .filter(({ target }) => target.startsWith('/answers/'))
      .map(({ body }) => body.toString())
    expect(explained.steps.map(({ text }) => text)).toEqual(answers)
  })
})
