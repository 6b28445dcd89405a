import { once } from 'node:events'

import { describe, expect, it } from 'vitest'

import { SocketHelperError } from '../src/index.ts'
import { closed, codeOf, inDgram, missing, theHelper } from './support.ts'

const anyPort = { address: '127.0.0.1', port: 0 }

describe.skipIf(missing)('opening sockets', () => {
  const helper = theHelper()

  it('binds to the address and a free port', () => {
    for (const address of ['127.0.0.1', '127.0.0.9', '0.0.0.0', '::1', '::']) {
      const fd = helper.openUdp({ address, port: 0 })
      const bound = helper.address(fd)
      expect(bound.address).toBe(address)
      expect(bound.port).toBeGreaterThan(0)
      helper.close(fd)
    }
  })

  it('gives a descriptor that node:dgram sends from and closes', async () => {
    const fd = helper.openUdp(anyPort)
    const { port } = helper.address(fd)
    const socket = await inDgram(fd)
    expect(socket.address()).toMatchObject({ address: '127.0.0.1', port })
    socket.send('to myself', port, '127.0.0.1')
    expect(String((await once(socket, 'message'))[0])).toBe('to myself')
    await closed(socket)
    expect(codeOf(() => helper.address(fd))).toBe('EBADF')
  })

  it('takes options of every kind', () => {
    const fd = helper.openUdp({
      ...anyPort,
      broadcast: true,
      packetInfo: true,
      pathMtuDiscovery: 'off',
      receiveBufferBytes: 1 << 20,
      reuseAddress: true,
      segmentBytes: 1400,
    })
    helper.setSegment(fd, 0)
    helper.close(fd)
    for (const pathMtuDiscovery of ['off', 'want', 'on', 'probe'] as const) {
      helper.close(helper.openUdp({ address: '::1', port: 0, pathMtuDiscovery }))
    }
  })

  it('says what the receive buffer is now', () => {
    const fd = helper.openUdp(anyPort)
    const small = helper.setReceiveBuffer(fd, 8192)
    // The kernel doubles what it is asked for.
    expect(small).toBe(16_384)
    expect(helper.setReceiveBuffer(fd, 100_000)).toBe(200_000)
    helper.close(fd)
  })

  it('keeps a port to itself, also when node:dgram has it', async () => {
    const fd = helper.openUdp(anyPort)
    const { port } = helper.address(fd)
    const thief = () => helper.openUdp({ address: '127.0.0.1', port, reuseAddress: true })
    expect(codeOf(thief)).toBe('EADDRINUSE')
    const socket = await inDgram(fd)
    // This is what `setReuseAddress` is for: libuv has just allowed it.
    helper.close(thief())
    helper.setReuseAddress(fd, false)
    expect(codeOf(thief)).toBe('EADDRINUSE')
    await closed(socket)
  })

  it('shares a port when asked to', () => {
    const first = helper.openUdp({ ...anyPort, reuseAddress: true })
    const { port } = helper.address(first)
    helper.close(helper.openUdp({ address: '127.0.0.1', port, reuseAddress: true }))
    helper.close(first)
  })

  it('knows interfaces by name and index', () => {
    const index = helper.interfaceIndex('lo')
    expect(helper.interfaceName(index)).toBe('lo')
    expect(codeOf(() => helper.interfaceIndex('none-such'))).toBe('ENODEV')
    expect(codeOf(() => helper.interfaceName(0x7fff_ffff))).toBe('ENODEV')
  })

  it.each([
    ['a name for an address', { address: 'localhost', port: 0 }],
    ['no address', { address: '', port: 0 }],
    ['a port that is none', { address: '127.0.0.1', port: 65_536 }],
    ['half a port', { address: '127.0.0.1', port: 0.5 }],
    ['a device name that is too long', { ...anyPort, device: 'sixteen-letters-' }],
    ['a device without a name', { ...anyPort, device: '' }],
    ['a negative segment', { ...anyPort, segmentBytes: -1 }],
    ['a segment over 65535', { ...anyPort, segmentBytes: 65_536 }],
    ['a buffer that is no number', { ...anyPort, receiveBufferBytes: Number.NaN }],
  ])('refuses %s with EINVAL', (_, options) => {
    expect(codeOf(() => helper.openUdp(options))).toBe('EINVAL')
  })

  it('says which step failed, and leaves no descriptor behind', () => {
    const before = helper.openUdp(anyPort)
    helper.close(before)
    const taken = helper.openUdp(anyPort)
    const { port } = helper.address(taken)
    for (let i = 0; i < 100; i++) {
      const error = (() => {
        try {
          return helper.openUdp({ address: '127.0.0.1', port })
        } catch (failure) {
          return failure
        }
      })()
      expect(error).toBeInstanceOf(SocketHelperError)
      expect(error).toMatchObject({ code: 'EADDRINUSE', errno: -98, syscall: 'bind' })
    }
    const after = helper.openUdp(anyPort)
    expect(after - taken).toBeLessThan(10)
    helper.close(after)
    helper.close(taken)
    expect(codeOf(() => helper.openUdp({ ...anyPort, device: 'none-such' }))).toBe('ENODEV')
    expect(codeOf(() => helper.openUdp({ address: '192.0.2.1', port: 0 }))).toBe('EADDRNOTAVAIL')
  })

  it('refuses descriptors that are no sockets, or closed', () => {
    const fd = helper.openUdp(anyPort)
    helper.close(fd)
    expect(codeOf(() => helper.close(fd))).toBe('EBADF')
    expect(codeOf(() => helper.setSegment(fd, 0))).toBe('EBADF')
    expect(codeOf(() => helper.close(-1))).toBe('EBADF')
    expect(codeOf(() => helper.close(1.5))).toBe('EINVAL')
    expect(codeOf(() => helper.send(fd, Buffer.from('x')))).toBe('EBADF')
    expect(codeOf(() => helper.read(fd, { onReceived: () => {} }))).toBe('EBADF')
  })
})
