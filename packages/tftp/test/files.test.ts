import { mkdir, open, readdir, readFile, rename, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { ImageCache } from '../src/content/image-cache.ts'
import { OpenFile } from '../src/content/open-file.ts'
import { directory, get, put } from '../src/index.ts'
import { at, folderWith, patternOf, read, serve } from './support.ts'

describe('a file', () => {
  it('that is replaced is read to its old end, and new from the next request on', async () => {
    const root = await folderWith({ file: patternOf(2_000_000), next: patternOf(100) })
    const { port } = await serve({ root, limits: { cacheBytes: 0 } })
    const download = await get(at(port))
    await rename(join(root, 'next'), join(root, 'file'))
    expect((await download.bytes()).equals(patternOf(2_000_000))).toBe(true)
    expect((await read(port)).equals(patternOf(100))).toBe(true)
  })

  it('that is cut while it is sent fails instead of going out wrong', async () => {
    const root = await folderWith({ file: patternOf(3_000_000) })
    const { port, record } = await serve({ root })
    const download = await get(at(port))
    await truncate(join(root, 'file'), 1000)
    await expect(download.bytes()).rejects.toMatchObject({ code: 'ERR_TFTP_REFUSED' })
    expect((await record()).outcome).toBe('failed')
  })

  it('that fails before anyone reads it keeps the failure for the reader', async () => {
    const root = await folderWith({ file: patternOf(3_000_000) })
    const { port } = await serve({ root })
    const download = await get(at(port))
    await truncate(join(root, 'file'), 1000)
    await expect(download.finished).rejects.toMatchObject({ code: 'ERR_TFTP_REFUSED' })
    await expect(download.bytes()).rejects.toMatchObject({ code: 'ERR_TFTP_REFUSED' })
  })

  it('comes out of the cache for the second client, within the budget', async () => {
    const root = await folderWith({ file: patternOf(1_000_000) })
    const { port } = await serve({ root, limits: { cacheBytes: 300_000 } })
    const all = await Promise.all(Array.from({ length: 5 }, () => read(port)))
    for (const one of all) expect(one.equals(patternOf(1_000_000))).toBe(true)
  })
})

const opened = async (cache: ImageCache, path: string) => {
  const file = await OpenFile.of(await open(path), true)
  return cache.open(file, { blockSize: 512, rollover: 0, isIdle: () => true })
}

describe('the packet cache', () => {
  it('keeps the file open for a second reader when the first leaves half-way', async () => {
    const path = join(await folderWith({ file: patternOf(1000) }), 'file')
    const cache = new ImageCache(1_000_000)
    const first = await opened(cache, path)
    const loading = first.load(1)
    first.close()
    const second = await opened(cache, path)
    await second.load(1)
    await loading
    expect(second.packet(1)?.subarray(4)).toEqual(patternOf(1000).subarray(0, 512))
    second.close()
  })
})

describe('the directory handler', () => {
  it('finds names in any case, renames by table, and gives clients a folder of their own', async () => {
    const root = await folderWith({ 'Boot.INI': Buffer.from('ini'), same: Buffer.from('for all') })
    await mkdir(join(root, '127.0.0.1'))
    await writeFile(join(root, '127.0.0.1', 'same'), 'for one')
    const plain = await serve(directory({ root }))
    await expect(read(plain.port, 'boot.ini')).rejects.toMatchObject({ remoteCode: 1 })
    const { port } = await serve(
      directory({
        root,
        ignoreCase: true,
        remap: [{ from: /^(.*)\.old$/, to: '$1.ini' }],
        trimFf: true,
      }),
    )
    expect(String(await read(port, 'BOOT.ini'))).toBe('ini')
    expect(String(await read(port, 'boot.old'))).toBe('ini')
    const trailing = { ...at(port), rawName: Buffer.concat([Buffer.from('same'), Buffer.of(0xff)]) }
    expect(String(await (await get(trailing)).bytes())).toBe('for all')
    const own = await serve(directory({ root, clientFolders: true }))
    expect(String(await read(own.port, 'same'))).toBe('for one')
  })

  it('writes by policy only, and leaves no temporary file', async () => {
    const root = await folderWith({ old: Buffer.from('old') })
    const writing = async (write: object, name: string, size = 10) => {
      const { port, server } = await serve(directory({ root, write }))
      const result = await put(at(port, name), patternOf(size)).then(
        () => 'written',
        (error: { remoteCode: number }) => error.remoteCode,
      )
      await server.close({ deadlineMs: 0 })
      return result
    }
    expect(await writing({ create: true }, 'old')).toBe(6)
    expect(await writing({ overwrite: true }, 'new')).toBe(1)
    expect(await writing({ create: true, maxBytes: 9 }, 'new')).toBe(3)
    expect(await writing({ create: true, list: ['other'] }, 'new')).toBe(2)
    expect(await writing({ create: true }, '../new')).toBe(2)
    expect(await writing({ create: true }, 'nowhere/new')).toBe(1)
    expect(await writing({ create: true, list: ['new'] }, 'new')).toBe('written')
    expect(await writing({ overwrite: true }, 'old', 3000)).toBe('written')
    expect((await readFile(join(root, 'old'))).equals(patternOf(3000))).toBe(true)
    expect((await readdir(root)).toSorted()).toEqual(['new', 'old'])
  })

  it('stops an upload that grows over its limit without having said so', async () => {
    const root = await folderWith({})
    const { port, record } = await serve(
      directory({ root, write: { create: true, maxBytes: 5000 } }),
    )
    await expect(put(at(port, 'new'), patternOf(9000), { tsize: false })).rejects.toMatchObject({
      remoteCode: 3,
    })
    expect((await record()).outcome).toBe('failed')
    await expect.poll(() => readdir(root)).toEqual([])
  })
})
