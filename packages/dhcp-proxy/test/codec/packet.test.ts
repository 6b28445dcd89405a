import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { DhcpError, type DhcpPacket, decodePacket, encodePacket } from '../../src/codec/index.ts'
import { clientPacket, hex, ipxePacket, uefiPacket } from '../support/packets.ts'

const plain = (bytes: Uint8Array) => Uint8Array.from(bytes)
/** The packet with its views copied out of whatever buffer they point into. */
const detached = (packet: DhcpPacket): DhcpPacket => ({
  ...packet,
  chaddr: plain(packet.chaddr),
  options: new Map([...packet.options].map(([code, value]) => [code, plain(value)])),
})

const header = (): Uint8Array => encodePacket(clientPacket()).slice(0, 240)
const withOptions = (...parts: string[]): Uint8Array =>
  Uint8Array.from([...header(), ...hex(parts.join(' '))])
const optionsOf = (bytes: Uint8Array) => [...detached(decodePacket(bytes)).options]

const latin1 = (max: number) =>
  fc
    .array(fc.integer({ min: 1, max: 255 }), { maxLength: max })
    .map((codes) => String.fromCharCode(...codes))

/** Bytes of all options, or the code of the error. */
const measured = (bytes: Uint8Array): unknown => {
  try {
    const { options } = decodePacket(bytes)
    return [...options.values()].reduce((sum, { length }) => sum + length, 0)
  } catch (error) {
    return error instanceof DhcpError ? error.code : error
  }
}

describe('packets there and back', () => {
  it.each([
    ['a PXE ROM', clientPacket()],
    ['OVMF', uefiPacket()],
    ['iPXE', ipxePacket()],
    [
      'a relayed client',
      clientPacket({ giaddr: '10.1.0.1', hops: 1 }, { 82: hex('01 04 65746830 02 02 beef') }),
    ],
  ])('%s survives encoding and decoding', (_name, packet) => {
    const bytes = encodePacket(packet)
    expect(detached(decodePacket(bytes))).toEqual(packet)
    expect(encodePacket(decodePacket(bytes))).toEqual(bytes)
  })

  const address = fc.ipV4()
  const byte = fc.nat(255)
  const option = fc.tuple(
    fc.integer({ min: 1, max: 254 }).filter((code) => code !== 52),
    fc.uint8Array({ minLength: 1, maxLength: 255 }),
  )
  const packets = fc.record({
    op: byte,
    htype: byte,
    hlen: fc.nat(16),
    hops: byte,
    xid: fc.nat(0xffffffff),
    secs: fc.nat(0xffff),
    flags: fc.nat(0xffff),
    ciaddr: address,
    yiaddr: address,
    siaddr: address,
    giaddr: address,
    chaddr: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    sname: latin1(63),
    file: latin1(127),
    options: fc
      .array(option, { maxLength: 20 })
      .map((list) => new Map(list))
      .filter((map) => (map.get(54)?.length ?? 4) === 4 && (map.get(61)?.length ?? 2) >= 2),
  })

  it('any packet that can be encoded decodes to itself', () => {
    fc.assert(
      fc.property(packets, (packet) => {
        expect(detached(decodePacket(encodePacket(packet)))).toEqual(packet)
      }),
    )
  })

  it('any bytes decode or fail with ERR_DHCP_MALFORMED, and options never outgrow the packet', () => {
    const random = fc.uint8Array({ maxLength: 600 })
    const behindHeader = random.map((tail) => Uint8Array.from([...header(), ...tail]))
    fc.assert(
      fc.property(fc.oneof(random, behindHeader), (bytes) => {
        const result = measured(bytes)
        const isFine =
          typeof result === 'number' ? result <= bytes.length : result === 'ERR_DHCP_MALFORMED'
        expect(isFine).toBe(true)
      }),
    )
  })
})

describe('what decoding accepts', () => {
  it('takes options to the edge of a packet without END', () => {
    expect(optionsOf(withOptions('35 01 01 0c 02 6869'))).toEqual([
      [53, hex('01')],
      [12, hex('6869')],
    ])
  })

  it('reads sname and file filled to the last byte', () => {
    const bytes = header().fill(0x61, 44, 236)
    const { sname, file } = decodePacket(bytes)
    expect([sname.length, file.length]).toEqual([64, 128])
  })

  it('joins split options in linear time and takes the first of a fixed-length one', () => {
    const split = withOptions('3c 03 505845 3c 06 436c69656e74 35 01 01 35 01 05 ff')
    expect(optionsOf(split)).toEqual([
      [60, hex('505845 436c69656e74')],
      [53, hex('01')],
    ])
    const thousand = Uint8Array.from([
      ...header(),
      ...Array.from({ length: 1000 }, () => [77, 1, 65]).flat(),
    ])
    expect(decodePacket(thousand).options.get(77)?.length).toBe(1000)
  })

  it('reads options from file and sname when option 52 says so, and ignores 52 inside them', () => {
    const bytes = withOptions('34 01 03 35 01 01 ff')
    bytes.set(hex('34 01 01 0c 01 66 ff'), 108)
    bytes.set(hex('0f 01 73'), 44)
    const packet = decodePacket(bytes)
    expect(packet).toMatchObject({ sname: '', file: '' })
    expect([...detached(packet).options]).toEqual([
      [53, hex('01')],
      [12, hex('66')],
      [15, hex('73')],
    ])
  })

  it.each(['34 02 0303', '34 01 04', '34 00'])('takes an option 52 of %s for nothing', (option) => {
    const bytes = withOptions(option, '35 01 01 ff')
    bytes.set(hex('0c 01 66'), 108)
    expect([...decodePacket(bytes).options.keys()]).toEqual([53])
  })
})

describe('what decoding refuses', () => {
  it.each([0, 1, 28, 235, 236, 239])('a packet of %i bytes', (length) => {
    expect(() => decodePacket(header().slice(0, length))).toThrow(/shorter than the 240/)
  })

  it.each([
    ['another magic cookie', header().fill(0, 236, 240), /magic cookie 00000000 is not 63825363/],
    ['a hardware address over 16 bytes', header().fill(17, 2, 3), /length 17 is outside 0–16/],
    [
      'an option without a length byte',
      withOptions('35 01 01 0c'),
      /option 12 at byte 243 has no length byte/,
    ],
    [
      'an option that ends one byte late',
      withOptions('0c 02 61'),
      /option 12 of 2 bytes at byte 240 ends after byte 243/,
    ],
  ])('%s', (_name, bytes, message) => {
    expect(() => decodePacket(bytes)).toThrow(message)
  })
})

describe('what encoding refuses', () => {
  it.each([
    ['option 52', {}, { 52: hex('03') }, 'ERR_DHCP_OPTION'],
    ['an option over 255 bytes', {}, { 43: new Uint8Array(256) }, 'ERR_DHCP_OPTION_TOO_LONG'],
    ['an empty option 67', {}, { 67: '' }, 'ERR_DHCP_OPTION'],
    ['a server id that is not 4 bytes', {}, { 54: hex('0a') }, 'ERR_DHCP_OPTION'],
    ['a client id of one byte', {}, { 61: hex('00') }, 'ERR_DHCP_OPTION'],
    ['option 255', {}, { 255: hex('00') }, 'ERR_DHCP_OPTION'],
    ['a file of 128 bytes', { file: 'x'.repeat(128) }, {}, 'ERR_DHCP_FIELD'],
    ['a NUL in sname', { sname: 'a\0b' }, {}, 'ERR_DHCP_FIELD'],
    ['a character without a byte', { file: '\u20ac' }, {}, 'ERR_DHCP_FIELD'],
    ['an address that is none', { siaddr: '10.0.0.256' }, {}, 'ERR_DHCP_FIELD'],
    ['an address of 3 bytes', { giaddr: '10.0.1' }, {}, 'ERR_DHCP_FIELD'],
    ['a number too large', { xid: 2 ** 32 }, {}, 'ERR_DHCP_FIELD'],
    ['a short chaddr', { chaddr: new Uint8Array(6) }, {}, 'ERR_DHCP_FIELD'],
  ])('%s', (_name, fields, options, code) => {
    expect(() => encodePacket(clientPacket(fields, options))).toThrow(
      expect.objectContaining({ code }),
    )
  })
})

it('writes 67 and then 82 last, then END, then zeros up to 300 bytes', () => {
  const bytes = encodePacket(
    clientPacket(
      {},
      { 55: undefined, 97: undefined, 57: undefined, 82: hex('0100'), 67: 'a', 12: 'h' },
    ),
  )
  const tail = hex('43 01 61 52 02 0100 ff')
  const at = bytes.lastIndexOf(0xff) + 1
  expect(bytes.slice(at - tail.length, at)).toEqual(tail)
  expect(bytes.length).toBe(300)
  expect(bytes.slice(at).every((byte) => byte === 0)).toBe(true)
})
