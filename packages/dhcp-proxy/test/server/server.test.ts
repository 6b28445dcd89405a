import { afterEach, describe, expect, it } from 'vitest'

import { encodePacket } from '../../src/codec/index.ts'
import { type ProxyDhcpServerOptions } from '../../src/index.ts'
import { MAC, clientPacket, hex, ipxePacket, uefiPacket } from '../support/packets.ts'
import { SERVER } from '../support/requests.ts'
import { type Bench, serve } from '../support/server.ts'

let bench: Bench
const start = async (options?: Partial<ProxyDhcpServerOptions>) => {
  bench = await serve(options)
  return bench
}
afterEach(() => bench.close())

describe('one exchange', () => {
  it('is told in order: packet, decision, reply, with one number and the context', async () => {
    const { hear, records, udp, server } = await start({
      decide: () => ({
        action: 'boot',
        file: 'a.0',
        context: { boot: 'b1' },
        reasons: [{ rule: 'r', matched: true, why: 'w' }],
      }),
    })
    hear(clientPacket())
    const common = {
      instance: server.instance,
      exchange: 1,
      interface: 'lan0',
      port: 67,
      mac: MAC,
      xid: 0x1a2b3c4d,
    }
    expect(records.packet).toMatchObject([
      { ...common, peer: { port: 68 }, summary: expect.stringMatching(/^DISCOVER /) },
    ])
    expect(records.decision).toMatchObject([
      {
        ...common,
        action: 'boot',
        file: 'a.0',
        by: 'decide',
        context: { boot: 'b1' },
        reasons: [{ rule: 'r' }],
        request: { firmware: 'bios-pxe', architectures: [0] },
      },
    ])
    expect(records.reply).toMatchObject([
      {
        ...common,
        type: 'offer',
        layout: 'direct',
        file: 'a.0',
        nextServer: SERVER,
        context: { boot: 'b1' },
        reasons: [{ rule: 'r' }],
      },
    ])
    expect(records.drop).toEqual([])
    expect(udp.sent).toHaveLength(1)
  })

  it('leaves by the socket that can broadcast, bound to the advertised address', async () => {
    const { hear, udp } = await start()
    hear(clientPacket())
    expect(udp.sent[0]).toMatchObject({
      from: { address: SERVER, port: 67 },
      to: { address: '255.255.255.255', port: 68 },
    })
  })

  it('on 4011 leaves from 4011 to whoever asked', async () => {
    const { udp } = await start()
    const source = { address: '10.0.0.50', port: 4011 }
    udp.deliver(
      SERVER,
      4011,
      encodePacket(uefiPacket({ ciaddr: '10.0.0.50' }, { 53: hex('03') })),
      source,
    )
    expect(udp.sent).toMatchObject([{ from: { port: 4011 }, to: source }])
  })

  it('through a relay goes back to it by unicast', async () => {
    const { udp } = await start()
    udp.deliver(SERVER, 67, encodePacket(clientPacket({ giaddr: '10.1.0.1' })), {
      address: '10.1.0.1',
      port: 67,
    })
    expect(udp.sent).toMatchObject([
      { from: { address: SERVER, port: 67 }, to: { address: '10.1.0.1', port: 67 } },
    ])
  })

  it('that may not boot is ignored, with the last reason', async () => {
    const { hear, records, udp } = await start({
      decide: () => ({
        action: 'ignore',
        context: 7,
        reasons: [{ rule: 'r', matched: true, why: 'unknown machine' }],
      }),
    })
    hear(clientPacket())
    expect(records.drop).toMatchObject([
      { reason: 'ignored', detail: 'unknown machine', context: 7, mac: MAC },
    ])
    expect(udp.sent).toEqual([])
  })

  it('whose decision cannot be sent is dropped, and the server goes on', async () => {
    const files = ['x'.repeat(300), 'ok']
    const { hear, drops, udp } = await start({
      decide: () => ({ action: 'boot', file: files.shift() ?? '' }),
    })
    hear(clientPacket({ xid: 1 }))
    hear(clientPacket({ xid: 2 }))
    expect(drops()).toEqual(['unanswerable'])
    expect(udp.sent).toHaveLength(1)
  })

  it('whose reply cannot be sent is dropped', async () => {
    const { hear, records, udp } = await start()
    udp.sendError = new Error('ENETUNREACH')
    hear(clientPacket())
    expect(records.drop).toMatchObject([{ reason: 'send-failed', detail: 'ENETUNREACH' }])
  })

  it('survives a decide that throws', async () => {
    const { hear, records } = await start({
      decide: () => {
        throw new Error('database is down')
      },
    })
    hear(clientPacket())
    expect(records.drop).toMatchObject([
      { reason: 'decide-failed', detail: 'Error: database is down' },
    ])
  })

  it('of a menu item that is not there is dropped', async () => {
    const { drops, udp } = await start({
      decide: () => ({ action: 'boot', menu: { items: [{ text: 'a', file: 'a' }] } }),
    })
    const asked = clientPacket(
      { ciaddr: '10.0.0.50' },
      { 53: hex('03'), 43: hex('47 04 9000 0000 ff') },
    )
    udp.deliver(SERVER, 4011, encodePacket(asked), { address: '10.0.0.50', port: 4011 })
    expect(drops()).toEqual(['boot-item'])
  })
})

describe('the loop guard', () => {
  it('never hands iPXE to iPXE', async () => {
    const { hear, records } = await start()
    hear(ipxePacket())
    expect(records.drop).toMatchObject([
      { reason: 'loop-guard', detail: expect.stringContaining('undionly.kpxe') },
    ])
  })
  it('unless the decision says so', async () => {
    const { hear, udp } = await start({
      decide: () => ({ action: 'boot', file: 'ipxe.efi', chainAgain: true }),
    })
    hear(ipxePacket())
    expect(udp.sent).toHaveLength(1)
  })
  it('knows own names of iPXE binaries', async () => {
    const { hear, drops } = await start({
      decide: () => ({ action: 'boot', file: 'stage1.bin' }),
      isIpxeBinary: (file) => file === 'stage1.bin',
    })
    hear(ipxePacket())
    expect(drops()).toEqual(['loop-guard'])
  })
})

describe('what it hears', () => {
  it('teaches it who has which address, and it says so once', async () => {
    const { hear, server, records, clock } = await start()
    const request = clientPacket({}, { 53: hex('03'), 50: hex('0a000032'), 54: hex('0a000002') })
    hear(request)
    hear(request)
    expect(records.address).toMatchObject([
      { mac: MAC, address: '10.0.0.50', from: 'requested', interface: 'lan0' },
    ])
    expect([server.addressOf(MAC), server.macOf('10.0.0.50')]).toEqual(['10.0.0.50', MAC])
    clock.advance(3_600_000)
    expect([server.addressOf(MAC), server.macOf('10.0.0.50')]).toEqual([undefined, undefined])
  })

  it('tells what stands in the way, once each', async () => {
    const { udp, records } = await start()
    const offer = clientPacket(
      { op: 2, yiaddr: '10.0.0.50' },
      { 53: hex('02'), 54: hex('0a000002') },
    )
    const source = { address: '10.0.0.2', port: 67 }
    udp.deliver('255.255.255.255', 68, encodePacket(offer), source)
    udp.deliver('255.255.255.255', 68, encodePacket(offer), source)
    udp.deliver('255.255.255.255', 68, hex('00'), source)
    expect(records.notice).toMatchObject([
      { code: 'main-server-option-60', subject: '10.0.0.2', interface: 'lan0' },
    ])
    expect(udp.sent).toEqual([])
  })

  it('tells of a machine that came back without fetching anything', async () => {
    const { hear, server, records, clock } = await start()
    server.reached('00:00:00:00:00:01')
    hear(clientPacket({ xid: 1 }))
    clock.advance(60_000)
    hear(clientPacket({ xid: 2 }))
    expect(records.notice).toMatchObject([{ code: 'client-came-back', subject: MAC }])
  })
})
