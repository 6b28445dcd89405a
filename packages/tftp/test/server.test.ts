import { createSocket } from 'node:dgram'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdir, readdir, readFile, rename, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'

import { describe, expect, onTestFinished, test } from 'vitest'

import {
  CHANNELS,
  createTftpServer,
  directory,
  get,
  put,
  refuse,
  validate,
  type ReadAnswer,
  type TftpRequest,
} from '../src/index.ts'
import { folderWith, patternOf, serve } from './support.ts'

const at = (port: number, filename = 'file') => ({ host: '127.0.0.1', port, filename })

const read = async (port: number, filename = 'file', options = {}): Promise<Buffer> =>
  (await get(at(port, filename), options)).bytes()

describe('a read handler', () => {
  const bytes = patternOf(70_000)
  async function* pieces() {
    for (let i = 0; i < bytes.length; i += 999) yield bytes.subarray(i, i + 999)
  }
  const answers: Readonly<Record<string, () => ReadAnswer>> = {
    bytes: () => bytes,
    'bytes with a context': () => ({ bytes, context: { boot: 7 } }),
    'a stream': () => Readable.from(pieces()),
    'an async iterable': () => pieces(),
    'a stream with its size': () => ({ stream: pieces(), size: bytes.length }),
    'an offset reader': () => ({
      size: bytes.length,
      read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
    }),
  }

  test.each(Object.entries(answers))('may answer with %s', async (_what, answer) => {
    const { port, record } = await serve({ read: answer })
    for (const options of [{}, { windowSize: 1, blockSize: 512 }]) {
      expect((await read(port, 'x', options)).equals(bytes)).toBe(true)
    }
    expect(await record()).toMatchObject({ outcome: 'done', bytes: 70_000 })
  })

  test.each(Object.entries(answers))(
    'may answer a netascii request with %s',
    async (_what, answer) => {
      const { port } = await serve({ read: answer })
      const download = await get({ ...at(port), mode: 'netascii' })
      expect((await download.bytes()).equals(bytes)).toBe(true)
    },
  )

  test('sees the request, and its context comes back in every record', async () => {
    const requests: TftpRequest[] = []
    const started: unknown[] = []
    const onStart = (message: unknown) => void started.push(message)
    subscribe(CHANNELS.start, onStart)
    onTestFinished(() => void unsubscribe(CHANNELS.start, onStart))
    const { port, record } = await serve({
      instance: 'lab',
      read: (request) => {
        requests.push(request)
        return { bytes: Buffer.from(`for ${request.remote.address}`), context: { boot: 7 } }
      },
    })
    expect(String(await read(port, 'menu'))).toBe('for 127.0.0.1')
    expect(requests[0]).toMatchObject({
      filename: 'menu',
      rawName: Buffer.from('menu'),
      mode: 'octet',
      options: { blksize: '1468', tsize: '0', windowsize: '16' },
      remote: { address: '127.0.0.1' },
      local: { address: '127.0.0.1', port },
    })
    const ended = await record()
    expect(ended).toMatchObject({
      context: { boot: 7 },
      instance: 'lab',
      file: 'menu',
      operation: 'read',
    })
    expect(started).toContainEqual(expect.objectContaining({ context: { boot: 7 }, id: ended.id }))
    expect(JSON.parse(JSON.stringify(ended))).toEqual(ended)
  })

  test('may refuse, throw or take too long', async () => {
    const { port, records } = await serve({
      handlerTimeoutMs: 20,
      read: ({ filename }) => {
        if (filename === 'refuse') return refuse(2, 'not for you', { why: 1 })
        if (filename === 'throw') throw new Error('/srv/secret is broken')
        return new Promise(() => {})
      },
    })
    await expect(read(port, 'refuse')).rejects.toMatchObject({
      remoteCode: 2,
      message: /not for you/,
    })
    await expect(read(port, 'throw')).rejects.toMatchObject({
      remoteCode: 0,
      message: /could not answer/,
    })
    await expect(read(port, 'late')).rejects.toMatchObject({ remoteCode: 0 })
    expect(records.map(({ outcome, context }) => [outcome, context])).toContainEqual([
      'denied',
      { why: 1 },
    ])
  })

  test('keeps its context when the file that it names is not there', async () => {
    const { port, record } = await serve({
      read: () => ({ file: '/nonexistent/file', context: { boot: 7 } }),
    })
    await expect(read(port)).rejects.toMatchObject({ remoteCode: 1 })
    expect(await record()).toMatchObject({ outcome: 'denied', context: { boot: 7 } })
  })

  test('that fails half-way ends the transfer as failed', async () => {
    const { port, record } = await serve({
      read: () => ({
        async *[Symbol.asyncIterator]() {
          yield patternOf(5000)
          await Promise.resolve()
          throw new Error('broken')
        },
      }),
    })
    await expect(read(port)).rejects.toMatchObject({ message: /could not be read/ })
    expect((await record()).outcome).toBe('failed')
  })
})

describe('a file', () => {
  test('that is replaced is read to its old end, and new from the next request on', async () => {
    const root = await folderWith({ file: patternOf(2_000_000), next: patternOf(100) })
    const { port } = await serve({ root, cacheBytes: 0 })
    const download = await get(at(port))
    await rename(join(root, 'next'), join(root, 'file'))
    expect((await download.bytes()).equals(patternOf(2_000_000))).toBe(true)
    expect((await read(port)).equals(patternOf(100))).toBe(true)
  })

  test('that is cut while it is sent fails instead of going out wrong', async () => {
    const root = await folderWith({ file: patternOf(3_000_000) })
    const { port, record } = await serve({ root })
    const download = await get(at(port))
    await truncate(join(root, 'file'), 1000)
    await expect(download.bytes()).rejects.toMatchObject({ code: 'ERR_TFTP_REFUSED' })
    expect((await record()).outcome).toBe('failed')
  })

  test('that fails before anyone reads it keeps the failure for the reader', async () => {
    const root = await folderWith({ file: patternOf(3_000_000) })
    const { port } = await serve({ root })
    const download = await get(at(port))
    await truncate(join(root, 'file'), 1000)
    await expect(download.finished).rejects.toMatchObject({ code: 'ERR_TFTP_REFUSED' })
    await expect(download.bytes()).rejects.toMatchObject({ code: 'ERR_TFTP_REFUSED' })
  })

  test('comes out of the cache for the second client, within the budget', async () => {
    const root = await folderWith({ file: patternOf(1_000_000) })
    const { port } = await serve({ root, cacheBytes: 300_000 })
    const all = await Promise.all(Array.from({ length: 5 }, () => read(port)))
    for (const one of all) expect(one.equals(patternOf(1_000_000))).toBe(true)
  })
})

describe('the directory handler', () => {
  test('finds names in any case, renames by table, and gives clients a folder of their own', async () => {
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

  test('writes by policy only, and leaves no temporary file', async () => {
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

  test('stops an upload that grows over its limit without having said so', async () => {
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

describe('a write handler', () => {
  test('holds the client back while its stream is busy', async () => {
    const pieces: Buffer[] = []
    const stream = new Writable({
      highWaterMark: 1,
      write: (piece, _encoding, done) => {
        pieces.push(piece)
        setImmediate(done)
      },
    })
    const { port, record } = await serve({
      read: () => refuse(1, ''),
      write: () => ({ stream, context: 'up' }),
    })
    await put(at(port), patternOf(200_000))
    expect(Buffer.concat(pieces).equals(patternOf(200_000))).toBe(true)
    expect(await record()).toMatchObject({
      operation: 'write',
      outcome: 'done',
      context: 'up',
      bytes: 200_000,
    })
  })
})

describe('the server', () => {
  test.each(['single', { from: 40_000, to: 40_050 }] as const)(
    'answers from %j',
    async (transferPorts) => {
      const root = await folderWith({ file: patternOf(300_000) })
      const { port, record } = await serve({
        ...directory({ root, write: { create: true } }),
        transferPorts,
      })
      const downloads = await Promise.all(Array.from({ length: 5 }, () => get(at(port))))
      for (const download of downloads) {
        const from = download.remote.port
        expect(transferPorts === 'single' ? from === port : from >= 40_000 && from <= 40_050).toBe(
          true,
        )
        expect((await download.bytes()).equals(patternOf(300_000))).toBe(true)
      }
      await put(at(port, 'up'), patternOf(5000))
      expect((await record()).outcome).toBe('done')
    },
  )

  test('answers over IPv6, and on every address of the machine by default', async () => {
    const root = await folderWith({ file: patternOf(5000) })
    const six = await serve({ root }, { host: '::1' })
    const download = await get({ ...at(six.port), host: '::1' })
    expect(download.blockSize).toBe(1448)
    expect((await download.bytes()).equals(patternOf(5000))).toBe(true)
    const server = createTftpServer({ root })
    onTestFinished(() => server.close())
    const { port, addresses } = await server.listen({ port: 0 })
    expect(addresses).toEqual(expect.arrayContaining(['127.0.0.1']))
    expect((await read(port)).length).toBe(5000)
  })

  test('takes a socket that somebody else has bound', async () => {
    const root = await folderWith({ file: patternOf(5000) })
    await expect(createTftpServer({ root }).listen({ fd: 'systemd' })).rejects.toMatchObject({
      code: 'ERR_TFTP_NO_SOCKET',
    })
  })

  test('clamps blocks to the MTU and leaves refused options out', async () => {
    const root = await folderWith({ file: patternOf(50_000) })
    const { port } = await serve({
      root,
      mtu: 1400,
      refuseOptions: ({ remote }) => (remote.port > 0 ? ['tsize'] : []),
    })
    const download = await get(at(port), { blockSize: 9000 })
    expect(download).toMatchObject({ blockSize: 1368, size: undefined })
    expect((await download.bytes()).length).toBe(50_000)
  })

  test('drops what is over its limits in silence', async () => {
    const root = await folderWith({ file: patternOf(1_000_000) })
    const { port, server } = await serve({ root, maxTransfersPerAddress: 1 })
    const first = await get(at(port))
    await expect(get(at(port), { initialTimeoutMs: 20, retries: 1 })).rejects.toMatchObject({
      code: 'ERR_TFTP_TIMEOUT',
    })
    first.stream.destroy()
    await expect(first.finished).rejects.toThrow('given up')
    await expect.poll(() => server.transfers).toBe(0)
    expect((await read(port)).length).toBe(1_000_000)
    const slow = await serve({ root, maxRequestsPerSecond: 1 })
    const impatient = { initialTimeoutMs: 10, retries: 0 }
    const asked = await Promise.allSettled([1, 2, 3].map(() => get(at(slow.port), impatient)))
    // A burst of two seconds' worth is let through.
    expect(asked.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    for (const one of asked) if (one.status === 'fulfilled') one.value.stream.destroy()
  })

  test('lets transfers end when it closes, and ends them at the deadline', async () => {
    const root = await folderWith({ file: patternOf(400_000) })
    const patient = await serve({ root })
    const download = await get(at(patient.port))
    const closing = patient.server.close()
    expect((await download.bytes()).length).toBe(400_000)
    await closing
    await patient.server.close()
    expect(await patient.record()).toMatchObject({ outcome: 'done' })

    const strict = await serve({ root })
    const silent = createSocket('udp4')
    onTestFinished(() => void silent.close())
    silent.send(Buffer.from('\0\x01file\0octet\0'), strict.port, '127.0.0.1')
    await expect.poll(() => strict.server.transfers).toBe(1)
    await strict.server.close({ deadlineMs: 10 })
    expect(await strict.record()).toMatchObject({
      outcome: 'cancelled',
      errorMessage: 'the server is closing',
    })
  })

  test('says what is wrong with its options', () => {
    expect(
      validate({ root: '/srv', mtu: 9000, transferPorts: 'single', refuseOptions: ['tsize'] }),
    ).toEqual([])
    const wrong = {
      mtu: 1,
      retries: 'x',
      transferPorts: { from: 9, to: 1 },
      refuseOptions: ['x'],
      rollover: 2,
      nonsense: 1,
    }
    expect(validate(wrong).map(({ path, code }) => [path[0], code])).toEqual([
      ['mtu', 'out-of-range'],
      ['retries', 'not-a-number'],
      ['transferPorts', 'not-allowed'],
      ['refuseOptions', 'not-allowed'],
      ['rollover', 'not-allowed'],
      ['nonsense', 'unknown-key'],
    ])
    expect(() => createTftpServer({ root: '/srv', mtu: 1 })).toThrow('mtu: 1 is outside 68–65535')
  })

  test('listens once only, and frees what it has bound when an address is not its own', async () => {
    const { server } = await serve({ root: '/nonexistent' })
    await expect(server.listen()).rejects.toMatchObject({ code: 'ERR_TFTP_LISTENING' })
    const other = createTftpServer({ root: '/nonexistent' })
    await expect(
      other.listen({ port: 0, host: ['127.0.0.1', '192.0.2.77'] }),
    ).rejects.toMatchObject({
      code: 'EADDRNOTAVAIL',
    })
  })
})
