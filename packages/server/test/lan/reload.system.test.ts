import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import { NETWORK } from './bed.ts'
import { Lan } from './lan.ts'
import { commandLineOf, KERNEL_ARGS } from './payload.ts'

const configFor = (args: string): string => `
assets: assets
profiles:
  payload: { kernel: vmlinuz, initrd: initrd.img, args: ${KERNEL_ARGS} quiet ${args} }
groups:
  - { name: everyone, match: { mac: { prefix: "52:54:00" } }, profile: payload }
`

const BAD = configFor('never').replace('initrd:', 'initrrd:')

/** More than sockets and pipes hold, so that it is on its way until somebody reads it. */
const IMAGE_BYTES = 48 << 20

const BOOT_FILE = 'ipxe.efi'
const SLOW_TFTP = fileURLToPath(new URL('slow-tftp.ts', import.meta.url))

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

describeSystem('a configuration that changes while the daemon runs', () => {
  let lan: Lan
  beforeEach(async () => {
    lan = await Lan.create({ config: configFor('old') })
  })
  afterEach(async () => {
    await lan.close()
  })

  it('decides the next boot, and drops no transfer', async () => {
    const { bed, daemon } = lan
    const image = randomBytes(IMAGE_BYTES)
    writeFileSync(join(lan.assets, 'image'), image)
    const url = `http://${NETWORK.boot}:8080/assets/image`
    // Nobody reads what they print before the configuration has changed.
    const http = bed.spawn('main', 'curl', ['-sS', '--fail', url])
    const tsx = import.meta.resolve('tsx')
    const slow = ['--import', tsx, SLOW_TFTP, NETWORK.boot, BOOT_FILE]
    const tftp = bed.spawn('main', process.execPath, slow)
    await once(http.stdout!, 'readable')
    await daemon.logs(({ event }) => event === 'tftp.start')

    daemon.reload(configFor('new'))
    await daemon.logs(({ event }) => event === 'config.reloaded')
    const running = daemon.events.map(({ event }) => event)
    expect(running).not.toContain('tftp.end')
    expect(running).not.toContain('http.asset')

    tftp.stdin!.write('\n')
    const [byTftp, byHttp] = await Promise.all([text(tftp.stdout!), buffer(http.stdout!)])
    expect(byTftp).toBe(sha256(readFileSync(join('/usr/lib/ipxe', BOOT_FILE))))
    expect(sha256(byHttp)).toBe(sha256(image))
    await daemon.logs(({ event, outcome }) => event === 'tftp.end' && outcome === 'done')

    const machine = lan.powerOn({ firmware: 'bios-ipxe' })
    expect(await commandLineOf(machine)).toBe(`initrd=initrd0 ${KERNEL_ARGS} quiet new`)
    await machine.powersOff()
  })

  it('stays as it was when the new one is bad', async () => {
    const { bed, daemon } = lan
    const url = `http://${NETWORK.boot}:8080/script?mac=52:54:00:00:00:fe&final=1`
    const script = (): Promise<string> => bed.run('main', 'curl', ['-sS', '--fail', url])
    const before = await script()
    daemon.reload(BAD)
    const { problems } = await daemon.logs(({ event }) => event === 'config.rejected')
    expect(String(problems)).toMatch(
      /bootwire\.yaml:4:\d+: unknown key "initrrd".*did you mean "initrd"/,
    )
    expect(await script()).toBe(before)

    const machine = lan.powerOn({ firmware: 'bios-ipxe' })
    expect(await commandLineOf(machine)).toBe(`initrd=initrd0 ${KERNEL_ARGS} quiet old`)
    await machine.powersOff()
  })
})
