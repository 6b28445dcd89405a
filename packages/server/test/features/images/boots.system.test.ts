import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'

import { unpackedAt } from '../../../../../scripts/debian.mjs'
import { describeSystemWith } from '../../../../../scripts/system-tests.ts'
import { Lan } from '../../lan/lan.ts'
import { BOOTED, commandLineOf, KERNEL_ARGS, kernelPath, writeInitrd } from '../../lan/payload.ts'
import { wireStory } from '../../lan/story.ts'
import { bootwire } from '../../run-command.ts'

const INSTALLS = '52:54:00:cc:00:01'
const BOOTS = '52:54:00:cc:00:02'

/** The command runs as soon as the installer has read its answers, so that the test need not wait for a mirror. */
const PRESEED =
  'd-i preseed/early_command string echo "ANSWERED {{ name }} {{ mac }}" >/dev/ttyS0; sleep 1; poweroff -f\n'

/** The installer unpacks 40 MB and looks for hardware under emulation: 45 s on two idle cores. */
const INSTALLER_PATIENCE_MS = 220_000

/** Packs a kernel and an initrd as Debian's mini.iso has them. */
const writeMini = (image: string, info: string, fill: (tree: string) => void): void => {
  const tree = mkdtempSync(join(tmpdir(), 'mini-'))
  mkdirSync(join(tree, '.disk'))
  writeFileSync(join(tree, '.disk/mini-info'), info)
  fill(tree)
  const args = ['-as', 'mkisofs', '-quiet', '-R', '-V', 'ISOIMAGE', '-o', image, tree]
  execFileSync('xorriso', args, { stdio: 'ignore' })
  rmSync(tree, { recursive: true })
}

/** Debian's installer for the network, out of its package. */
const fillWithInstaller = (tree: string): void => {
  const releases = join(unpackedAt('installer'), 'usr/lib/debian-installer/images')
  const folder = join(releases, readdirSync(releases)[0]!, 'amd64/text/debian-installer/amd64')
  for (const name of ['linux', 'initrd.gz']) copyFileSync(join(folder, name), join(tree, name))
}

const fillWithPayload = (tree: string): void => {
  copyFileSync(kernelPath(), join(tree, 'linux'))
  writeInitrd(join(tree, 'initrd.gz'))
}

/** The profiles that `bootwire images` prints, extended as their user would. */
const configFor = async (folder: string): Promise<string> => {
  const { out } = await bootwire('images', folder)
  const { profiles } = parse(out.slice(out.indexOf('profiles:')))
  return stringify({
    images: 'isos',
    profiles: {
      ...profiles,
      installs: {
        extends: 'debian',
        args: 'no_timer_check auto=true priority=critical hostname={{ name }} domain=lan url={{ answer.preseed }}',
        console: 'ttyS0',
        answers: { preseed: { text: PRESEED } },
      },
      boots: { extends: 'payload', args: KERNEL_ARGS },
    },
    machines: {
      'rack-8': { mac: INSTALLS, profile: 'installs' },
      'rack-9': { mac: BOOTS, profile: 'boots' },
    },
  })
}

describeSystemWith(['xorriso'])('a machine boots out of an image', () => {
  const folder = mkdtempSync(join(tmpdir(), 'isos-'))
  let lan: Lan
  beforeAll(async () => {
    const info = 'Debian GNU/Linux 12 "bookworm" - mini amd64'
    writeMini(join(folder, 'debian.iso'), info, fillWithInstaller)
    writeMini(join(folder, 'payload.iso'), 'Payload - mini amd64', fillWithPayload)
    const prepare = (to: string): void => cpSync(folder, join(to, 'isos'), { recursive: true })
    lan = await Lan.create({ config: await configFor(folder), prepare })
  })
  afterAll(async () => {
    await lan.close()
    rmSync(folder, { recursive: true })
  })

  it('that its firmware of UEFI is given kernel and initrd of', async () => {
    const machine = lan.powerOn({ firmware: 'uefi', mac: BOOTS })
    await machine.prints(BOOTED)
    expect(await commandLineOf(machine)).toContain(KERNEL_ARGS)
    await machine.powersOff()
    const story = wireStory(await lan.steps(machine))
    expect(story).toContain('GET /images/payload.iso/linux')
    expect(story).toContain('GET /images/payload.iso/initrd.gz')
    const sent = lan.eventsOf(machine).filter(({ event }) => event === 'http.asset')
    expect(new Set(sent.map(({ boot }) => boot)).size).toBe(1)
  })

  it("that has Debian's installer, which then asks for its answers", async () => {
    const machine = lan.powerOn({ firmware: 'bios-ipxe', mac: INSTALLS, memoryMiB: 1024 })
    await machine.prints(`ANSWERED rack-8 ${INSTALLS}`, { timeoutMs: INSTALLER_PATIENCE_MS })
    await machine.powersOff()
    const story = wireStory(await lan.steps(machine))
    expect(story).toContain('GET /images/debian.iso/linux')
    expect(story).toContain('GET /images/debian.iso/initrd.gz')
  })
})
