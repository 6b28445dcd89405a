import { Buffer } from 'node:buffer'

import { expect, it, describe } from 'vitest'

import { openImage, rangesOf, type IsoImage, type Naming } from '../src/index.ts'
import { contentsOfImage, sourceOf } from './build.ts'
import { realImage } from './forge.ts'

const opened = (name: string, naming?: Naming): Promise<IsoImage> =>
  openImage(sourceOf(realImage(name)), naming && { naming })

describe('an image with Rock Ridge and Joliet', () => {
  const NAME = 'xorriso-rock-ridge-joliet'

  it('says what its labels are', async () => {
    const { labels, jolietLabels, hasUdf } = await opened(NAME)
    expect(labels).toMatchObject({
      volumeId: 'Debian 13.1.0 amd64 n',
      publisherId: 'A PUBLISHER',
      applicationId: 'AN APPLICATION',
    })
    expect(jolietLabels?.volumeId).toBe('Debian 13.1.0 am')
    expect(hasUdf).toBe(false)
  })

  it('has one boot image for BIOS and one for UEFI', async () => {
    const { bootEntries } = await opened(NAME)
    expect(bootEntries).toMatchObject([
      { platform: 'bios', isBootable: true, media: 0, loadSectors: 4 },
      { platform: 'efi', isBootable: true, media: 0, loadSectors: 8 },
    ])
  })

  it('is read by Rock Ridge names, which tell upper from lower case', async () => {
    const image = await opened(NAME)
    expect(image.naming).toBe('rock-ridge')
    expect(await image.find('case/Name')).toMatchObject({ kind: 'file' })
    expect(await image.find('CASE/name')).toBeUndefined()
  })

  it('is read by Joliet names in any case when asked to', async () => {
    const image = await opened(NAME, 'joliet')
    expect(await image.find('CASE/name')).toMatchObject({ kind: 'file', name: 'Name' })
    expect(await image.find('ünïcödé/日本語-ファイル.txt')).toMatchObject({ kind: 'file' })
  })

  it.each([
    ['debian/debian/install.amd/vmlinuz', 30_000],
    ['to-file', 30_000],
    ['to-root', 1],
    ['d1/up/initrd.gz', 50_001],
    ['d1/out', 2],
    ['/./case//other', 2],
    ['../../case/other', 2],
  ])('follows %s within the image', async (path, sizeBytes) => {
    expect((await (await opened(NAME)).open(path))?.sizeBytes).toBe(sizeBytes)
  })

  it.each(['loop-a', 'self', 'nowhere', 'nothing', 'README.txt/', 'README.txt/x', 'fifo', 'case'])(
    'opens no file at %s',
    async (path) => {
      expect(await (await opened(NAME)).open(path)).toBeUndefined()
    },
  )

  it('gives any range of a file, and none beyond its end', async () => {
    const image = await opened(NAME)
    const file = (await image.open('install.amd/initrd.gz'))!
    const whole = await image.read(file, 0, file.sizeBytes)
    expect(await image.read(file, 2000, 100)).toEqual(whole.subarray(2000, 2100))
    expect(await image.read(file, 50_000, 100)).toHaveLength(1)
    expect(await image.read(file, 50_001, 100)).toHaveLength(0)
  })

  it('lists a folder, and nothing for what is no folder', async () => {
    const image = await opened(NAME)
    expect((await image.list('case'))?.map(({ name }) => name).toSorted()).toEqual([
      'Name',
      'other',
    ])
    expect(await image.list('README.txt')).toBeUndefined()
  })
})

it('shows a relocated folder where it belongs', async () => {
  const contents = await contentsOfImage(await opened('genisoimage-relocated'))
  const deep = [...contents.keys()].find((path) => path.endsWith('/bottom'))
  expect(deep).toBe('d1/d2/d3/d4/d5/d6/d7/d8/d9/d10/d11/bottom')
})

it('finds names of DOS in any case', async () => {
  const image = await opened('genisoimage-plain')
  expect(image.naming).toBe('iso9660')
  expect((await image.open('sources/boot.wim'))?.sizeBytes).toBe(3000)
})

it('says that a medium has UDF as well', async () => {
  expect((await opened('genisoimage-udf')).hasUdf).toBe(true)
})

it('has no Rock Ridge names to read where there are none', async () => {
  await expect(opened('genisoimage-joliet', 'rock-ridge')).rejects.toMatchObject({
    code: 'ERR_ISO9660_NONE',
  })
})

it('finds a range over parts that do not touch', () => {
  const extents = [
    { offset: 100, lengthBytes: 10 },
    { offset: 500, lengthBytes: 10 },
    { offset: 300, lengthBytes: 5 },
  ]
  expect(rangesOf({ sizeBytes: 25, extents }, 8, 14)).toEqual([
    { offset: 108, lengthBytes: 2 },
    { offset: 500, lengthBytes: 10 },
    { offset: 300, lengthBytes: 2 },
  ])
})

it.each([
  ['nothing', Buffer.alloc(0)],
  ['zeros', Buffer.alloc(100_000)],
  ['a few bytes', Buffer.from('CD001')],
])('takes %s for no image', async (_what, bytes) => {
  await expect(openImage(sourceOf(bytes))).rejects.toMatchObject({ code: 'ERR_ISO9660_NONE' })
})
