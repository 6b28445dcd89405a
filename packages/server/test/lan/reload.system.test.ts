import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import { NETWORK } from './bed.ts'
import { Lan } from './lan.ts'
import { commandLineOf } from './payload.ts'

const configFor = (args: string): string => `
assets: assets
profiles:
  payload: { kernel: vmlinuz, initrd: initrd.img, args: console=ttyS0 quiet ${args} }
groups:
  - { name: everyone, match: { mac: { prefix: "52:54:00" } }, profile: payload }
`

const BAD = configFor('never').replace('initrd:', 'initrrd:')

/** More than sockets hold, so that it is on its way for seconds. */
const IMAGE_BYTES = 48 << 20

const BOOT_FILE = 'ipxe.efi'
const SLOW_TFTP = fileURLToPath(new URL('slow-tftp.ts', import.meta.url))

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

describeSystem('a configuration that changes while the daemon runs', () => {
  let lan: Lan
  beforeAll(async () => {
    lan = await Lan.create({ config: configFor('old') })
  })
  afterAll(async () => {
    await lan.close()
  })

  it('decides the next boot, and drops no transfer', async () => {
    const { bed, daemon } = lan
    const image = randomBytes(IMAGE_BYTES)
    writeFileSync(join(lan.assets, 'image'), image)
    const url = `http://${NETWORK.boot}:8080/assets/image`
    const copy = join(bed.folder, 'copy')
    const http = bed.run('main', 'curl', ['-sS', '--fail', '--limit-rate', '8M', '-o', copy, url])
    const tsx = import.meta.resolve('tsx')
    const tftp = bed.run('main', process.execPath, [
      '--import',
      tsx,
      SLOW_TFTP,
      NETWORK.boot,
      BOOT_FILE,
    ])
    await daemon.logs(({ event }) => event === 'tftp.start')

    daemon.reload(configFor('new'))
    await daemon.logs(({ event }) => event === 'config.reloaded')
    const running = daemon.events.map(({ event }) => event)
    expect(running).not.toContain('tftp.end')
    expect(running).not.toContain('http.asset')

    expect(await tftp).toBe(sha256(readFileSync(join('/usr/lib/ipxe', BOOT_FILE))))
    await http
    expect(sha256(readFileSync(copy))).toBe(sha256(image))
    await daemon.logs(({ event, outcome }) => event === 'tftp.end' && outcome === 'done')
  })

  it('stays as it was when the new one is bad', async () => {
    const { daemon } = lan
    daemon.reload(BAD)
    const { problems } = await daemon.logs(({ event }) => event === 'config.rejected')
    expect(String(problems)).toMatch(
      /bootwire\.yaml:4:\d+: unknown key "initrrd".*did you mean "initrd"/,
    )

    const machine = lan.powerOn({ firmware: 'bios-ipxe' })
    expect(await commandLineOf(machine)).toBe('initrd=initrd0 console=ttyS0 quiet new')
    await machine.powersOff()
  })
})
