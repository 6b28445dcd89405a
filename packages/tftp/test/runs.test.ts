import { createSocket } from 'node:dgram'

import { loadSocketHelper } from '@bootwire-internal/socket-helper'
import { describe, expect, it } from 'vitest'

import { createTftpServer, get, put, directory } from '../src/index.ts'
import { at, folderWith, patternOf, read, serve } from './support.ts'

const { helper, reason } = loadSocketHelper()

const anything = () => Buffer.from('x')

/** Every address of 127.0.0.0/8 is this machine's. */
const OTHER_ADDRESS = '127.0.0.7'

describe('how a server sends', () => {
  it('is known from the start, with the reason when it is the plain way', () => {
    expect(createTftpServer({ read: anything, socketHelper: 'off' }).tier).toEqual({
      name: 'plain',
      reason: "socketHelper is 'off'",
    })
    const { tier } = createTftpServer({ read: anything })
    expect(tier).toEqual(reason === undefined ? { name: 'runs' } : { name: 'plain', reason })
  })

  it('may only be chosen as auto or off', () => {
    // @ts-expect-error: what a configuration may hold
    expect(() => createTftpServer({ root: '/tmp', socketHelper: 'on' })).toThrow(
      expect.objectContaining({ code: 'ERR_TFTP_INVALID_ARGUMENT' }),
    )
  })
})

describe.skipIf(reason)('runs of blocks', () => {
  const size = 3_000_001

  it.each([
    [1468, 4],
    [1468, 16],
    [1468, 64],
    [512, 64],
    [8, 64],
    // Longer than any packet of an interface with 1500: the kernel refuses the run, and cuts single packets.
    [32_768, 3],
    [65_464, 2],
  ])('bring every byte: blocks of %i, windows of %i', async (blockSize, windowSize) => {
    const bytes = patternOf(blockSize === 8 ? 40_001 : size)
    const root = await folderWith({ file: bytes })
    const { port, server, record } = await serve({ root, mtu: 65_536 })
    expect(server.tier).toEqual({ name: 'runs' })
    const got = await read(port, 'file', { blockSize, windowSize })
    expect(got.equals(bytes)).toBe(true)
    expect(await record()).toMatchObject({ outcome: 'done', bytes: bytes.length })
  })

  it('bring nothing twice to a client that keeps up', async () => {
    const root = await folderWith({ file: patternOf(size) })
    const { port, record } = await serve({ root, minTimeoutMs: 5000, initialTimeoutMs: 5000 })
    await read(port, 'file', { blockSize: 1468, windowSize: 16 })
    expect((await record()).resends).toBe(0)
  })

  it('are of no matter to uploads', async () => {
    const root = await folderWith({ file: Buffer.from('x') })
    const { port, record } = await serve(directory({ root, write: { create: true } }))
    await put(at(port, 'up'), patternOf(size), { blockSize: 8192, windowSize: 8 })
    expect(await record()).toMatchObject({ outcome: 'done', bytes: size })
    expect((await read(port, 'up')).equals(patternOf(size))).toBe(true)
  })

  it('end at once when the client is gone', async () => {
    const root = await folderWith({ file: patternOf(size) })
    const { port, record } = await serve({ root })
    const download = await get(at(port), { windowSize: 16 })
    await download.stream[Symbol.asyncIterator]().next()
    download.stream.destroy()
    expect((await record()).outcome).not.toBe('done')
  })
})

describe.skipIf(reason)('a server on a wildcard address', () => {
  it.each(['ephemeral', 'single'] as const)(
    'answers from the address that was asked, %s ports',
    async (transferPorts) => {
      const root = await folderWith({ file: patternOf(5000) })
      for (const host of ['0.0.0.0', '::']) {
        const { port, record } = await serve({ root, transferPorts }, { host })
        const download = await get({ host: OTHER_ADDRESS, port, filename: 'file' })
        expect(download.peer.address).toBe(OTHER_ADDRESS)
        expect((await download.bytes()).equals(patternOf(5000))).toBe(true)
        expect(await record()).toMatchObject({ outcome: 'done', local: OTHER_ADDRESS })
      }
    },
  )

  it('serves IPv6 there too', async () => {
    const root = await folderWith({ file: patternOf(5000) })
    const { port } = await serve({ root }, { host: '::' })
    const download = await get({ host: '::1', port, filename: 'file' })
    expect((await download.bytes()).equals(patternOf(5000))).toBe(true)
  })

  it('keeps its port to itself', async () => {
    const root = await folderWith({ file: patternOf(10) })
    const { port } = await serve({ root }, { host: '0.0.0.0' })
    expect(() => helper?.openUdp({ address: '0.0.0.0', port, reuseAddress: true })).toThrow(
      expect.objectContaining({ code: 'EADDRINUSE' }),
    )
    const thief = createSocket({ type: 'udp4', reuseAddr: true })
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
      thief.once('error', resolve)
      thief.bind(port)
    })
    expect(error.code).toBe('EADDRINUSE')
    thief.close()
  })
})
