import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, it, onTestFinished } from 'vitest'

import { encode, Opcode } from '../src/codec/index.ts'
import { directory, get, parseTftpUrl, put } from '../src/index.ts'
import { rawClient } from './raw-client.ts'
import { at, folderWith, patternOf, serve } from './support.ts'

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

  it.each(['0', '999999'])('is stored whatever tsize says (%s)', async (tsize) => {
    const root = await folderWith({})
    const { port, record } = await serve(directory({ root, write: { create: true } }))
    const client = await rawClient(port)
    client.send(Buffer.from(`\0\x02up\0octet\0tsize\0${tsize}\0`, 'latin1'))
    const { packet, port: transfer } = await client.next()
    expect(packet).toMatchObject({ options: { tsize } })
    client.send({ opcode: Opcode.DATA, block: 1, data: patternOf(400) }, transfer)
    expect((await client.next()).packet).toMatchObject({ opcode: Opcode.ACK, block: 1 })
    expect(await record()).toMatchObject({ outcome: 'done', bytes: 400, size: Number(tsize) })
    expect((await readFile(join(root, 'up'))).equals(patternOf(400))).toBe(true)
  })
})

/** Hears requests on 127.0.0.1 and answers from 127.0.0.5, as a wildcard socket would. */
const elsewhere = async () => {
  const [asked, answering] = [await rawClient(9), createSocket('udp4')]
  answering.bind(0, '127.0.0.5')
  await once(answering, 'listening')
  onTestFinished(() => void answering.close())
  asked.socket.on('message', (_request, { port }) =>
    answering.send(
      encode({ opcode: Opcode.DATA, block: 1, data: patternOf(100) }),
      port,
      '127.0.0.1',
    ),
  )
  return at(asked.socket.address().port)
}

describe('a server with several addresses', () => {
  it('is named when it answers from another one', async () => {
    const target = await elsewhere()
    await expect(get(target, { initialTimeoutMs: 20, retries: 1 })).rejects.toThrow(
      'the server does not answer; 127.0.0.5 answered instead of 127.0.0.1',
    )
  })

  it('is understood where that is allowed', async () => {
    const download = await get(await elsewhere(), { anyAddress: true })
    expect(download.peer.address).toBe('127.0.0.5')
    expect((await download.bytes()).equals(patternOf(100))).toBe(true)
  })

  it('is known by any spelling of its address', async () => {
    const { port } = await serve({ read: () => Buffer.from('x') }, { host: '::1' })
    const download = await get({ ...at(port), host: '0:0:0:0:0:0:0:1' })
    expect(String(await download.bytes())).toBe('x')
  })
})

describe('a tftp: URL', () => {
  it.each([
    ['tftp://[fe80::1%25eth0]/f', 'fe80::1%eth0'],
    ['tftp://[fe80::1%eth0]:6900/f', 'fe80::1%eth0'],
    ['tftp://[fe80::1%2525]/f', 'fe80::1%25'],
    ['tftp://[::1]/f', '::1'],
  ])('%s names host %s', (url, host) => {
    expect(parseTftpUrl(url)).toMatchObject({ host, filename: 'f' })
  })
})
