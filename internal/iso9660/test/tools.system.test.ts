import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeSystemWith } from '../../../scripts/system-tests.ts'
import { openImage, rangesOf, type Naming } from '../src/index.ts'
import {
  contentsOfImage,
  isPlainImage,
  makeImage,
  MAKERS,
  sourceOf,
  unpackedByXorriso,
  writeTree,
} from './build.ts'

/** Paths as isoinfo lists them, without the version of ISO 9660 names. */
const listedByIsoinfo = (image: string, option: readonly string[]): string[] =>
  execFileSync('isoinfo', [...option, '-f', '-i', image], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/^\//, '').replace(/\.?;1$/, ''))
    .toSorted()

describeSystemWith(['xorriso', 'genisoimage'])('images of xorriso and genisoimage', () => {
  const folder = mkdtempSync(join(tmpdir(), 'iso9660-'))
  const imageOf = (name: string): string => join(folder, `${name}.iso`)
  beforeAll(() => {
    for (const isPlain of [false, true]) writeTree(join(folder, `tree-${isPlain}`), isPlain)
    for (const name of Object.keys(MAKERS))
      makeImage(name, join(folder, `tree-${isPlainImage(name)}`), imageOf(name))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const cases: readonly (readonly [string, Naming, 'any' | 'norock'])[] = [
    ['xorriso-rock-ridge-joliet', 'rock-ridge', 'any'],
    ['xorriso-rock-ridge-joliet', 'joliet', 'norock'],
    ['genisoimage-relocated', 'rock-ridge', 'any'],
    ['genisoimage-joliet', 'joliet', 'any'],
    ['genisoimage-plain', 'iso9660', 'any'],
    ['genisoimage-udf', 'iso9660', 'any'],
  ]
  it.each(cases)('%s has by %s names what xorriso unpacks', async (name, naming, reads) => {
    const theirs = unpackedByXorriso(imageOf(name), join(folder, `${name}-${naming}`), reads)
    const image = await openImage(sourceOf(readFileSync(imageOf(name))), { naming })
    expect(theirs.size).toBeGreaterThan(150)
    expect(await contentsOfImage(image)).toEqual(theirs)
  })

  it.each([
    ['xorriso-rock-ridge-joliet', 'rock-ridge', ['-R']],
    ['genisoimage-plain', 'iso9660', []],
  ] as const)('%s has the paths that isoinfo lists', async (name, naming, option) => {
    const image = await openImage(sourceOf(readFileSync(imageOf(name))), { naming })
    const ours = [...(await contentsOfImage(image)).keys()]
    expect(ours.toSorted()).toEqual(listedByIsoinfo(imageOf(name), option))
  })

  it('finds the boot images that xorriso reports', async () => {
    const report = spawnSync(
      'xorriso',
      ['-indev', imageOf('xorriso-rock-ridge-joliet'), '-report_el_torito', 'plain'],
      { encoding: 'utf8' },
    ).stdout
    const theirs = [...report.matchAll(/^El Torito boot img : +\d+ +(\w+) .* (\d+) +(\d+)$/gm)]
    const bytes = readFileSync(imageOf('xorriso-rock-ridge-joliet'))
    const { bootEntries } = await openImage(sourceOf(bytes))
    expect(
      bootEntries.map(({ platform, loadSectors, offset }) => [
        platform,
        String(loadSectors),
        String(offset / 2048),
      ]),
    ).toEqual(
      theirs.map(([, kind, sectors, sector]) => [
        kind === 'UEFI' ? 'efi' : 'bios',
        sectors,
        sector,
      ]),
    )
    expect(theirs).toHaveLength(2)
  })

  it('reads a file of more than 4 GiB, whose parts are one range', async () => {
    const tree = join(folder, 'large')
    const size = 4_700_000_000
    mkdirSync(tree)
    writeFileSync(join(tree, 'install.img'), '')
    truncateSync(join(tree, 'install.img'), size)
    // The directories come first: the rest of the image is not needed, and not made.
    const made = spawnSync(
      'sh',
      ['-c', `xorriso -as mkisofs -quiet -iso-level 3 -R -o - "${tree}" | head -c 1000000`],
      { maxBuffer: 2_000_000, stdio: ['ignore', 'pipe', 'ignore'] },
    )
    const image = await openImage(sourceOf(made.stdout, size + 10_000_000))
    const file = await image.open('install.img')
    expect(file?.sizeBytes).toBe(size)
    expect(file?.extents).toHaveLength(1)
    const [range] = rangesOf(file!, size - 10, 100)
    expect(range).toEqual({ offset: file!.extents[0]!.offset + size - 10, lengthBytes: 10 })
  })

  it('walks a folder of 5,000 files', async () => {
    const tree = join(folder, 'wide')
    mkdirSync(tree)
    for (let i = 0; i < 5000; i++) writeFileSync(join(tree, `package-${i}_1.0_amd64.deb`), '')
    execFileSync('xorriso', ['-as', 'mkisofs', '-quiet', '-R', '-o', imageOf('wide'), tree], {
      stdio: 'ignore',
    })
    const image = await openImage(sourceOf(readFileSync(imageOf('wide'))))
    expect(await image.list('/')).toHaveLength(5000)
    expect(await image.find('package-4999_1.0_amd64.deb')).toMatchObject({ kind: 'file' })
  })
})
