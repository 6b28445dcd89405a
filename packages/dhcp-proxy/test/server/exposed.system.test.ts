import { setTimeout as sleep } from 'node:timers/promises'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import { TwoLans } from '../support/namespaces.ts'
import { clientPacket, ipxePacket, MAC } from '../support/packets.ts'

const LISTEN_MS = 1500
const ALL = { to: '255.255.255.255', port: 67 }
/** Binds a port beside the server, as any local user may, and prints what became of it. */
const HIJACK = `
use Socket;
$) = $( = 65534; $> = $< = 65534;
socket(my $s, PF_INET, SOCK_DGRAM, 0);
setsockopt($s, SOL_SOCKET, SO_REUSEADDR, pack('l', 1));
print bind($s, sockaddr_in(4011, inet_aton('10.80.0.1'))) ? 'bound' : 'refused';
`

describeSystem('a server on a host with more on it', () => {
  let lans: TwoLans
  beforeEach(() => {
    lans = new TwoLans()
  })
  afterEach(() => lans.close())

  const offersOn = async (lan: 0 | 1) =>
    (await lans.exchange(lan, LISTEN_MS, { ...ALL, packet: ipxePacket() })).map(
      ({ packet, from }) => ({ siaddr: packet.siaddr, from }),
    )

  it('serves two LANs by sockets of its own, each with its own address, and no reply on the wrong wire', async () => {
    const daemon = await lans.serve('lan0,lan1')
    expect(await offersOn(0)).toEqual([{ siaddr: '10.80.0.1', from: '10.80.0.1' }])
    expect(await offersOn(1)).toEqual([{ siaddr: '10.81.0.1', from: '10.81.0.1' }])
    expect(daemon.on('bootwire:dhcp:packet')).toHaveLength(2)
    expect(daemon.on('bootwire:dhcp:notice')).toEqual([])
  })

  it('and another one for the other LAN do not take each other for strangers', async () => {
    const daemons = [await lans.serve('lan0'), await lans.serve('lan1')]
    expect(await offersOn(0)).toEqual([{ siaddr: '10.80.0.1', from: '10.80.0.1' }])
    expect(await offersOn(1)).toEqual([{ siaddr: '10.81.0.1', from: '10.81.0.1' }])
    expect(daemons.flatMap((daemon) => daemon.on('bootwire:dhcp:notice'))).toEqual([])
  })

  it('serves relayed clients beside a DHCP server of another interface', async () => {
    await lans.mainDhcpServer(MAC, 1)
    const daemon = await lans.serve('lan0')
    const packet = clientPacket({ giaddr: '10.80.0.50', hops: 1 })
    const heard = await lans.exchange(0, LISTEN_MS, { to: '10.80.0.1', port: 67, packet })
    expect(daemon.on('bootwire:dhcp:notice')).toEqual([])
    expect(daemon.on('bootwire:dhcp:reply')).toMatchObject([
      { to: { address: '10.80.0.50', port: 67 } },
    ])
    // The relay's port 67 is nobody's here; what counts is that it was answered.
    expect(heard.length).toBeLessThanOrEqual(1)
  })

  it('leaves port 4011 to nobody else: no other user, no second server', async () => {
    await lans.serve('10.80.0.1')
    expect(lans.onServer('perl', '-e', HIJACK)).toBe('refused')
    await expect(lans.serve('10.80.0.1')).rejects.toThrow(/4011.*another process holds it/)
  })

  it('follows its interface to another address', async () => {
    const daemon = await lans.serve('lan0')
    lans.readdress(0, '10.80.0.22/24')
    await expect.poll(() => daemon.on('bootwire:dhcp:notice').length, { timeout: 8000 }).toBe(1)
    expect(daemon.on('bootwire:dhcp:notice')).toMatchObject([{ code: 'address-changed' }])
    await sleep(100)
    expect(await offersOn(0)).toEqual([{ siaddr: '10.80.0.22', from: '10.80.0.22' }])
  })
})
