import {
  chmod,
  chown,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'

import { describe, expect, it, onTestFinished, vi } from 'vitest'

import { ImageCache } from '../src/content/image-cache.ts'
import { OpenFile } from '../src/content/open-file.ts'
import { directory, get, put } from '../src/index.ts'
import { at, folderWith, patternOf, read, serve } from './support.ts'

// Cut while it is sent, a file might have been read whole by then: this one fails after its first block, always.
async function* failing() {
  yield patternOf(512)
  throw new Error('the disk is gone')
}

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
    const { port } = await serve({ read: () => Readable.from(failing()) })
    const download = await get(at(port))
    await expect(download.finished).rejects.toMatchObject({ code: 'ERR_TFTP_REFUSED' })
    await expect(download.bytes()).rejects.toMatchObject({ code: 'ERR_TFTP_REFUSED' })
  })

  it.each(['in place', 'by a new file'] as const)(
    'that is replaced %s by one of equal size and time is never served old',
    async (how) => {
      const root = await folderWith({})
      const path = join(root, 'file')
      const { port } = await serve({ root })
      for (const letter of ['A', 'B', 'C', 'D']) {
        if (how === 'by a new file') await rm(path, { force: true })
        // `r+` where it is there: the same inode.
        await writeFile(path, Buffer.alloc(3000, letter), {
          flag: letter === 'A' || how !== 'in place' ? 'w' : 'r+',
        })
        await utimes(path, 1, 1)
        // Twice, so that the second one may come from the cache.
        expect((await read(port)).equals(Buffer.alloc(3000, letter))).toBe(true)
        expect((await read(port)).equals(Buffer.alloc(3000, letter))).toBe(true)
      }
    },
  )

  it('that is replaced once the cache has settled is not served old either', async () => {
    const root = await folderWith({ file: Buffer.alloc(3000, 'A') })
    const path = join(root, 'file')
    await utimes(path, 1, 1)
    await new Promise((resolve) => setTimeout(resolve, 150))
    const { port } = await serve({ root })
    expect((await read(port)).equals(Buffer.alloc(3000, 'A'))).toBe(true)
    await writeFile(path, Buffer.alloc(3000, 'B'), { flag: 'r+' })
    await utimes(path, 1, 1)
    expect((await read(port)).equals(Buffer.alloc(3000, 'B'))).toBe(true)
  })

  it.each([0, 128 * 1024 * 1024])(
    'that is touched while it is sent goes on, with a cache of %i bytes',
    async (cacheBytes) => {
      const bytes = patternOf(3_000_000)
      const root = await folderWith({ file: bytes })
      const { port, record } = await serve({ root, limits: { cacheBytes } })
      const download = await get(at(port))
      const pieces: Buffer[] = []
      for await (const piece of download.stream) {
        if (pieces.push(piece) % 300 === 0) await utimes(join(root, 'file'), pieces.length, 1)
      }
      expect(bytes.equals(Buffer.concat(pieces))).toBe(true)
      expect((await record()).outcome).toBe('done')
    },
  )

  it.each([0, 128 * 1024 * 1024])(
    'that is overwritten in place while it is sent fails, with a cache of %i bytes',
    async (cacheBytes) => {
      const root = await folderWith({ file: patternOf(3_000_000) })
      const { port, record } = await serve({ root, limits: { cacheBytes } })
      const download = await get(at(port))
      let bytes = 0
      const overwritten = async () => {
        for await (const piece of download.stream) {
          if (bytes === 0)
            await writeFile(join(root, 'file'), Buffer.alloc(3_000_000, 'x'), { flag: 'r+' })
          bytes += Buffer.from(piece).length
        }
      }
      await expect(overwritten()).rejects.toMatchObject({ code: 'ERR_TFTP_REFUSED' })
      expect(await record()).toMatchObject({
        outcome: 'failed',
        error: { code: 'ERR_TFTP_FILE_CHANGED' },
      })
    },
  )

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

  it('serves names that are no UTF-8 by their bytes', async () => {
    const root = await folderWith({ 'grün.txt': Buffer.from('utf-8') })
    const raw = Buffer.concat([Buffer.from(`${root}/caf`), Buffer.of(0xe9)])
    await writeFile(raw, 'latin-1')
    const { port } = await serve({ root, ignoreCase: true })
    const target = { ...at(port), rawName: raw.subarray(root.length + 1) }
    expect(String(await (await get(target)).bytes())).toBe('latin-1')
    expect(String(await read(port, 'GRÜN.TXT'))).toBe('utf-8')
  })

  it('keeps mode and owner of a file that is written over', async () => {
    const root = await folderWith({ old: Buffer.from('old') })
    const path = join(root, 'old')
    await chmod(path, 0o640)
    const isRoot = process.getuid?.() === 0
    if (isRoot) await chown(path, 7, 8)
    const { port } = await serve({ root, write: { overwrite: true } })
    await put(at(port, 'old'), Buffer.from('new'))
    const { mode, uid, gid } = await stat(path)
    expect(mode & 0o777).toBe(0o640)
    // Only root can give a file away.
    expect([uid, gid]).toEqual(isRoot ? [7, 8] : [process.getuid?.(), process.getgid?.()])
    expect(await readFile(path, 'utf8')).toBe('new')
  })

  it('gives a name whose writer was switched off to the same address, and to no other', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const root = await folderWith({})
    const { read: unused, write } = directory({ root, write: { create: true } })
    expect(unused).toBeTypeOf('function')
    const asking = (address: string) =>
      write?.({
        filename: 'file',
        rawName: Buffer.from('file'),
        mode: 'octet',
        options: {},
        peer: { address, port: 2000 },
        local: { address: '192.0.2.1', port: 69 },
        signal: new AbortController().signal,
        size: undefined,
      })
    const first = await asking('192.0.2.2')
    expect(await asking('192.0.2.2')).toMatchObject({ refused: { code: 2 } })
    vi.advanceTimersByTime(1001)
    expect(await asking('192.0.2.3')).toMatchObject({ refused: { code: 2 } })
    const second = await asking('192.0.2.2')
    expect(second).toHaveProperty('write')
    expect(() => first && 'abort' in first && first.write(Buffer.from('old'))).toThrow('anew')
    if (second && 'abort' in second) {
      await second.write(Buffer.from('new'))
      await second.end()
    }
    expect(await readFile(join(root, 'file'), 'utf8')).toBe('new')
    await expect.poll(() => readdir(root)).toEqual(['file'])
  })
})
