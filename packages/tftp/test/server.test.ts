import { createSocket } from 'node:dgram'
import { once } from 'node:events'

import { describe, expect, onTestFinished, it, vi } from 'vitest'

import { Opcode } from '../src/codec/index.ts'
import {
  createTftpServer,
  directory,
  get,
  put,
  refuse,
  validate,
  type ReadAnswer,
} from '../src/index.ts'
import { settingsOf } from '../src/server/settings.ts'
import { rawClient } from './raw-client.ts'
import { at, folderWith, patternOf, read, serve } from './support.ts'

describe('the server', () => {
  it.each(['single', { from: 40_000, to: 40_050 }] as const)(
    'answers from %j',
    async (transferPorts) => {
      const root = await folderWith({ file: patternOf(300_000) })
      const { port, record } = await serve({
        ...directory({ root, write: { create: true } }),
        transferPorts,
      })
      const downloads = await Promise.all(Array.from({ length: 5 }, () => get(at(port))))
      for (const download of downloads) {
        const from = download.peer.port
        expect(transferPorts === 'single' ? from === port : from >= 40_000 && from <= 40_050).toBe(
          true,
        )
        expect((await download.bytes()).equals(patternOf(300_000))).toBe(true)
      }
      await put(at(port, 'up'), patternOf(5000))
      expect((await record()).outcome).toBe('done')
    },
  )

  it('answers over IPv6, and on every address of the machine by default', async () => {
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

  it('takes a socket that somebody else has bound', async () => {
    const root = await folderWith({ file: patternOf(5000) })
    await expect(createTftpServer({ root }).listen({ fd: 'systemd' })).rejects.toMatchObject({
      code: 'ERR_TFTP_NO_SOCKET',
    })
  })

  it('clamps blocks to the MTU and leaves refused options out', async () => {
    const root = await folderWith({ file: patternOf(50_000) })
    const { port } = await serve({
      root,
      mtu: 1400,
      refuseOptions: ({ peer }) => (peer.port > 0 ? ['tsize'] : []),
    })
    const download = await get(at(port), { blockSize: 9000 })
    expect(download).toMatchObject({ blockSize: 1368, size: undefined })
    expect((await download.bytes()).length).toBe(50_000)
  })

  it('drops what is over its limits in silence', async () => {
    const root = await folderWith({ file: patternOf(1_000_000) })
    const { port, server } = await serve({ root, limits: { maxTransfersPerAddress: 1 } })
    const first = await get(at(port))
    await expect(get(at(port), { initialTimeoutMs: 20, retries: 1 })).rejects.toMatchObject({
      code: 'ERR_TFTP_TIMEOUT',
    })
    first.stream.destroy()
    await expect(first.finished).rejects.toThrow('given up')
    await expect.poll(() => server.transfers).toBe(0)
    expect((await read(port)).length).toBe(1_000_000)
    const slow = await serve({ root, limits: { maxRequestsPerSecond: 1 } })
    const impatient = { initialTimeoutMs: 300, retries: 0 }
    const asked = await Promise.allSettled([1, 2, 3].map(() => get(at(slow.port), impatient)))
    // A burst of two seconds' worth is let through.
    expect(asked.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    for (const one of asked) if (one.status === 'fulfilled') one.value.stream.destroy()
  })

  it('lets transfers end when it closes, and ends them at the deadline', async () => {
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

  it('does not wait for a handler when it closes, and gives back what it answers late', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const answer: { give?: (value: ReadAnswer) => void } = {}
    let aborted = false
    const { port, server, record } = await serve({
      read: ({ signal }) => {
        signal.addEventListener('abort', () => (aborted = true))
        return new Promise((resolve) => (answer.give = resolve))
      },
    })
    const client = await rawClient(port)
    client.read('file')
    await vi.waitUntil(() => answer.give)
    await server.close({ deadlineMs: 0 })
    expect(await record()).toMatchObject({ outcome: 'cancelled' })
    expect(aborted).toBe(true)
    await new Promise((resolve) => setImmediate(resolve))
    expect(vi.getTimerCount()).toBe(0)
    const closed = new Promise<void>((resolve) =>
      answer.give?.({ size: 1, read: () => Buffer.of(1), close: resolve }),
    )
    await closed
    expect(client.queue).toEqual([])
  })

  it('drops a request in silence when all ports of its range are taken', async () => {
    const taken = createSocket('udp4').bind(0, '127.0.0.1')
    await once(taken, 'listening')
    onTestFinished(() => void taken.close())
    const { port: busy } = taken.address()
    let discarded = 0
    const { port, server, record } = await serve({
      read: () => ({ size: 1, read: () => Buffer.of(1), close: () => discarded++ }),
      transferPorts: { from: busy, to: busy },
    })
    const client = await rawClient(port)
    client.read('file')
    expect(await record()).toMatchObject({
      outcome: 'failed',
      error: { code: 'ERR_TFTP_NO_SOCKET' },
    })
    expect([server.transfers, discarded, client.queue]).toEqual([0, 1, []])
  })

  it('lets a client that starts anew take the place of its own old transfer', async () => {
    const root = await folderWith({ file: patternOf(3000), other: patternOf(1) })
    const { port, record } = await serve({
      root,
      limits: { maxTransfers: 1, maxTransfersPerAddress: 1 },
    })
    const client = await rawClient(port)
    client.read('file')
    await client.next()
    client.read('other')
    expect((await client.next()).packet).toMatchObject({ block: 1, data: patternOf(1) })
    expect(await record()).toMatchObject({ outcome: 'superseded' })
  })

  it('says what is wrong with its options', () => {
    expect(
      validate({ root: '/tmp', mtu: 9000, transferPorts: 'single', refuseOptions: ['tsize'] }),
    ).toEqual([])
    const wrong = {
      root: '/tmp',
      mtu: 1,
      limits: { maxRetries: 'x', cache: 1 },
      transferPorts: { from: 9, to: 1 },
      refuseOptions: ['x'],
      rollover: 2,
      nonsense: 1,
    }
    expect(validate(wrong).map(({ path, code }) => [path.join('.'), code])).toEqual([
      ['mtu', 'out-of-range'],
      ['limits.maxRetries', 'not-a-number'],
      ['limits.cache', 'unknown-key'],
      ['transferPorts', 'not-allowed'],
      ['refuseOptions', 'not-allowed'],
      ['rollover', 'not-allowed'],
      ['nonsense', 'unknown-key'],
    ])
    expect(() => createTftpServer({ root: '/tmp', mtu: 1 })).toThrow('mtu: 1 is outside 68–65536')
  })

  it('listens once only, and frees what it has bound when an address is not its own', async () => {
    const { server } = await serve({ read: () => refuse(1, '') })
    await expect(server.listen()).rejects.toMatchObject({ code: 'ERR_TFTP_LISTENING' })
    const other = createTftpServer({ read: () => refuse(1, '') })
    await expect(
      other.listen({ port: 0, host: ['127.0.0.1', '192.0.2.77'] }),
    ).rejects.toMatchObject({
      code: 'EADDRNOTAVAIL',
    })
  })

  it('takes a plain request after its OACK for a new one, and answers it at once', async () => {
    const root = await folderWith({ file: patternOf(3000) })
    const { port, records } = await serve({ root })
    const client = await rawClient(port)
    client.read('file', ['tsize', '0', 'blksize', '1400'])
    expect((await client.next()).packet).toMatchObject({ opcode: Opcode.OACK })
    client.read('file')
    expect((await client.next()).packet).toMatchObject({ opcode: Opcode.DATA, block: 1 })
    expect(records).toMatchObject([{ outcome: 'superseded' }])
  })

  it('takes the same request for a new one when the client has been silent for a while', async () => {
    const root = await folderWith({ file: patternOf(30_000) })
    const { port, records } = await serve({ root, minTimeoutMs: 60_000 })
    const client = await rawClient(port)
    const options = ['blksize', '512']
    client.read('file', options)
    const { port: transfer } = await client.next()
    client.send({ opcode: Opcode.ACK, block: 0 }, transfer)
    expect((await client.next()).packet).toMatchObject({ block: 1 })
    client.read('file', options)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(client.queue).toEqual([])
    client.read('file', options)
    expect((await client.next()).packet).toMatchObject({ opcode: Opcode.OACK })
    expect(records).toMatchObject([{ outcome: 'superseded' }])
  })

  it('does not slow a client that reads hundreds of small files one after the other', async () => {
    const { port, records } = await serve({
      read: () => Buffer.from('module'),
      limits: { maxRequestsPerSecond: 1, maxHalfOpenPerAddress: 2 },
    })
    const patient = { initialTimeoutMs: 60_000 }
    for (let i = 0; i < 100; i++) expect((await read(port, `m${i}`, patient)).length).toBe(6)
    await expect.poll(() => records.length).toBe(100)
  })

  it('says what it has bound, and closes when its signal is aborted', async () => {
    const abort = new AbortController()
    const { server, port } = await serve({ read: () => Buffer.from('x') }, { signal: abort.signal })
    expect(server.address()).toEqual({ address: '127.0.0.1', addresses: ['127.0.0.1'], port })
    abort.abort()
    await expect.poll(() => server.address()).toBeUndefined()
    await expect(
      createTftpServer({ read: () => Buffer.of(1) }).listen({ signal: abort.signal }),
    ).rejects.toThrow('aborted')
  })

  it('serves IPv4 and IPv6 on ::, and names a client as it is', async () => {
    const { port, records } = await serve(
      { read: ({ peer }) => Buffer.from(peer.address) },
      { host: '::' },
    )
    expect(String(await read(port))).toBe('127.0.0.1')
    expect(String(await (await get({ ...at(port), host: '::1' })).bytes())).toBe('::1')
    await expect.poll(() => records.length).toBe(2)
  })

  it.each([
    [{}, 'missing', []],
    [{ root: '/nonexistent' }, 'missing', ['root']],
    [{ root: 5 }, 'wrong-type', ['root']],
    [{ read: 3 }, 'wrong-type', ['read']],
    [{ root: '/tmp', read: () => Buffer.of(1) }, 'excluded', ['root']],
    [{ read: () => Buffer.of(1), ignoreCase: true }, 'excluded', ['ignoreCase']],
    [{ read: () => Buffer.of(1), write: { create: true } }, 'wrong-type', ['write']],
    [{ root: '/tmp', write: () => refuse(2, '') }, 'wrong-type', ['write']],
    [{ root: '/tmp', write: { creat: true } }, 'unknown-key', ['write', 'creat']],
    [{ root: '/tmp', onTransfer: 1 }, 'wrong-type', ['onTransfer']],
    [{ root: '/tmp', onError: 'x' }, 'wrong-type', ['onError']],
    [{ root: '/tmp', instance: 1 }, 'wrong-type', ['instance']],
    [{ root: '/tmp', limits: 5 }, 'wrong-type', ['limits']],
    [{ root: '/tmp', limits: { maxTransfers: NaN } }, 'not-a-number', ['limits', 'maxTransfers']],
    [{ root: '/tmp', mtu: null }, 'not-a-number', ['mtu']],
    [{ root: '/tmp', mtu: 'auto' }, 'not-a-number', ['mtu']],
    [{ root: '/tmp', __proto__x: 1 }, 'unknown-key', ['__proto__x']],
    ['text', 'wrong-type', []],
  ])('refuses %j, and validate says why', (options, code, path) => {
    const issues = validate(options)
    expect(issues).toMatchObject([{ code, path }])
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the point of the test
    expect(() => createTftpServer(options as never)).toThrow(issues[0]!.message)
  })

  it('takes undefined for the default, everywhere', async () => {
    const names = [
      'mtu',
      'maxBlockSize',
      'maxWindowSize',
      'refuseOptions',
      'rollover',
      'transferPorts',
      'minTimeoutMs',
      'initialTimeoutMs',
      'limits',
      'instance',
      'onError',
      'write',
      'root',
      'ignoreCase',
    ]
    const limits = Object.fromEntries(
      Object.keys(settingsOf({}).limits).map((name) => [name, undefined]),
    )
    const { port } = await serve(
      {
        read: () => patternOf(3000),
        ...Object.fromEntries(names.map((name) => [name, undefined])),
        limits,
      },
      { fd: undefined, signal: undefined },
    )
    const undefinedOptions = {
      blockSize: undefined,
      windowSize: undefined,
      retries: undefined,
      initialTimeoutMs: undefined,
      rollover: undefined,
      family: undefined,
      tsize: undefined,
    }
    const download = await get({ ...at(port), mode: undefined }, undefinedOptions)
    expect(download).toMatchObject({ blockSize: 1468, windowSize: 16, size: 3000 })
    expect((await download.bytes()).equals(patternOf(3000))).toBe(true)
  })

  it('validates settings that somebody completes', () => {
    expect(validate({ mtu: 1400, ignoreCase: true }, { incomplete: true })).toEqual([])
    expect(validate({ mtu: 1 }, { incomplete: true })).toHaveLength(1)
  })

  it('uses the MTU of the interface that was asked', async () => {
    const { port } = await serve({ read: () => patternOf(100_000) })
    const options = { blockSize: 65_000, windowSize: 1 }
    const download = await get(at(port), options)
    // Loopback has 65536 on Linux.
    expect(download.blockSize).toBe(process.platform === 'linux' ? 65_000 : 1468)
    expect((await download.bytes()).equals(patternOf(100_000))).toBe(true)
  })

  it('serves odd requests, and says in the record what was odd', async () => {
    const { port, record } = await serve({ root: await folderWith({ f: patternOf(10) }) })
    const client = await rawClient(port)
    client.send(Buffer.from('\0\x01f\0octet', 'latin1'))
    const { packet, port: transfer } = await client.next()
    expect(packet).toMatchObject({ opcode: Opcode.DATA, block: 1 })
    client.send({ opcode: Opcode.ACK, block: 1 }, transfer)
    expect(await record()).toMatchObject({ outcome: 'done', oddities: ['unterminated'] })
  })
})
