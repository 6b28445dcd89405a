import { afterEach, describe, expect, it } from 'vitest'

import { encodePacket as bytesOf } from '../../src/codec/index.ts'
import { clientPacket, hex, ipxePacket, MAC } from '../support/packets.ts'
import { serve, type Bench } from '../support/server.ts'

let bench: Bench
afterEach(() => bench.close())

const offer = () =>
  clientPacket(
    { op: 2, yiaddr: '10.0.0.50' },
    { 53: hex('02'), 54: hex('0a000002'), 60: undefined, 93: undefined, 94: undefined },
  )
const toClientPort = (packet = offer()) =>
  bench.udp.deliver('255.255.255.255', 68, bytesOf(packet), { address: '10.0.0.2', port: 67 })
const messages = () => bench.records.notice.map(({ message }) => message)

const asks = (...atSeconds: number[]) => {
  let now = 0
  for (const at of atSeconds) {
    bench.clock.advance((at - now) * 1000)
    now = at
    bench.hear(clientPacket())
  }
}

describe('a machine that goes on asking with one transaction id', () => {
  it('is told of at its third DISCOVER, with what was not heard', async () => {
    bench = await serve()
    asks(0, 4)
    expect(messages()).toEqual([])
    asks(8)
    expect(messages()).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${MAC} .*has sent 3 DISCOVERs.*no DHCP server was heard to offer it an address`,
        ),
      ),
    ])
    asks(8, 16)
    expect(messages()).toHaveLength(1)
  })

  it('is told of with what to try where a DHCP server did offer an address', async () => {
    bench = await serve()
    asks(0)
    toClientPort()
    asks(4, 12)
    expect(messages()).toEqual([
      expect.stringMatching(/refuses one of the two offers; try another/),
    ])
  })

  it('in a burst is told of at the fourth, as a slow DHCP server makes iPXE ask three times', async () => {
    bench = await serve({ decide: () => ({ action: 'boot', file: 'http://10.0.0.1/a' }) })
    for (let i = 0; i < 3; i++) bench.hear(ipxePacket())
    expect(messages()).toEqual([])
    bench.hear(ipxePacket())
    expect(messages()).toHaveLength(1)
  })

  it('is not told of once it asks a DHCP server for an address', async () => {
    bench = await serve()
    asks(0, 4)
    bench.hear(clientPacket({}, { 53: hex('03'), 54: hex('0a000002'), 50: hex('0a000032') }))
    asks(8, 12)
    expect(messages()).toEqual([])
  })
})

describe('a machine that asks for a boot and is not let in', () => {
  it('is told of once for each class, with the option that lets it in', async () => {
    bench = await serve()
    bench.hear(clientPacket({}, { 60: 'ACME:Arch:00007' }))
    bench.hear(clientPacket({}, { 60: 'ACME:Arch:00007' }))
    expect(bench.records.notice).toMatchObject([
      { code: 'client-not-served', message: expect.stringContaining('vendorClasses') },
    ])
  })

  it('is no machine without options 93 and 94', async () => {
    bench = await serve()
    bench.hear(clientPacket({}, { 60: 'MSFT 5.0', 93: undefined, 94: undefined }))
    expect(messages()).toEqual([])
  })

  it('cannot fill the log: of one code 60 notices an hour are told', async () => {
    bench = await serve()
    for (let i = 0; i < 500; i++) bench.hear(clientPacket({}, { 60: `ACME${i}` }))
    expect(messages()).toHaveLength(60)
    bench.clock.advance(3_600_000)
    bench.hear(clientPacket({}, { 60: 'ACME later' }))
    expect(messages()).toHaveLength(61)
  })
})

it('a hundred InfiniBand machines without hardware address are a hundred machines', async () => {
  bench = await serve()
  for (let i = 0; i < 100; i++)
    bench.hear(clientPacket({ htype: 32, hlen: 0 }, { 61: Uint8Array.of(255, 0, 0, 0, 1, i) }))
  expect([bench.udp.sent.length, bench.drops()]).toEqual([100, []])
})
