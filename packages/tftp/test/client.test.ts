import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { directory, get, put } from '../src/index.ts'
import { rawClient } from './raw-client.ts'
import { folderWith, patternOf, serve } from './support.ts'

const SIZES = [0, 1, 511, 512, 513, 1467, 1468, 1469, 16 * 1468, 16 * 1468 + 1, 1_000_000]

describe('get', () => {
  it.each(SIZES)('reads a file of %i bytes', async (size) => {
    const bytes = patternOf(size)
    const { port } = await serve({ root: await folderWith({ file: bytes }) })
    const download = await get({ host: '127.0.0.1', port, filename: 'file' })
    expect(download.size).toBe(size === 0 ? undefined : size)
    expect(download.windowSize).toBe(16)
    expect(bytes.equals(await download.bytes())).toBe(true)
    expect(await download.finished).toMatchObject({ bytes: size, file: 'file', blockSize: 1468 })
  })

  it('takes a tftp: URL with a mode', async () => {
    const root = await folderWith({ 'a file': Buffer.from('one\r\ntwo\n') })
    const { port, record } = await serve({ root })
    const download = await get(`tftp://127.0.0.1:${port}/a%20file;mode=netascii`)
    expect(String(await download.bytes())).toBe('one\r\ntwo\n')
    expect(await record()).toMatchObject({ mode: 'netascii', file: 'a file', outcome: 'done' })
  })

  it('tells the code of a refusal', async () => {
    const { port } = await serve({ root: await folderWith({}) })
    await expect(get({ host: '127.0.0.1', port, filename: 'nothing' })).rejects.toMatchObject({
      code: 'ERR_TFTP_REFUSED',
      remoteCode: 1,
    })
  })

  it('gives up with a time-out where nobody answers', async () => {
    const silent = await rawClient(9)
    const target = { host: '127.0.0.1', port: silent.socket.address().port, filename: 'x' }
    await expect(get(target, { initialTimeoutMs: 20, retries: 1 })).rejects.toMatchObject({
      code: 'ERR_TFTP_TIMEOUT',
    })
  })

  it('is told at once that nobody listens at a port', async () => {
    const { port, server } = await serve({ root: await folderWith({}) })
    await server.close()
    const target = { host: '127.0.0.1', port, filename: 'x' }
    const patient = { initialTimeoutMs: 60_000 }
    await expect(get(target, patient)).rejects.toMatchObject({ code: 'ERR_TFTP_UNREACHABLE' })
    await expect(put(target, patternOf(10), patient)).rejects.toThrow(`127.0.0.1 port ${port}`)
  })

  it('stops when the signal is aborted', async () => {
    const { port, record } = await serve({
      root: await folderWith({ file: patternOf(10_000_000) }),
    })
    const abort = new AbortController()
    const download = await get(
      { host: '127.0.0.1', port, filename: 'file' },
      { signal: abort.signal },
    )
    abort.abort()
    await expect(download.bytes()).rejects.toThrow('aborted')
    await expect(download.finished).rejects.toThrow('aborted')
    expect((await record()).outcome).toBe('client-abort')
  })

  it('holds the server back while the reader is busy, and loses nothing', async () => {
    const bytes = patternOf(500_000)
    const { port, record } = await serve({ root: await folderWith({ file: bytes }) })
    const download = await get({ host: '127.0.0.1', port, filename: 'file' })
    const pieces: Buffer[] = []
    for await (const piece of download.stream) {
      pieces.push(piece)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(bytes.equals(Buffer.concat(pieces))).toBe(true)
    expect((await record()).outcome).toBe('done')
  })

  it('tells the server when the stream is destroyed', async () => {
    const { port, record } = await serve({
      root: await folderWith({ file: patternOf(10_000_000) }),
    })
    const download = await get({ host: '127.0.0.1', port, filename: 'file' })
    download.stream.destroy()
    await expect(download.finished).rejects.toMatchObject({ code: 'ERR_TFTP_CLOSED' })
    expect(await record()).toMatchObject({ outcome: 'client-abort', errorMessage: 'closed' })
  })

  it('asks for nothing when everything is the default of RFC 1350', async () => {
    const { port, record } = await serve({ root: await folderWith({ file: patternOf(2000) }) })
    const plain = { blockSize: 512, windowSize: 1, tsize: false }
    const download = await get({ host: '127.0.0.1', port, filename: 'file' }, plain)
    expect((await download.bytes()).equals(patternOf(2000))).toBe(true)
    expect((await record()).options).toEqual({})
  })
})

describe('put', () => {
  it.each(SIZES)('writes a file of %i bytes', async (size) => {
    const root = await folderWith({})
    const { port, record } = await serve(directory({ root, write: { create: true } }))
    const stored = await put({ host: '127.0.0.1', port, filename: 'new' }, patternOf(size))
    expect(stored).toMatchObject({ bytes: size, windowSize: 16 })
    expect((await readFile(join(root, 'new'))).equals(patternOf(size))).toBe(true)
    expect(await record()).toMatchObject({ outcome: 'done', operation: 'write', bytes: size })
  })

  it('writes from a file and from a stream', async () => {
    const root = await folderWith({ from: patternOf(100_000) })
    const { port } = await serve(directory({ root, write: { create: true } }))
    await put({ host: '127.0.0.1', port, filename: 'one' }, { file: join(root, 'from') })
    await put({ host: '127.0.0.1', port, filename: 'two' }, createReadStream(join(root, 'from')))
    for (const name of ['one', 'two']) {
      expect((await readFile(join(root, name))).equals(patternOf(100_000))).toBe(true)
    }
  })

  it('is refused by a server that is read-only', async () => {
    const { port } = await serve({ root: await folderWith({}) })
    await expect(
      put({ host: '127.0.0.1', port, filename: 'x' }, patternOf(10)),
    ).rejects.toMatchObject({
      remoteCode: 2,
    })
  })
})
