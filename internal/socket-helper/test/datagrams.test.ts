import { createSocket } from 'node:dgram'
import { once } from 'node:events'

import { describe, expect, it } from 'vitest'

import type { Received, SocketHelper } from '../src/index.ts'
import { closed, codeOf, inDgram, missing, Peer, theHelper, until } from './support.ts'

interface Heard {
  readonly text: string
  readonly address: string
  readonly port: number
  readonly destination: string | undefined
  readonly own: string | undefined
  readonly device: string
  readonly isTruncated: boolean
}

const describeAll = (helper: SocketHelper, received: Received): readonly Heard[] =>
  Array.from({ length: received.count }, (_, i) => ({
    text: String(Buffer.from(received.bytes(i))),
    address: received.address(i),
    port: received.port(i),
    destination: received.destination(i),
    own: received.ownAddress(i),
    device:
      received.interfaceIndex(i) === 0 ? '' : helper.interfaceName(received.interfaceIndex(i)),
    isTruncated: received.isTruncated(i),
  }))

describe.skipIf(missing)('datagrams', () => {
  const helper = theHelper()

  const listen = (
    address: string,
    options: { ipv6Only?: boolean; datagramBytes?: number } = {},
  ) => {
    const { ipv6Only = true, ...reading } = options
    const fd = helper.openUdp({ address, port: 0, packetInfo: true, ipv6Only })
    const heard: Heard[] = []
    const outbox = helper.outbox({ datagrams: 64, bytes: 65_536 })
    const reader = helper.read(fd, {
      ...reading,
      onReceived: (received) => {
        heard.push(...describeAll(helper, received))
        for (let i = 0; i < received.count; i++) outbox.answer(received, i, Buffer.from('answer'))
        expect(outbox.send(fd)).toEqual([])
      },
    })
    const { port } = helper.address(fd)
    const close = () => {
      reader.close()
      helper.close(fd)
    }
    return { fd, port, heard, reader, [Symbol.dispose]: close }
  }

  it('come with interface and destination, and are answered from the address that was asked', async () => {
    using server = listen('0.0.0.0')
    await using peer = await Peer.at()
    await peer.send('to one', server.port, '127.0.0.1')
    await peer.send('to seven', server.port, '127.0.0.7')
    await until(() => peer.heard.length === 2)
    const common = { address: '127.0.0.1', port: peer.port, device: 'lo', isTruncated: false }
    expect(server.heard).toEqual([
      { ...common, text: 'to one', destination: '127.0.0.1', own: '127.0.0.1' },
      { ...common, text: 'to seven', destination: '127.0.0.7', own: '127.0.0.7' },
    ])
    expect(peer.heard.map(({ from }) => from.address)).toEqual(['127.0.0.1', '127.0.0.7'])
  })

  it('of both families come on one socket that serves both', async () => {
    using server = listen('::', { ipv6Only: false })
    await using old = await Peer.at('127.0.0.1')
    await using young = await Peer.at('::1')
    await old.send('4', server.port, '127.0.0.7')
    await young.send('6', server.port, '::1')
    await until(() => old.heard.length + young.heard.length === 2)
    expect(server.heard).toMatchObject([
      { address: '::ffff:127.0.0.1', destination: '::ffff:127.0.0.7' },
      { address: '::1', destination: '::1' },
    ])
    expect(old.heard[0]?.from.address).toBe('127.0.0.7')
    expect(young.heard[0]?.from.address).toBe('::1')
  })

  it('that are too long are cut and say so', async () => {
    using server = listen('127.0.0.1', { datagramBytes: 4 })
    await using peer = await Peer.at()
    await peer.send('1234', server.port)
    await peer.send('12345', server.port)
    await until(() => server.heard.length === 2)
    expect(server.heard).toMatchObject([
      { text: '1234', isTruncated: false },
      { text: '1234', isTruncated: true },
    ])
  })

  it('may be empty', async () => {
    using server = listen('127.0.0.1')
    await using peer = await Peer.at()
    await peer.send('', server.port)
    await until(() => server.heard.length === 1)
    expect(server.heard[0]).toMatchObject({ text: '', port: peer.port })
  })

  it('all arrive, in order, more of them than one batch holds', async () => {
    using server = listen('127.0.0.1')
    await using peer = await Peer.at()
    const sent = Array.from({ length: 150 }, (_, i) => String(i))
    await Promise.all(sent.map((text) => peer.send(text, server.port)))
    await until(() => server.heard.length === sent.length)
    expect(server.heard.map(({ text }) => text)).toEqual(sent)
  })

  it('no longer reach node:dgram, which still sends and closes', async () => {
    const fd = helper.openUdp({ address: '127.0.0.1', port: 0 })
    const { port } = helper.address(fd)
    const socket = await inDgram(fd)
    let messages = 0
    socket.on('message', () => messages++)
    const texts: string[] = []
    const reader = helper.read(fd, {
      onReceived: (received) => {
        for (let i = 0; i < received.count; i++) texts.push(String(Buffer.from(received.bytes(i))))
      },
    })
    await using peer = await Peer.at()
    for (let i = 0; i < 100; i++) await peer.send(String(i), port)
    socket.send('from dgram', peer.port, '127.0.0.1')
    await until(() => texts.length === 100 && peer.heard.length === 1)
    expect(messages).toBe(0)
    reader.close()
    reader.close()
    await closed(socket)
    expect(codeOf(() => helper.address(fd))).toBe('EBADF')
    // Nothing holds the port any more, the reader's duplicate neither.
    helper.close(helper.openUdp({ address: '127.0.0.1', port }))
  })

  it('go out as a run, cut by the kernel, by the socket or by the call', async () => {
    await using peer = await Peer.at()
    for (const [onSocket, onCall] of [
      [5, 0],
      [0, 5],
    ] as const) {
      peer.heard.length = 0
      const fd = helper.openUdp({ address: '127.0.0.1', port: 0, segmentBytes: onSocket })
      const socket = await inDgram(fd, peer.port)
      expect(helper.send(fd, Buffer.from('11111222223333344'), onCall)).toBeUndefined()
      await until(() => peer.heard.length === 4)
      expect(peer.heard.map(({ text }) => text)).toEqual(['11111', '22222', '33333', '44'])
      await closed(socket)
    }
  })

  it('that the kernel refuses do not hold up the others', async () => {
    await using peer = await Peer.at()
    const fd = helper.openUdp({ address: '127.0.0.1', port: 0 })
    const outbox = helper.outbox({ datagrams: 8, bytes: 200_000 })
    const to = { address: '127.0.0.1', port: peer.port }
    outbox.add({ ...to, bytes: Buffer.from('a') })
    outbox.add({ ...to, bytes: Buffer.alloc(70_000) })
    outbox.add({ ...to, bytes: Buffer.from('b'), source: '192.0.2.1' })
    outbox.add({ address: '::1', port: peer.port, bytes: Buffer.from('c') })
    outbox.add({ bytes: Buffer.from('d') })
    outbox.add({ ...to, bytes: Buffer.from('e'), source: '127.0.0.1' })
    expect(outbox.send(fd)).toEqual([
      { index: 1, code: 'EMSGSIZE' },
      // Which of the two depends on the host's routes.
      { index: 2, code: expect.stringMatching(/^(EINVAL|ENETUNREACH)$/) as unknown },
      { index: 3, code: 'EAFNOSUPPORT' },
      { index: 4, code: 'EDESTADDRREQ' },
    ])
    await until(() => peer.heard.length === 2)
    expect(peer.heard.map(({ text }) => text)).toEqual(['a', 'e'])
    expect(outbox.send(fd)).toEqual([])
    helper.close(fd)
  })

  it('that do not fit into the outbox are not taken', () => {
    const outbox = helper.outbox({ datagrams: 2, bytes: 10 })
    const to = { address: '127.0.0.1', port: 9 }
    expect(outbox.add({ ...to, bytes: Buffer.alloc(11) })).toBe(false)
    expect(outbox.add({ ...to, bytes: Buffer.alloc(5) })).toBe(true)
    expect(outbox.add({ ...to, bytes: Buffer.alloc(5) })).toBe(true)
    expect(outbox.add({ ...to, bytes: Buffer.alloc(0) })).toBe(false)
    expect(outbox.count).toBe(2)
  })

  it.each([
    ['a name for an address', { address: 'localhost', port: 9 }],
    ['a port that is none', { address: '127.0.0.1', port: 65_536 }],
    ['a source of the other family', { address: '127.0.0.1', port: 9, source: '::1' }],
    ['a source without a peer', { source: '127.0.0.1' }],
    ['a hop limit of 256', { address: '::1', port: 9, hopLimit: 256 }],
    ['a segment of 65536', { address: '::1', port: 9, segmentBytes: 65_536 }],
    ['a negative interface', { address: '::1', port: 9, interfaceIndex: -1 }],
  ])('with %s are refused with EINVAL', (_, wrong) => {
    const outbox = helper.outbox({ datagrams: 2, bytes: 10 })
    expect(codeOf(() => outbox.add({ bytes: Buffer.from('x'), ...wrong }))).toBe('EINVAL')
    expect(outbox.count).toBe(0)
  })

  it('to a closed port are an error of the reader, which goes on', async () => {
    const gone = await Peer.at()
    const { port } = gone
    await gone[Symbol.asyncDispose]()
    const fd = helper.openUdp({ address: '127.0.0.1', port: 0 })
    const socket = await inDgram(fd, port)
    const codes: string[] = []
    const texts: string[] = []
    const reader = helper.read(fd, {
      onError: ({ code }) => codes.push(code),
      onReceived: (received) => texts.push(String(Buffer.from(received.bytes(0)))),
    })
    helper.send(fd, Buffer.from('anybody?'))
    await until(() => codes.length === 1)
    expect(codes).toEqual(['ECONNREFUSED'])
    const back = createSocket('udp4')
    back.bind(port, '127.0.0.1')
    await once(back, 'listening')
    back.send('here', helper.address(fd).port, '127.0.0.1')
    await until(() => texts.length === 1)
    reader.close()
    await closed(socket)
    await closed(back)
  })
})
