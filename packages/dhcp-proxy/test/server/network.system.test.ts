import { afterEach, beforeEach, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import { TwoLans } from '../support/namespaces.ts'
import { MAC, clientPacket, hex, ipxePacket, uefiPacket } from '../support/packets.ts'

/** Long enough for an answer on a busy machine, and for one that must not come. */
const LISTEN_MS = 1500
const ALL = { to: '255.255.255.255', port: 67 }

describeSystem('on real networks', () => {
  let lans: TwoLans
  beforeEach(() => {
    lans = new TwoLans()
  })
  afterEach(() => lans.close())

  /** What each client hears when the one on `lan` broadcasts a DISCOVER, by the address it is sent to. */
  const discoverOn = async (lan: 0 | 1) =>
    (await lans.exchange(lan, LISTEN_MS, { ...ALL, packet: ipxePacket() })).map(
      ({ packet, from, port }) => ({ siaddr: packet.siaddr, from, port }),
    )

  it('two LANs by device-bound sockets: each hears its own address, and nothing of the other', async () => {
    const daemon = await lans.serveBoth()
    expect(await discoverOn(0)).toEqual([{ siaddr: '10.80.0.1', from: '10.80.0.1', port: 67 }])
    expect(await discoverOn(1)).toEqual([{ siaddr: '10.81.0.1', from: '10.81.0.1', port: 67 }])
    expect(daemon.on('bootwire:dhcp:packet')).toMatchObject([
      { interface: 'lan0' },
      { interface: 'lan1' },
    ])
    expect(daemon.on('bootwire:dhcp:drop')).toEqual([])
  })

  it('a reply on one LAN is not to be heard on the other', async () => {
    await lans.serveBoth()
    const [heard, other] = await Promise.all([
      lans.exchange(0, LISTEN_MS),
      lans.exchange(1, LISTEN_MS, { ...ALL, packet: ipxePacket() }),
    ])
    expect([heard.length, other.length]).toEqual([0, 1])
  })

  it('one LAN by plain sockets: a broadcast on 67, a unicast on 4011, and its own address in both', async () => {
    await lans.serve('10.80.0.1')
    expect(await discoverOn(0)).toEqual([{ siaddr: '10.80.0.1', from: '10.80.0.1', port: 67 }])
    const packet = uefiPacket({ ciaddr: '10.80.0.50', flags: 0 }, { 53: hex('03') })
    const [ack] = await lans.exchange(0, LISTEN_MS, { to: '10.80.0.1', port: 4011, packet })
    expect(ack).toMatchObject({
      from: '10.80.0.1',
      port: 4011,
      packet: { siaddr: '10.80.0.1', ciaddr: '10.80.0.50' },
    })
  })

  it('a DHCP server on the same host keeps its clients, unicast ones too, and both make their offer', async () => {
    await lans.mainDhcpServer(MAC)
    const daemon = await lans.serve('10.80.0.1')
    expect(daemon.on('bootwire:dhcp:notice')).toMatchObject([{ code: 'port-shared' }])

    const offers = await lans.exchange(0, LISTEN_MS, { ...ALL, packet: clientPacket() })
    expect(offers.map(({ packet }) => packet.yiaddr).toSorted()).toEqual(['0.0.0.0', '10.80.0.50'])

    const chosen = { 50: hex('0a500032'), 54: hex('0a500001') }
    const [lease] = await lans.exchange(0, LISTEN_MS, {
      ...ALL,
      packet: clientPacket({}, { 53: hex('03'), ...chosen }),
    })
    expect(lease?.packet.options.get(53)).toEqual(hex('05'))

    // RFC 2131 §4.3.2: a renewal goes to the server by unicast.
    const renewal = clientPacket({ ciaddr: '10.80.0.50', flags: 0 }, { 53: hex('03') })
    const [renewed] = await lans.exchange(0, LISTEN_MS, {
      to: '10.80.0.1',
      port: 67,
      packet: renewal,
    })
    expect(renewed?.packet).toMatchObject({ yiaddr: '10.80.0.50' })
    expect(daemon.on('bootwire:dhcp:address')).toMatchObject([
      { mac: MAC, address: '10.80.0.50', from: 'requested' },
    ])
  })
})
