import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Readable, Writable } from 'node:stream'

import { describe, expect, onTestFinished, it } from 'vitest'

import { CHANNELS, get, put, refuse, type ReadAnswer, type TftpRequest } from '../src/index.ts'
import { at, patternOf, read, serve } from './support.ts'

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

  it.each(Object.entries(answers))('may answer with %s', async (_what, answer) => {
    const { port, record } = await serve({ read: answer })
    for (const options of [{}, { windowSize: 1, blockSize: 512 }]) {
      expect((await read(port, 'x', options)).equals(bytes)).toBe(true)
    }
    expect(await record()).toMatchObject({ outcome: 'done', bytes: 70_000 })
  })

  it.each(Object.entries(answers))(
    'may answer a netascii request with %s',
    async (_what, answer) => {
      const { port } = await serve({ read: answer })
      const download = await get({ ...at(port), mode: 'netascii' })
      expect((await download.bytes()).equals(bytes)).toBe(true)
    },
  )

  it('sees the request, and its context comes back in every record', async () => {
    const requests: TftpRequest[] = []
    const started: unknown[] = []
    const onStart = (message: unknown) => void started.push(message)
    subscribe(CHANNELS.start, onStart)
    onTestFinished(() => void unsubscribe(CHANNELS.start, onStart))
    const { port, record } = await serve({
      instance: 'lab',
      read: (request) => {
        requests.push(request)
        return { bytes: Buffer.from(`for ${request.peer.address}`), context: { boot: 7 } }
      },
    })
    expect(String(await read(port, 'menu'))).toBe('for 127.0.0.1')
    expect(requests[0]).toMatchObject({
      filename: 'menu',
      rawName: Buffer.from('menu'),
      mode: 'octet',
      options: { blksize: '1468', tsize: '0', windowsize: '16' },
      peer: { address: '127.0.0.1' },
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

  it('may refuse, throw or take too long', async () => {
    const { port, records } = await serve({
      limits: { handlerTimeoutMs: 20 },
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

  it('keeps its context when the file that it names is not there', async () => {
    const { port, record } = await serve({
      read: () => ({ file: '/nonexistent/file', context: { boot: 7 } }),
    })
    await expect(read(port)).rejects.toMatchObject({ remoteCode: 1 })
    expect(await record()).toMatchObject({ outcome: 'denied', context: { boot: 7 } })
  })

  it('that fails half-way ends the transfer as failed', async () => {
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

const full = () => Object.assign(new Error('ENOSPC: /srv/secret'), { code: 'ENOSPC' })

describe('a write handler', () => {
  it.each([
    [
      'at once',
      () => {
        throw full()
      },
    ],
    ['later', () => Promise.reject(full())],
  ] as const)(
    'whose disk is full %s is answered with ERROR 3 and told to clean up',
    async (_when, write) => {
      let aborts = 0
      const { port, record } = await serve({
        read: () => refuse(1, ''),
        write: () => ({ write, end: () => {}, abort: () => void aborts++ }),
      })
      await expect(put(at(port), patternOf(5000))).rejects.toMatchObject({
        remoteCode: 3,
        message: /disk full$/,
      })
      expect(await record()).toMatchObject({ outcome: 'failed', errorMessage: 'disk full' })
      expect(aborts).toBe(1)
    },
  )

  it.each(['before', 'while'] as const)(
    'whose stream is destroyed %s it is fed ends as failed',
    async (when) => {
      const stream = new Writable({ highWaterMark: 1, write: () => void stream.destroy() })
      if (when === 'before') stream.destroy()
      const { port, record } = await serve({ read: () => refuse(1, ''), write: () => stream })
      await expect(put(at(port), patternOf(5000))).rejects.toMatchObject({ remoteCode: 0 })
      expect((await record()).outcome).toBe('failed')
    },
  )

  it('holds the client back while its stream is busy', async () => {
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
