import { Buffer } from 'node:buffer'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { Iso9660Error, openImage } from '../src/index.ts'
import { contentsOfImage, MAKERS, sourceOf } from './build.ts'
import { nameEntry, realImage, recordOf } from './forge.ts'

const NAME = 'xorriso-rock-ridge-joliet'

/** The image with its Rock Ridge name `from` called `to`, of the same length. */
const renamed = (from: string, to: Buffer | string): Buffer => {
  const image = realImage(NAME)
  Buffer.from(to).copy(image, image.indexOf(nameEntry(from)) + 5)
  return image
}

const opened = async (
  bytes: Buffer,
): Promise<{ image: Awaited<ReturnType<typeof openImage>>; skipped: string[] }> => {
  const skipped: string[] = []
  const image = await openImage(sourceOf(bytes), { onSkipped: (why) => skipped.push(why) })
  return { image, skipped }
}

describe('a hostile image', () => {
  it.each(['a/se', '/etc', '..\0\0'])('is not read by the name %j', async (name) => {
    const { image, skipped } = await opened(renamed('case', name))
    const names = (await image.list('/'))!.map((entry) => entry.name)
    expect(names).not.toContain(name)
    expect(names).toContain('README.txt')
    expect(skipped).toHaveLength(1)
  })

  it('has a name that is no UTF-8 read as Latin-1', async () => {
    const { image } = await opened(renamed('case', Buffer.from([0x63, 0xe4, 0x73, 0x65])))
    expect(await image.find('cäse/Name')).toMatchObject({ kind: 'file' })
  })

  it('has the first of two files of one name', async () => {
    const { image, skipped } = await opened(renamed('sector-less', 'sector-more'))
    expect((await image.list('/'))!.filter(({ name }) => name === 'sector-more')).toHaveLength(1)
    expect(skipped).toHaveLength(1)
  })

  it('is walked once where a folder lies within itself', async () => {
    const bytes = realImage(NAME)
    const root = bytes.readUInt32LE(16 * 2048 + 156 + 2)
    bytes.writeUInt32LE(root, recordOf(bytes, 'case') + 2)
    const { image, skipped } = await opened(bytes)
    const contents = await contentsOfImage(image)
    expect(contents.get('case')).toBe('folder')
    expect(contents.has('case/README.txt')).toBe(false)
    expect(skipped).toHaveLength(1)
    expect(await image.find(`${'case/'.repeat(50)}README.txt`)).toMatchObject({ kind: 'file' })
    expect(await image.find(`${'case/'.repeat(70)}README.txt`)).toBeUndefined()
  })

  it('has no readable file of an absurd size', async () => {
    const bytes = realImage(NAME)
    bytes.writeUInt32LE(0xffffffff, recordOf(bytes, 'vmlinuz') + 10)
    const { image } = await opened(bytes)
    expect(await image.open('install.amd/vmlinuz')).toBeUndefined()
    expect(await image.find('install.amd/vmlinuz')).toMatchObject({
      file: { unreadable: 'its data is beyond the end of the image' },
    })
  })

  it('has no readable file whose data is woven with that of another', async () => {
    const bytes = realImage(NAME)
    bytes[recordOf(bytes, 'vmlinuz') + 26] = 1
    const { image } = await opened(bytes)
    expect(await image.open('install.amd/vmlinuz')).toBeUndefined()
  })

  it.each([
    [0x3ff_ffff, 'ERR_ISO9660_TRUNCATED'],
    [0xffff_ffff, 'ERR_ISO9660_LIMIT'],
  ])('has no folder of %d bytes', async (length, code) => {
    const bytes = realImage(NAME)
    const folder = bytes.readUInt32LE(recordOf(bytes, 'case') + 2) * 2048
    bytes.writeUInt32LE(length, folder + 10)
    const { image } = await opened(bytes)
    await expect(image.list('case')).rejects.toMatchObject({ code })
    expect(await image.find('install.amd/vmlinuz')).toMatchObject({ kind: 'file' })
  })

  it('has no endless system use: a continuation that leads to itself is refused', async () => {
    const bytes = realImage(NAME)
    const folder = bytes.readUInt32LE(recordOf(bytes, 'long') + 2) * 2048
    const ce = bytes.indexOf(Buffer.from([0x43, 0x45, 28, 1]), folder)
    bytes.writeUInt32LE(28, ce + 20)
    const area = bytes.readUInt32LE(ce + 4) * 2048 + bytes.readUInt32LE(ce + 12)
    bytes.copy(bytes, area, ce, ce + 28)
    const { image } = await opened(bytes)
    await expect(contentsOfImage(image)).rejects.toMatchObject({ code: 'ERR_ISO9660_LIMIT' })
  })

  it('goes on in the next sector where a record is broken', async () => {
    const bytes = realImage(NAME)
    const many = bytes.readUInt32LE(recordOf(bytes, 'many') + 2) * 2048
    bytes[many + 2048] = 0
    const { image } = await opened(bytes)
    const { length } = (await image.list('many'))!
    expect(length).toBeGreaterThan(100)
    expect(length).toBeLessThan(150)
  })

  it('is read as far as it goes where it is cut', async () => {
    const { image } = await opened(realImage(NAME).subarray(0, 200_000))
    expect(await image.find('install.amd/vmlinuz')).toMatchObject({ kind: 'file' })
    expect(await image.open('many/file-99')).toBeUndefined()
  })
})

/** `RUNS=5000` for a long look. */
const RUNS = Number(process.env['RUNS'] ?? 40)

/** Descriptors and directories are in here: what is behind is data of files. */
const INDEX_BYTES = 170_000

/** Reads everything that an image has, and counts what that took. */
const readEverything = async (bytes: Buffer): Promise<{ reads: number; bytesRead: number }> => {
  let [reads, bytesRead] = [0, 0]
  const image = await openImage({
    sizeBytes: bytes.length,
    read: (offset, length) => {
      reads++
      bytesRead += length
      return Promise.resolve(bytes.subarray(offset, offset + length))
    },
  })
  for await (const entry of image.walk()) {
    expect(entry.path.split('/')).not.toContain('..')
    await image.find(entry.path)
    if (entry.kind !== 'file' || entry.file.unreadable !== undefined) continue
    const { extents, sizeBytes } = entry.file
    expect(extents.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0)).toBe(sizeBytes)
    for (const { offset, lengthBytes } of extents)
      expect(offset + lengthBytes).toBeLessThanOrEqual(bytes.length)
  }
  return { reads, bytesRead }
}

describe('any image', () => {
  const change = fc.record({
    at: fc.nat(INDEX_BYTES),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  })
  it.each(Object.keys(MAKERS))(
    '%s, spoilt anywhere, is read or refused',
    async (name) => {
      const real = realImage(name)
      await fc.assert(
        fc.asyncProperty(
          fc.array(change, { minLength: 1, maxLength: 40 }),
          fc.option(fc.nat(real.length), { freq: 8 }),
          async (changes, cut) => {
            const bytes = Buffer.from(real)
            for (const spoilt of changes) bytes.set(spoilt.bytes, spoilt.at)
            try {
              const { reads, bytesRead } = await readEverything(
                bytes.subarray(0, cut ?? real.length),
              )
              expect(reads).toBeLessThan(5000)
              expect(bytesRead).toBeLessThan(16 * real.length)
            } catch (error) {
              if (!(error instanceof Iso9660Error)) throw error
            }
          },
        ),
        { numRuns: RUNS },
      )
    },
    600_000,
  )
})
