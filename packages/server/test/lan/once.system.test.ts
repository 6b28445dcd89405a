import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import { NETWORK } from './bed.ts'
import { Lan } from './lan.ts'
import { BOOTED, KERNEL_ARGS, LOCAL_DISK, writeDisk } from './payload.ts'

const MAC = '52:54:00:ee:00:01'

const CONFIG = `
assets: assets
profiles:
  install:
    kernel: vmlinuz
    initrd: initrd.img
    args: ${KERNEL_ARGS} quiet report={{ report.done }}
    once: true
machines:
  installed-once: { mac: "${MAC}", profile: install }
`

describeSystem('a machine that is to be installed once', () => {
  let lan: Lan
  beforeEach(async () => {
    lan = await Lan.create({ config: CONFIG })
  })
  afterEach(async () => {
    await lan.close()
  })

  it('boots its local disk once its installer has reported, and after a restart of the daemon too', async () => {
    const disk = join(lan.bed.folder, 'disk.img')
    writeDisk(disk)
    const first = lan.powerOn({ firmware: 'bios-ipxe', mac: MAC, disk })
    await first.prints('REPORT done')
    await first.prints(BOOTED)
    await first.powersOff()
    const reports = lan.daemon.eventsOf(MAC).filter(({ event }) => event === 'boot.report')
    expect(reports).toMatchObject([{ status: 'done', profile: 'install', ip: NETWORK.payload }])

    await lan.restartDaemon()
    const second = lan.powerOn({ firmware: 'bios-ipxe', mac: MAC, disk })
    await second.prints(LOCAL_DISK)
    expect(second.console).not.toContain('Linux version')
    await second.powerOff()
  })

  it('boots its disk by its other card too, after its entry and its profile were renamed', async () => {
    const disk = join(lan.bed.folder, 'disk.img')
    writeDisk(disk)
    const box = { uuid: '4c4c4544-0042-4a10-8052-c4c04f4e3132', serial: 'BOX-42', disk }
    const first = lan.powerOn({ firmware: 'bios-ipxe', mac: MAC, ...box })
    await first.prints('REPORT done')
    await first.powersOff()

    const renamed = CONFIG.replaceAll('install:', 'debian-13:')
      .replace('profile: install', 'profile: debian-13')
      .replace('installed-once:', 'box42:')
      .replace(
        /machines:[^]*/,
        'groups: [{ name: all, match: { mac: { prefix: "52:54" } }, profile: debian-13 }]\n',
      )
    writeFileSync(lan.daemon.configPath, renamed)
    await lan.restartDaemon()
    const second = lan.powerOn({ firmware: 'bios-ipxe', mac: '52:54:00:ee:00:02', ...box })
    await second.prints(LOCAL_DISK)
    expect(second.console).not.toContain('Linux version')
    const [script] = lan
      .eventsOf(second)
      .filter(({ event, stage }) => event === 'http.script' && stage === 'boot')
    expect(script?.['reasons']).toContain('"install" is installed; then "local"')
    await second.powerOff()
  })
})
