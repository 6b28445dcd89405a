import { describe, expect, it } from 'vitest'

import { requestFacts } from '../../src/index.ts'
import { MAC, UUID, clientPacket, hex, ipxePacket, uefiPacket } from '../support/packets.ts'
import { SERVER, dropOf, fromEdk2, requestOf } from '../support/requests.ts'

const REQUEST = hex('03')
const INFORM = hex('08')
const ITEM = hex('47 04 8000 0000 ff')

describe('the facts of a request', () => {
  it('are all those that a PXE ROM tells', () => {
    const facts = requestFacts(requestOf(clientPacket({}, { 61: hex('01 525400123456') })))
    expect(facts).toEqual({
      port: 67,
      peer: { address: '0.0.0.0', port: 68 },
      interface: 'lan0',
      localAddress: SERVER,
      type: 'discover',
      xid: 0x1a2b3c4d,
      mac: MAC,
      hardwareAddress: MAC,
      uuid: UUID,
      swappedUuid: '33221100-5544-7766-8899-aabbccddeeff',
      architectures: [0],
      architecture: 0,
      firmware: 'bios-pxe',
      userClasses: [],
      vendorClass: 'PXEClient:Arch:00000:UNDI:002001',
      clientId: '01:52:54:00:12:34:56',
    })
  })

  it('name the relay and what it added', () => {
    const added = hex('01 04 65746830 02 02 beef 05 04 0a010000 06 01 73 0a 01 80 0b 04 0a010001')
    expect(requestOf(clientPacket({ giaddr: '10.1.0.1' }, { 82: added })).relay).toEqual({
      address: '10.1.0.1',
      circuitId: 'eth0',
      remoteId: '0xbeef',
      subscriberId: 's',
      linkSelection: '10.1.0.0',
      unicast: true,
      serverIdOverride: '10.1.0.1',
    })
  })

  it('have no relay address where only option 82 came', () => {
    expect(requestOf(clientPacket({}, { 82: hex('01 01 61') })).relay).toEqual({ circuitId: 'a' })
  })

  it('have no MAC where the hardware is not Ethernet, but its address', () => {
    const request = requestOf(clientPacket({ htype: 32, hlen: 8 }))
    expect(request.mac).toBeUndefined()
    expect(request.hardwareAddress).toBe('52:54:00:12:34:56:00:00')
  })

  it('take the architecture from option 60 where 93 is missing or malformed, and 93 otherwise', () => {
    const named = 'PXEClient:Arch:00007:UNDI:003001'
    expect(requestOf(clientPacket({}, { 60: named, 93: undefined })).architectures).toEqual([7])
    expect(requestOf(clientPacket({}, { 60: named, 93: hex('00') })).architectures).toEqual([7])
    expect(requestOf(clientPacket({}, { 60: named, 93: hex('000b') })).architectures).toEqual([11])
    expect(requestOf(clientPacket({}, { 60: 'PXEClient', 93: undefined })).architectures).toEqual(
      [],
    )
  })

  it.each(['00'.repeat(17), `00${'ff'.repeat(16)}`])(
    'have no UUID where it was never set (%s)',
    (bytes) => {
      expect(requestOf(clientPacket({}, { 97: hex(bytes) })).uuid).toBeUndefined()
    },
  )

  it('tell what iPXE says of itself, without taking option 175 for a proof', () => {
    expect(requestOf(ipxePacket()).ipxe?.version).toBe('1.21.1')
    expect(requestOf(ipxePacket()).firmware).toBe('ipxe')
    expect(requestOf(ipxePacket({}, { 77: 'NotIPXE' })).firmware).toBe('bios-pxe')
  })
})

describe('on port 67', () => {
  it('a DISCOVER of a PXE or HTTP client is answered', () => {
    expect(dropOf(clientPacket())).toBeUndefined()
    expect(dropOf(clientPacket({}, { 60: 'HTTPClient:Arch:00016' }))).toBeUndefined()
  })

  it.each([
    [
      'a REQUEST to the main DHCP server',
      clientPacket({}, { 53: REQUEST, 54: hex('0a000002') }),
      'other-server',
    ],
    ['a REQUEST that names no server', clientPacket({}, { 53: REQUEST }), 'other-server'],
    [
      'a boot item asked of another server',
      clientPacket({}, { 53: REQUEST, 43: ITEM, 54: hex('0a000002') }),
      'other-server',
    ],
    ['an INFORM', clientPacket({}, { 53: INFORM }), 'other-server'],
    ['a RELEASE', clientPacket({}, { 53: hex('07') }), 'message-type'],
    ['a LEASEQUERY', clientPacket({}, { 53: hex('0a') }), 'message-type'],
    ['a reply', clientPacket({ op: 2 }, { 53: hex('02') }), 'not-a-request'],
    ['BOOTP', clientPacket({}, { 53: undefined }), 'bootp'],
    ['a client that does not want to boot', clientPacket({}, { 60: 'MSFT 5.0' }), 'not-pxe'],
    ['a client without vendor class', clientPacket({}, { 60: undefined }), 'not-pxe'],
  ])('%s is not', (_name, packet, reason) => expect(dropOf(packet)).toBe(reason))

  it('a broadcast REQUEST with a boot item is a boot server discovery', () => {
    expect(dropOf(clientPacket({}, { 53: REQUEST, 43: ITEM }))).toBeUndefined()
    expect(requestOf(clientPacket({}, { 53: REQUEST, 43: ITEM })).bootItem).toEqual({
      type: 0x8000,
      layer: 0,
    })
  })

  it('more vendor classes can be let in', () => {
    const options = { vendorClasses: ['PXEClient', 'U-Boot'] }
    expect(dropOf(clientPacket({}, { 60: 'U-Boot.armv8' }), {}, options)).toBeUndefined()
  })

  it('a card that boots only so has its REQUEST answered', () => {
    expect(
      dropOf(clientPacket({}, { 53: REQUEST }), {}, { answerRequestsOf: [MAC] }),
    ).toBeUndefined()
    const inCapitals = { answerRequestsOf: [MAC.toUpperCase().replaceAll(':', '-')] }
    expect(dropOf(clientPacket({}, { 53: REQUEST }), {}, inCapitals)).toBeUndefined()
  })
})

describe('on port 4011', () => {
  it.each([
    [
      'a REQUEST of EDK2, without server id',
      uefiPacket({ ciaddr: '10.0.0.50', flags: 0 }, { 53: REQUEST }),
    ],
    ['a REQUEST of a BIOS', clientPacket({}, { 53: REQUEST })],
    ['an INFORM', clientPacket({}, { 53: INFORM, 43: ITEM })],
    [
      'a REQUEST without vendor class, as the Raspberry Pi 4 sends',
      clientPacket({}, { 53: REQUEST, 60: undefined }),
    ],
  ])('%s is answered', (_name, packet) => expect(dropOf(packet, fromEdk2)).toBeUndefined())

  it('a DISCOVER is not', () => expect(dropOf(clientPacket(), fromEdk2)).toBe('message-type'))
  it('a client without vendor class and architecture is not', () => {
    expect(dropOf(clientPacket({}, { 53: REQUEST, 60: undefined, 93: undefined }), fromEdk2)).toBe(
      'not-pxe',
    )
  })
})

describe('relays', () => {
  it.each([SERVER, '255.255.255.255', '224.0.0.1', '127.0.0.1', '0.0.0.9', '240.0.0.1'])(
    'an answer is never sent to giaddr %s',
    (giaddr) => expect(dropOf(clientPacket({ giaddr }))).toBe('relay-address'),
  )
  it('a packet of more than 16 hops goes round in circles', () => {
    expect(dropOf(clientPacket({ hops: 16 }))).toBeUndefined()
    expect(dropOf(clientPacket({ hops: 17 }))).toBe('hops')
  })
})
