import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { unpackedAt } from '../../../../scripts/debian.mjs'
import { describeSystem } from '../../../../scripts/system-tests.ts'
import { exchangesOf } from './exchanges.ts'
import { Lan } from './lan.ts'

const MAC = '52:54:00:cc:00:01'
const SERIAL = 'SN 0815'

/** The installer unpacks 40 MB and looks for hardware under emulation: 45 s on two idle cores. */
const PATIENCE_MS = 220_000

const IMAGES = 'usr/lib/debian-installer/images/12/amd64/text/debian-installer/amd64'

const CONFIG = `
assets: assets
profiles:
  debian:
    kernel: linux
    initrd: initrd.gz
    args: auto=true priority=critical hostname={{ name }} domain=lan url={{ answer.preseed }}
    console: ttyS0
    answers:
      preseed: { template: preseed.cfg }
machines:
  rack-7: { mac: "${MAC}", profile: debian }
`

/** Runs as soon as the installer has read its answers, so that the test need not wait for a mirror. */
const PRESEED = `
d-i netcfg/get_hostname string {{ name }}
d-i preseed/early_command string echo "ANSWERED {{ name }} {{ mac }} {{ serial }}" >/dev/ttyS0; sleep 1; poweroff -f
`

describeSystem("Debian's installer", () => {
  let lan: Lan
  beforeAll(async () => {
    lan = await Lan.create({
      config: CONFIG,
      prepare: (folder) => {
        const images = join(unpackedAt('installer'), IMAGES)
        for (const name of ['linux', 'initrd.gz'])
          copyFileSync(join(images, name), join(folder, 'assets', name))
        writeFileSync(join(folder, 'preseed.cfg'), PRESEED)
      },
    })
  })
  afterAll(async () => {
    await lan.close()
  })

  it('fetches its preseed with the facts of its machine in it, and acts on it', async () => {
    const machine = lan.powerOn({
      firmware: 'bios-ipxe',
      mac: MAC,
      serial: SERIAL,
      memoryMiB: 1024,
    })
    await machine.prints(`ANSWERED rack-7 ${MAC} ${SERIAL}`, { timeoutMs: PATIENCE_MS })
    await machine.powersOff()
    const events = lan.daemon.eventsOf(MAC)
    const answer = events.find(({ event }) => event === 'http.answer')
    expect(answer).toMatchObject({ answer: 'preseed', profile: 'debian', status: 200 })

    const facts = ['--mac', MAC, '--serial', SERIAL, '--stage', 'answer', '--json']
    const explained: { steps: { text: string }[] } = JSON.parse(
      await lan.daemon.command('explain', facts),
    )
    const [preseed] = exchangesOf(lan.packets(machine), 8080).filter(({ target }) =>
      target.startsWith('/answers/'),
    )
    expect(explained.steps.map(({ text }) => text)).toEqual([preseed!.body.toString()])
    expect(new Set(events.map(({ boot }) => boot)).size).toBe(1)
  })
})
