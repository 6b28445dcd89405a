import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'

import { describeSystemWith } from '../../../../../scripts/system-tests.ts'
import { bootwire } from '../../run-command.ts'
import { writeFiles } from '../../support.ts'
import { LAYOUTS, writeLayout } from './layouts.ts'

const I = '{{ server.url }}/images'

/** What a system's own documentation asks for: shared/reference/distributions.md sections 3 and 6. */
const EXPECTED: Readonly<Record<string, readonly [system: string, args?: readonly string[]]>> = {
  'debian-mini': ['Debian GNU/Linux 13 "trixie", mini.iso'],
  'debian-live': [
    'Debian GNU/Linux 13.1.0 "Trixie"',
    ['boot=live', 'components', `fetch=${I}/debian-live.iso/live/filesystem.squashfs`],
  ],
  'ubuntu-24.04': [
    'Ubuntu-Server 24.04.3 LTS "Noble Numbat"',
    ['ip=dhcp', `iso-url=${I}/ubuntu-24.04.iso`],
  ],
  'ubuntu-22.04': [
    'Ubuntu-Server 22.04.5 LTS "Jammy Jellyfish"',
    ['ip=dhcp', `url=${I}/ubuntu-22.04.iso`, 'cloud-config-url=/dev/null'],
  ],
  'fedora-dvd': ['Fedora 42', [`inst.repo=${I}/fedora-dvd.iso`, 'ip=dhcp']],
  'fedora-netinst': ['Fedora 42', [`inst.stage2=${I}/fedora-netinst.iso`, 'ip=dhcp']],
  'fedora-live': [
    'Fedora-WS-Live-42',
    [`root=live:${I}/fedora-live.iso/LiveOS/squashfs.img`, 'ro', 'rd.live.image', 'ip=dhcp'],
  ],
  rocky: ['Rocky Linux 9.6', [`inst.repo=${I}/rocky.iso`, 'ip=dhcp']],
  alpine: [
    'Alpine virt 3.22.1 x86_64',
    [
      'ip=dhcp',
      'modules=loop,squashfs',
      `alpine_repo=${I}/alpine.iso/apks`,
      `modloop=${I}/alpine.iso/boot/modloop-virt`,
    ],
  ],
  arch: [
    'Arch Linux 2025.09.01',
    ['archisobasedir=arch', `archiso_http_srv=${I}/arch.iso/`, 'ip=dhcp'],
  ],
}

interface Told {
  readonly name: string
  readonly system: string
  readonly profile?: Readonly<Record<string, unknown>>
  readonly notes: readonly string[]
}

describeSystemWith(['xorriso'])('bootwire images', () => {
  const folder = mkdtempSync(join(tmpdir(), 'images-'))
  const config = join(folder, 'boot.yaml')
  let told: readonly Told[]
  const toldOf = (name: string): Told => told.find((each) => each.name === `${name}.iso`)!

  beforeAll(async () => {
    writeFiles(folder, { 'isos/text.iso': 'no image', 'boot.yaml': 'images: isos\n' })
    for (const name of Object.keys(LAYOUTS)) writeLayout(name, join(folder, 'isos', `${name}.iso`))
    const { out } = await bootwire('images', join(folder, 'isos'), '--json')
    told = JSON.parse(out)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('tells of every file', () => {
    expect(told).toHaveLength(Object.keys(LAYOUTS).length + 1)
  })

  it.each(Object.entries(EXPECTED))('knows %s, and how it boots', (name, [system, args]) => {
    expect(toldOf(name).system).toBe(system)
    expect(toldOf(name).profile).toMatchObject({ description: system })
    expect(toldOf(name).profile!['args']).toEqual(args)
  })

  it.each(Object.keys(EXPECTED))('names kernel and initrd that are in %s', (name) => {
    const { kernel, initrd } = toldOf(name).profile!
    const { files } = LAYOUTS[name]!
    const inside = (url: unknown): string =>
      decodeURIComponent(String(url).slice(`${I}/${name}.iso/`.length))
    expect(files[inside(kernel)]).toBe('kernel')
    expect(files[inside(initrd)]).toBe('initrd')
  })

  it.each(['debian-netinst', 'nixos'])('has no profile for %s, and says why', (name) => {
    expect(toldOf(name).profile).toBeUndefined()
    expect(toldOf(name).notes[0]).toMatch(/looks for a drive .*instead$/)
  })

  it('boots an unknown image as a drive, and says how far that goes', () => {
    const { system, profile, notes } = toldOf('unknown')
    expect(system).toBe('unknown, labelled "RESCUE 1"')
    expect(profile).toEqual({
      description: 'RESCUE 1',
      chain: '{{ server.url }}/sanboot/unknown.iso',
    })
    expect(notes[0]).toContain('many Linux media stop there')
  })

  it('says what is no image', () => {
    expect(toldOf('text').notes[0]).toContain('sector 16 begins no ISO 9660 volume')
  })

  it('prints profiles that a configuration takes as they are', async () => {
    const { out, code } = await bootwire('images', config)
    expect(code).toBe(0)
    const yaml = out.slice(out.indexOf('profiles:'))
    expect(Object.keys(parse(yaml).profiles)).toHaveLength(Object.keys(EXPECTED).length + 1)
    writeFileSync(config, `images: isos\n${yaml}`)
    const checked = await bootwire('check', config)
    expect(checked.err).toBe('')
    expect(checked.out).toContain('is valid: 11 profiles')
  })

  it('refuses a configuration that names no folder', async () => {
    writeFiles(folder, {
      'none.yaml': 'profiles: { a: { local: true } }\n',
      'bad.yaml': 'images: no\n',
    })
    expect((await bootwire('images', join(folder, 'none.yaml'))).err).toContain(
      'has no key "images"',
    )
    const bad = await bootwire('images', join(folder, 'bad.yaml'))
    expect(bad.code).toBe(2)
    expect(bad.err).toMatch(/bad\.yaml:1:\d+: .*no is no folder/)
  })
})
