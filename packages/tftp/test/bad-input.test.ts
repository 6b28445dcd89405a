import { subscribe, unsubscribe } from 'node:diagnostics_channel'

import { describe, expect, onTestFinished, it } from 'vitest'

import { Opcode } from '../src/codec/index.ts'
import { CHANNELS, directory } from '../src/index.ts'
import { answerTo, rawClient } from './raw-client.ts'
import { folderWith, patternOf, serve } from './support.ts'

/** A client that has DATA 1 of a file. */
const begun = async (size = 3000) => {
  const running = await serve({ root: await folderWith({ file: patternOf(size) }) })
  const client = await rawClient(running.port)
  client.read('file')
  const { port: transfer } = await client.next()
  return { ...running, client, transfer }
}

describe('requests', () => {
  it.each([
    ['blksize', '8', 'windowsize', '65535'],
    ['utimeout', '-1'],
    ['blksize', '99999999999999999999'],
    ['blksize', '0x10', 'timeout', '1.5', 'tsize', '-1', 'windowsize', '-4'],
    ['tsize', '0', 'blksize', '1468', 'windowsize', '4', 'msftwindow', '31416'],
    ['__proto__', '1', 'constructor', '1', 'hasOwnProperty', '1'],
    ['blksize', '512', 'BLKSIZE', '1024'],
    ['', ''],
  ])('with options %s %s %s %s are answered', async (...options) => {
    const { port, record } = await serve({ root: await folderWith({ file: patternOf(100_000) }) })
    const packet = await answerTo(port, 'file', options)
    expect([Opcode.DATA, Opcode.OACK]).toContain(packet.opcode)
    expect(['client-abort', 'probe']).toContain((await record()).outcome)
  })

  it('of mode mail or any other are refused with ERROR 4', async () => {
    const { port } = await serve({ root: await folderWith({ file: patternOf(1) }) })
    for (const mode of ['mail', '', '__proto__']) {
      const client = await rawClient(port)
      client.read('file', [], mode)
      expect((await client.next()).packet).toMatchObject({ opcode: Opcode.ERROR, code: 4 })
    }
  })

  it('and everything else that is malformed are dropped, counted by reason, and harm nobody', async () => {
    const reasons: string[] = []
    const onDrop = (message: unknown) => {
      if (typeof message === 'object' && message !== null && 'reason' in message)
        reasons.push(String(message.reason))
    }
    subscribe(CHANNELS.drop, onDrop)
    onTestFinished(() => void unsubscribe(CHANNELS.drop, onDrop))
    const { port } = await serve({ root: await folderWith({ file: patternOf(10) }) })
    const client = await rawClient(port)
    const bad = ['', '\0', '\0\x01', '\0\x01f', '\0\x01f\0']
    const other = [
      '\0\x03\0\x01x',
      '\0\x04\0\x01',
      '\0\x05\0\0no\0',
      '\0\x06a\0b\0',
      '\0\x09\0\0',
      '\x01\x01f\0octet\0',
    ]
    const long = [`\0\x01${'n'.repeat(5000)}\0octet\0`]
    for (const text of [...bad, ...other, ...long]) client.send(Buffer.from(text, 'latin1'))
    // Datagrams keep their order on loopback: the answer to this one comes after all of them.
    client.read('file')
    expect((await client.next()).packet?.opcode).toBe(Opcode.DATA)
    expect(client.queue).toEqual([])
    expect(reasons.filter((reason) => reason === 'malformed')).toHaveLength(3)
    expect(reasons.filter((reason) => reason === 'not-a-request')).toHaveLength(9)
  })
})

describe('a transfer', () => {
  it('survives short, strange and forged datagrams on its port', async () => {
    const { client, transfer, record } = await begun()
    const stranger = await rawClient(transfer)
    stranger.send({ opcode: Opcode.ACK, block: 1 })
    stranger.send({ opcode: Opcode.ERROR, code: 0, message: 'no' })
    for (const text of [
      '',
      '\0',
      '\0\x04',
      '\0\x04\0',
      '\0\x09\0\x01',
      '\0\x01f\0octet\0',
      '\0\x06a\0b\0',
      '\0\x03\0\x01',
    ]) {
      client.send(Buffer.from(text, 'latin1'), transfer)
    }
    for (let block = 1; block <= 6; block++) client.send({ opcode: Opcode.ACK, block }, transfer)
    expect(await record()).toMatchObject({ outcome: 'done', bytes: 3000, blocks: 6 })
    expect(stranger.queue).toEqual([])
  })

  it('ends at once with an ERROR, and answers nothing', async () => {
    const { client, transfer, record } = await begun()
    client.send({ opcode: Opcode.ERROR, code: 0, message: 'TFTP Aborted' }, transfer)
    expect(await record()).toMatchObject({ outcome: 'client-abort', errorMessage: 'TFTP Aborted' })
    expect(client.queue).toEqual([])
  })

  it('ends when the client is gone', async () => {
    const { client, record } = await begun()
    client.socket.close()
    client.socket.close = () => client.socket // the test's end closes it again
    expect((await record()).outcome).toBe('client-gone')
  })

  it('is a probe when UEFI asks for the size and leaves', async () => {
    const { port, record } = await serve({ root: await folderWith({ file: patternOf(3000) }) })
    const client = await rawClient(port)
    client.read('file', ['tsize', '0', 'blksize', '1468', 'windowsize', '4'])
    const { packet, port: transfer } = await client.next()
    expect(packet).toMatchObject({ options: { tsize: '3000', blksize: '1468', windowsize: '4' } })
    client.send({ opcode: Opcode.ERROR, code: 8, message: 'User aborted the transfer' }, transfer)
    expect(await record()).toMatchObject({ outcome: 'probe', errorCode: 8, blocks: 0 })
  })

  it('is aborted when a client that did not ask for the size turns the options down', async () => {
    const { port, record } = await serve({ root: await folderWith({ file: patternOf(3000) }) })
    const client = await rawClient(port)
    client.read('file', ['blksize', '1468'])
    const { packet, port: transfer } = await client.next()
    expect(packet).toMatchObject({ options: { blksize: '1468' } })
    client.send({ opcode: Opcode.ERROR, code: 8, message: 'no' }, transfer)
    expect(await record()).toMatchObject({ outcome: 'client-abort', errorCode: 8, blocks: 0 })
    client.read('file')
    expect((await client.next()).packet).toMatchObject({ opcode: Opcode.DATA, block: 1 })
  })

  it('is not started twice by a request that comes twice', async () => {
    const { port, server, record } = await serve({
      root: await folderWith({ file: patternOf(3000) }),
    })
    const client = await rawClient(port)
    for (let i = 0; i < 3; i++) client.read('file')
    const { port: transfer } = await client.next()
    expect(server.transfers).toBe(1)
    for (let block = 1; block <= 6; block++) client.send({ opcode: Opcode.ACK, block }, transfer)
    expect((await record()).outcome).toBe('done')
  })

  it('gives way when the same port asks for another file', async () => {
    const { port, records, record } = await serve({
      root: await folderWith({ file: patternOf(3000), other: patternOf(1) }),
    })
    const client = await rawClient(port)
    client.read('file')
    await client.next()
    client.read('other')
    expect((await record()).outcome).toBe('superseded')
    const { port: transfer } = await client.next()
    client.send({ opcode: Opcode.ACK, block: 1 }, transfer)
    expect(await record(1)).toMatchObject({ outcome: 'done', file: 'other' })
    expect(records).toHaveLength(2)
  })
})

describe('thousands of aborted requests', () => {
  it('leave nothing behind', async () => {
    const root = await folderWith({ file: patternOf(100_000) })
    const many = { maxTransfersPerAddress: 5000, maxTransfers: 5000, maxRequestsPerSecond: 100_000 }
    const { port, server, records } = await serve({ ...directory({ root }), limits: many })
    const clients = await Promise.all(Array.from({ length: 20 }, () => rawClient(port)))
    for (let round = 0; round < 50; round++) {
      await Promise.all(
        clients.map(async (client) => {
          client.read('file', ['tsize', '0', 'blksize', '1468', 'windowsize', '4'])
          const { port: transfer } = await client.next()
          const ended = records.length
          client.send({ opcode: Opcode.ERROR, code: 8, message: '' }, transfer)
          while (records.length === ended) await new Promise((resolve) => setImmediate(resolve))
        }),
      )
    }
    await server.close()
    expect(server.transfers).toBe(0)
    expect(records).toHaveLength(1000)
  })
})
