import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  decodeArchitectures,
  decodeBootFileUrl,
  decodeDnsServers,
  decodeDuid,
  decodeIaAddress,
  decodeIaNa,
  decodeMessage6,
  decodeNetworkInterface,
  decodeOptionRequest,
  decodeOptions6,
  decodePreference,
  decodeStatusCode,
  decodeUserClasses6,
  decodeVendorClass6,
  DhcpError,
  encodeMessage6,
  isRelayMessage,
  type Dhcp6Message,
  valueOf,
} from '../../../src/v6/codec/index.ts'
import { hex } from '../../support/packets.ts'
import { shown, vector6 } from '../../support/vectors6.ts'

const codeOf = (action: () => unknown): unknown => {
  try {
    return action()
  } catch (error) {
    return error instanceof DhcpError ? error.code : error
  }
}

const OVMF: Dhcp6Message = {
  type: 1,
  xid: 0xf58932,
  options: [
    { code: 1, value: hex('0004 33221100 5544 7766 8899aabbccddeeff') },
    { code: 8, value: hex('0000') },
    { code: 3, value: hex('76f8dd72 ffffffff ffffffff') },
    { code: 6, value: hex('003b 003c 0017 0010') },
    { code: 62, value: hex('010300') },
    { code: 61, value: hex('0007') },
    {
      code: 16,
      value: hex(
        `00000157 0020 ${Buffer.from('PXEClient:Arch:00007:UNDI:003000').toString('hex')}`,
      ),
    },
  ],
}

describe('the SOLICIT of OVMF', () => {
  it('is decoded', () => {
    const message = decodeMessage6(vector6('ovmf-pxe-solicit'))
    expect({ ...message, options: shown(message.options) }).toEqual({
      ...OVMF,
      options: shown(OVMF.options),
    })
  })

  it('is encoded', () => expect(encodeMessage6(OVMF)).toEqual(vector6('ovmf-pxe-solicit')))

  it('survives both', () =>
    expect(encodeMessage6(decodeMessage6(vector6('ovmf-pxe-solicit')))).toEqual(
      vector6('ovmf-pxe-solicit'),
    ))

  it('says what OVMF is', () => {
    const { options } = decodeMessage6(vector6('ovmf-pxe-solicit'))
    const value = (code: number) => valueOf(options, code)!
    expect(decodeArchitectures(value(61))).toEqual([7])
    expect(decodeNetworkInterface(value(62))).toEqual({ type: 1, major: 3, minor: 0 })
    expect(decodeOptionRequest(value(6))).toEqual([59, 60, 23, 16])
    expect(decodeIaNa(value(3))).toEqual({
      iaid: 0x76f8dd72,
      t1Seconds: 0xffffffff,
      t2Seconds: 0xffffffff,
      options: [],
    })
    expect(decodeVendorClass6(value(16))).toEqual({
      enterprise: 343,
      classes: ['PXEClient:Arch:00007:UNDI:003000'],
    })
  })
})

it('reads iPXE, whose DUID is another one than that of the firmware on the same machine', () => {
  const bytes = vector6('ipxe-information-request')
  const message = decodeMessage6(bytes)
  expect(encodeMessage6(message)).toEqual(bytes)
  const value = (code: number) => valueOf(message.options, code)!
  expect(decodeUserClasses6(value(15))).toEqual(['iPXE'])
  expect(decodeDuid(value(1))).toEqual({
    kind: 'uuid',
    uuid: '00112233-4455-6677-8899-aabbccddeeff',
  })
  expect(decodeDuid(valueOf(decodeMessage6(vector6('ovmf-pxe-solicit')).options, 1)!)).toEqual({
    kind: 'uuid',
    uuid: '33221100-5544-7766-8899-aabbccddeeff',
  })
})

it.each([
  'ovmf-pxe-request',
  'ovmf-pxe-release',
  'ovmf-http-solicit',
  'dnsmasq-advertise',
  'dnsmasq-reply',
])('%s has the same bytes when it was decoded and encoded', (name) =>
  expect(encodeMessage6(decodeMessage6(vector6(name)))).toEqual(vector6(name)),
)

it('reads what dnsmasq offers OVMF', () => {
  const { type, options } = decodeMessage6(vector6('dnsmasq-advertise'))
  const value = (code: number) => valueOf(options, code)!
  expect(type).toBe(2)
  expect(options.map(({ code }) => code)).toEqual([1, 2, 3, 13, 7, 23, 59])
  expect(decodeDuid(value(2))).toMatchObject({ kind: 'link-layer-time', hardwareType: 1 })
  const ia = decodeIaNa(value(3))!
  expect(ia).toMatchObject({ iaid: 0x76f8dd72, t1Seconds: 43_200, t2Seconds: 75_600 })
  expect(decodeIaAddress(valueOf(ia.options, 5)!)).toEqual({
    address: 'fd66::176',
    preferredSeconds: 86_400,
    validSeconds: 86_400,
    options: [],
  })
  expect(decodeStatusCode(value(13))).toEqual({ code: 0, message: 'success' })
  expect(decodePreference(value(7))).toBe(0)
  expect(decodeDnsServers(value(23))).toEqual(['fd66::53'])
  expect(decodeBootFileUrl(value(59))).toBe('tftp://[fd66::1]/ipxe.efi')
})

const options = fc.array(
  fc.record({ code: fc.integer({ min: 1, max: 0xffff }), value: fc.uint8Array({ maxLength: 40 }) }),
  { maxLength: 12 },
)
const address = fc.uint8Array({ minLength: 16, maxLength: 16 })
const messages = fc.oneof(
  fc.record({
    type: fc.nat(255).filter((type) => type !== 12 && type !== 13),
    xid: fc.nat(0xffffff),
    options,
  }),
  fc
    .tuple(fc.constantFrom(12, 13), fc.nat(255), address, address, options)
    .map(([type, hops, link, peer, list]) =>
      decodeMessage6(
        Uint8Array.from([
          type,
          hops,
          ...link,
          ...peer,
          ...encodeMessage6({ type: 1, xid: 0, options: list }).slice(4),
        ]),
      ),
    ),
)

it('any message survives encoding and decoding, the order of its options too', () => {
  fc.assert(
    fc.property(messages, (message) => {
      const again = decodeMessage6(encodeMessage6(message))
      expect({ ...again, options: shown(again.options) }).toEqual({
        ...message,
        options: shown(message.options),
      })
    }),
  )
})

it('any bytes are a message with the same bytes, or malformed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
      const message = codeOf(() => decodeMessage6(bytes))
      if (message === 'ERR_DHCP_MALFORMED') return
      const decoded = decodeMessage6(bytes)
      // What no encoder may write: code 0 is reserved.
      if (decoded.options.some(({ code }) => code === 0)) return
      expect(encodeMessage6(decoded)).toEqual(bytes)
    }),
  )
})

it.each([
  ['nothing at all', ''],
  ['a header cut short', '01 a1b2'],
  ['a relay header cut short', `0c 00 ${'00'.repeat(31)}`],
  ['an option without its length', '01 a1b2c3 0001'],
  ['an option that is longer than the message', '01 a1b2c3 0008 0003 0000'],
])('refuses %s', (_name, bytes) =>
  expect(codeOf(() => decodeMessage6(hex(bytes)))).toBe('ERR_DHCP_MALFORMED'),
)

it.each<[string, Dhcp6Message, string]>([
  ['an xid of more than 24 bits', { type: 1, xid: 0x1000000, options: [] }, 'ERR_DHCP_FIELD'],
  ['a relay type without addresses', { type: 12, xid: 1, options: [] }, 'ERR_DHCP_FIELD'],
  [
    'an address with a zone',
    { type: 12, hopCount: 0, linkAddress: '::', peerAddress: 'fe80::1%eth0', options: [] },
    'ERR_DHCP_FIELD',
  ],
  [
    'option 0, which is reserved',
    { type: 1, xid: 1, options: [{ code: 0, value: hex('00') }] },
    'ERR_DHCP_OPTION',
  ],
  [
    'an option of 65536 bytes',
    { type: 1, xid: 1, options: [{ code: 59, value: new Uint8Array(65_536) }] },
    'ERR_DHCP_OPTION_TOO_LONG',
  ],
])('does not write %s', (_name, message, code) =>
  expect(codeOf(() => encodeMessage6(message))).toBe(code),
)

it('takes the first of several options where one alone is allowed', () => {
  expect(valueOf(decodeOptions6(hex('0007 0001 05 0007 0001 ff')), 7)).toEqual(hex('05'))
  expect(valueOf([], 7)).toBeUndefined()
})

it('tells messages of relay agents from those of clients', () => {
  expect(isRelayMessage(decodeMessage6(hex('01 a1b2c3')))).toBe(false)
  expect(isRelayMessage(decodeMessage6(hex(`0c 00 ${'00'.repeat(32)}`)))).toBe(true)
})
