import { afterEach, describe, expect, it } from 'vitest'

import { decodePacket, encodePacket } from '../../src/codec/index.ts'
import { type ProxyDhcpServerOptions, createProxyDhcpServer } from '../../src/index.ts'
import { holderIn, holdsPort } from '../../src/server/port-taken.ts'
import { nodeUdp } from '../../src/server/udp.ts'
import { MemoryUdp } from '../support/memory-udp.ts'
import { clientPacket } from '../support/packets.ts'
import { SERVER } from '../support/requests.ts'
import { type Bench, serve } from '../support/server.ts'

let bench: Bench
const start = async (options?: Partial<ProxyDhcpServerOptions>) => {
  bench = await serve(options)
  return bench
}
afterEach(() => bench.close())

const failing = (at: string, code: string) => {
  const udp = new MemoryUdp()
  udp.failures.set(at, Object.assign(new Error(code), { code }))
  return udp
}

describe('listening', () => {
  const options = { decide: () => ({ action: 'ignore' }) as const, address: SERVER, shared: false }

  it.each([
    ['EACCES', '255.255.255.255:67', /ports below 1024 need a privilege/],
    ['EADDRINUSE', `${SERVER}:4011`, /another process holds it/],
    ['EADDRNOTAVAIL', `${SERVER}:67`, /no interface of this host has that address/],
    ['EIO', `${SERVER}:67`, /EIO/],
  ])('fails with %s in one line and leaves nothing open', async (code, at, message) => {
    await start()
    const transport = failing(at, code)
    const server = createProxyDhcpServer({ ...options, transport })
    await expect(server.listen()).rejects.toThrow(message)
    await expect(server.listen()).rejects.toMatchObject({ code: 'ERR_DHCP_LISTEN' })
    expect(transport.closed).toHaveLength(transport.opened.length)
  })

  it('goes on without port 68, and says what it cannot hear then', async () => {
    const { records } = await start({ transport: failing('255.255.255.255:68', 'EADDRINUSE') })
    expect(records.notice).toMatchObject([{ code: 'replies-not-heard' }])
  })

  it('leaves unicast on port 67 to a DHCP server on this host, and says so', async () => {
    const { udp, records, hear } = await start({ shared: true })
    expect(records.notice).toMatchObject([{ code: 'port-shared' }])
    expect(
      udp.opened.filter(({ address, port, peer }) => address === SERVER && port === 67 && !peer),
    ).toEqual([])
    hear(clientPacket())
    expect(udp.sent).toHaveLength(1)
  })

  it('leaves nothing open when it is closed meanwhile', async () => {
    await start()
    const transport = new MemoryUdp()
    const server = createProxyDhcpServer({ ...options, transport })
    const listening = server.listen()
    await server.close()
    await expect(listening).rejects.toMatchObject({ code: 'ERR_DHCP_CLOSED' })
    expect(transport.opened).not.toEqual([])
    expect(transport.closed).toHaveLength(transport.opened.length)
    await expect(server.listen()).rejects.toThrow(/was closed/)
  })

  it('that fails after it was closed cannot begin again', async () => {
    await start()
    const server = createProxyDhcpServer({
      ...options,
      transport: failing('255.255.255.255:67', 'EIO'),
    })
    const listening = server.listen()
    await server.close()
    await expect(listening).rejects.toThrow(/EIO/)
    await expect(server.listen()).rejects.toThrow(/was closed/)
  })

  it('is done once', async () => {
    const { server } = await start()
    await expect(server.listen()).rejects.toThrow(/listens already/)
    await server.close()
    await expect(server.listen()).rejects.toThrow(/was closed/)
  })

  it('hears nothing any more when it is closed', async () => {
    const { server, udp, hear, records } = await start()
    await server[Symbol.asyncDispose]()
    hear(clientPacket())
    expect([records.packet, udp.closed.length]).toEqual([[], udp.opened.length])
  })

  it('serves several interfaces by sockets passed in, each with its own address', async () => {
    const sockets = [
      { interface: 'lan0', address: '10.0.0.1', fd67: 3, fd4011: 4 },
      { interface: 'lan1', address: '10.1.0.1', fd67: 5, fd4011: 6 },
    ]
    const transport = new MemoryUdp()
    await start()
    const server = createProxyDhcpServer({
      decide: () => ({ action: 'boot', file: 'a.0' }),
      sockets,
      transport,
    })
    const { interfaces } = await server.listen()
    expect(interfaces.map((one) => one.interface)).toEqual(['lan0', 'lan1'])
    transport.deliver('10.1.0.1', 67, encodePacket(clientPacket()))
    expect(transport.sent).toMatchObject([{ from: { address: '10.1.0.1', port: 67 } }])
    expect(decodePacket(transport.sent[0]?.bytes ?? new Uint8Array()).siaddr).toBe('10.1.0.1')
    await server.close()
  })

  it.each([
    ['nothing to serve', {}, /nothing to serve/],
    ['both', { address: SERVER, sockets: [] }, /both sockets and address/],
    ['an address that is none', { address: 'lan0' }, /not an IPv4 address/],
    [
      'a deadline of nothing',
      { address: SERVER, decideTimeoutMs: 0 },
      /decideTimeoutMs 0 is not a number of 1–60000/,
    ],
    [
      'a limit of nothing',
      { address: SERVER, limits: { totalPerSecond: 0 } },
      /limits.totalPerSecond 0 is not a number above 0/,
    ],
    [
      'a limit that is no number',
      { address: SERVER, limits: { maxPending: NaN } },
      /limits.maxPending/,
    ],
    ['half a MAC', { address: SERVER, answerRequestsOf: ['52:54'] }, /"52:54" is not a MAC/],
    // Plain JavaScript may give anything.
    ['a misspelt option', JSON.parse(`{"adress":"${SERVER}"}`), /option "adress" is not one of/],
    [
      'sockets without descriptors',
      JSON.parse(`{"sockets":[{"interface":"lan0","address":"${SERVER}"}]}`),
      /two file descriptors/,
    ],
    ['a text for a list', JSON.parse(`{"address":"${SERVER}","vendorClasses":"PXE"}`), /a list of/],
    ['no decide', JSON.parse(`{"address":"${SERVER}","decide":null}`), /decide is object, not a/],
  ])('is refused with %s', async (_name, fields, message) => {
    await start()
    const make = () => createProxyDhcpServer({ decide: options.decide, ...fields })
    expect(make).toThrow(message)
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_DHCP_CONFIG' }))
  })
})

it('no options at all are refused', () => {
  const untyped: (...nothing: readonly unknown[]) => unknown = Function.prototype.call.bind(
    createProxyDhcpServer,
    undefined,
  )
  expect(() => untyped()).toThrow(expect.objectContaining({ code: 'ERR_DHCP_CONFIG' }))
})

it('a fallback that could not be sent is refused at once', async () => {
  await start()
  const options: ProxyDhcpServerOptions = {
    decide: () => ({ action: 'ignore' }),
    address: SERVER,
    fallback: { action: 'boot' },
  }
  expect(() => createProxyDhcpServer(options)).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_DECISION' }),
  )
})

/** As `/proc/net/udp` has it. */
const row = (local: string, remote: string) =>
  ` 7: ${local} ${remote} 07 00000000:00000000 00:00000000 00000000 0 0 1 2 0 0`

const listed = (local: string) =>
  `UNCONN 0      0            ${local}      0.0.0.0:*    users:(("dnsmasq",pid=7,fd=4))\n`
const PLACE = { address: '10.0.0.2', interface: 'lan0', port: 67 }

describe('another server on this host', () => {
  it.each([
    ['port 67 of all addresses', '00000000:0043', true],
    ['port 67 of our address', '0200000A:0043', true],
    ['port 67 of another address of this host', '0300000A:0043', false],
    ['port 67 of the broadcast address, as a second server of ours has', 'FFFFFFFF:0043', false],
    ['port 68', '0200000A:0044', false],
  ])('may have %s', (_name, local, counts) => {
    expect(holdsPort(row(local, '00000000:0000'), PLACE)).toBe(counts)
  })

  it('is no client that talks to port 67 elsewhere', () => {
    expect(holdsPort(row('0200000A:0044', '0100000A:0043'), PLACE)).toBe(false)
  })

  it.each([
    ['0.0.0.0:67', { process: 'dnsmasq (pid 7)' }],
    ['0.0.0.0%lan0:67', { process: 'dnsmasq (pid 7)' }],
    ['10.0.0.2:67', { process: 'dnsmasq (pid 7)' }],
    ['0.0.0.0%virbr0:67', undefined],
    ['10.0.0.3:67', undefined],
    ['255.255.255.255:67', undefined],
  ])('that ss lists on %s', (local, holder) => {
    expect(holderIn(listed(local), PLACE)).toEqual(holder)
  })

  it('counts where another user holds the port, and ss names nobody', () => {
    expect(holderIn('UNCONN 0 0 0.0.0.0:67 0.0.0.0:*', PLACE)).toEqual({})
  })
})

it('a connection that fails is not taken for one, and its socket is closed', async () => {
  await start()
  // Without the right to broadcast, connecting to the broadcast address fails.
  const opened = nodeUdp.open({
    address: '127.0.0.1',
    port: 0,
    peer: { address: '255.255.255.255', port: 68 },
    onMessage: () => {},
    onError: () => {},
  })
  await expect(opened).rejects.toMatchObject({ code: 'EACCES' })
})
