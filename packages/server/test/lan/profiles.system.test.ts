import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import { NETWORK } from './bed.ts'
import { startFileServer } from './dnsmasq.ts'
import { Lan } from './lan.ts'
import { BOOTED, commandLineOf, LOCAL_DISK, writeDisk } from './payload.ts'
import { wireStory } from './story.ts'

const INSTALLS = '52:54:00:bb:00:01'
const CHAINS = '52:54:00:bb:00:02'
const BOOTS_OVER_HTTP = '52:54:00:bb:00:03'
const OTHER_SERVER = `${NETWORK.other}:8000`

const CONFIG = `
assets: assets
profiles:
  payload: { kernel: vmlinuz, initrd: initrd.img, args: console=ttyS0 quiet }
  install: { extends: payload, args: "report={{ report.done }}", once: true }
  elsewhere: { chain: "http://${OTHER_SERVER}/menu.ipxe" }
machines:
  installs: { mac: "${INSTALLS}", profile: install }
  chains: { mac: "${CHAINS}", profile: elsewhere }
  boots-over-http: { mac: "${BOOTS_OVER_HTTP}", profile: payload }
unknown: { waitSeconds: 1, after: local }
`

const OTHER_MENU = '#!ipxe\necho FROM-ANOTHER-SERVER ${net0/mac}\nsleep 1\nreboot\n'

describeSystem('a profile decides what a machine boots', () => {
  let lan: Lan
  let disk: string
  beforeAll(async () => {
    lan = await Lan.create({ config: CONFIG })
    disk = join(lan.bed.folder, 'disk.img')
    writeDisk(disk)
    const elsewhere = join(lan.bed.folder, 'elsewhere')
    mkdirSync(elsewhere)
    writeFileSync(join(elsewhere, 'menu.ipxe'), OTHER_MENU)
    startFileServer(lan.bed, elsewhere, OTHER_SERVER)
  })
  afterAll(async () => {
    await lan.close()
  })

  it('tells an unknown machine why there is nothing for it, then boots its disk', async () => {
    const machine = lan.powerOn({ firmware: 'bios-ipxe', serial: 'SN-4711', disk })
    await machine.prints('BW-UNKNOWN')
    await machine.prints(`mac: ${machine.mac}`)
    await machine.prints(LOCAL_DISK)
    expect(machine.console).not.toContain('No such file or directory')
    await machine.powerOff()
  })

  it('installs once, and boots the local disk from then on', async () => {
    const first = lan.powerOn({ firmware: 'bios-ipxe', mac: INSTALLS, disk })
    await first.prints('REPORT done')
    await first.prints(BOOTED)
    await first.powersOff()
    const [report] = lan.daemon.eventsOf(INSTALLS).filter(({ event }) => event === 'boot.report')
    expect(report).toMatchObject({ status: 'done', profile: 'install' })

    await lan.restartDaemon()
    const second = lan.powerOn({ firmware: 'bios-ipxe', mac: INSTALLS, disk })
    await second.prints(LOCAL_DISK)
    expect(second.console).not.toContain('Linux version')
    await second.powerOff()
  })

  it('chains to the menu of another server', async () => {
    const machine = lan.powerOn({ firmware: 'bios-ipxe', mac: CHAINS })
    await machine.prints(`FROM-ANOTHER-SERVER ${CHAINS}`)
    await machine.powersOff()
    expect(wireStory(lan.steps(machine))).toContain('GET /menu.ipxe')
  })

  it('boots UEFI HTTP Boot firmware without TFTP', async () => {
    const machine = lan.powerOn({ firmware: 'uefi-http', mac: BOOTS_OVER_HTTP })
    await machine.prints(BOOTED)
    expect(await commandLineOf(machine)).toBe('kernel initrd=initrd0 console=ttyS0 quiet')
    const story = wireStory(lan.steps(machine))
    expect(story.filter((what) => what.startsWith('RRQ'))).toEqual([])
    expect(story).toContain('GET /ipxe/ipxe.efi')
  })
})
