import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'

import {
  type VendorOptions,
  decodeVendorOptions,
  encodeVendorOptions,
} from '../../../src/codec/index.ts'
import { hex } from '../../support/packets.ts'

/** Name, the bytes, what they mean. */
const VECTORS: readonly (readonly [string, string, VendorOptions])[] = [
  ['boot from the offer', '06 01 08 ff', { discoveryControl: 8 }],
  [
    'the same with a prompt',
    '06 01 08 0a 04 00 505845 ff',
    { discoveryControl: 8, menuPrompt: { timeoutSeconds: 0, text: 'PXE' } },
  ],
  [
    'what a Raspberry Pi looks for',
    '06 01 03 0a 04 00 505845 09 14 0000 11 5261737062657272792050692042 6f6f74 ff',
    {
      discoveryControl: 3,
      menuPrompt: { timeoutSeconds: 0, text: 'PXE' },
      bootMenu: [{ type: 0, text: 'Raspberry Pi Boot' }],
    },
  ],
  [
    'boot servers of two types',
    '06 01 07 08 12 8000 02 0a000001 0a000002 8001 01 0a000003 ff',
    {
      discoveryControl: 7,
      bootServers: [
        { type: 0x8000, addresses: ['10.0.0.1', '10.0.0.2'] },
        { type: 0x8001, addresses: ['10.0.0.3'] },
      ],
    },
  ],
  ['a multicast address', '07 04 e0000102 ff', { multicastAddress: '224.0.1.2' }],
  [
    'a range of multicast addresses',
    '0b 08 e000010200640002 ff',
    { multicastAllocation: hex('e000010200640002') },
  ],
  ['credential types', '0c 08 00000001 80000002 ff', { credentialTypes: [1, 0x80000002] }],
  ['a chosen boot item', '47 04 8001 0000 ff', { bootItem: { type: 0x8001, layer: 0 } }],
  ['an unknown sub-option', '50 02 beef ff', { other: new Map([[80, hex('beef')]]) }],
  ['nothing', 'ff', {}],
]

describe.each(VECTORS)('%s', (_name, bytes, options) => {
  it('decodes', () => expect(decodeVendorOptions(hex(bytes))).toEqual(options))
  it('encodes', () => expect(encodeVendorOptions(options)).toEqual(hex(bytes)))
  it('goes there and back', () =>
    expect(decodeVendorOptions(encodeVendorOptions(options))).toEqual(options))
})

it.each([
  ['a sub-option that runs past the end', '06 02 08'],
  ['a sub-option without a length', '06'],
  ['a boot item of 3 bytes', '47 03 800100 ff'],
  ['a discovery control of 2 bytes', '06 02 0808 ff'],
  ['an empty prompt', '0a 00 ff'],
  ['a boot server list cut in an address', '08 05 8000 01 0a00 ff'],
  ['a boot server list cut in its head', '08 02 8000 ff'],
  ['a menu text that runs past its sub-option', '09 04 8000 05 61 ff'],
  ['a menu cut in its head', '09 02 8000 ff'],
  ['a multicast address of 3 bytes', '07 03 e00001 ff'],
  ['a multicast range of 4 bytes', '0b 04 e0000102 ff'],
  ['credential types of 3 bytes', '0c 03 000000 ff'],
])('is undefined for %s', (_name, bytes) => expect(decodeVendorOptions(hex(bytes))).toBeUndefined())

it('reads only PAD as nothing', () => expect(decodeVendorOptions(hex('00 00 00'))).toEqual({}))

it('writes whatever it could read, and reads it the same', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const options = decodeVendorOptions(bytes) ?? {}
      expect(decodeVendorOptions(encodeVendorOptions(options))).toEqual(options)
    }),
  )
})

it.each([
  ['discovery control', { discoveryControl: 256 }],
  ['type', { bootItem: { type: 70_000, layer: 0 } }],
  ['address', { multicastAddress: 'here' }],
  ['text', { bootMenu: [{ type: 1, text: '\u20ac' }] }],
])('refuses a %s that does not fit', (_name, options) => {
  expect(() => encodeVendorOptions(options)).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_OPTION' }),
  )
})

it('refuses a sub-option over 255 bytes', () => {
  const text = 'x'.repeat(250)
  const bootMenu = [
    { type: 1, text },
    { type: 2, text },
  ]
  expect(() => encodeVendorOptions({ bootMenu })).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_OPTION_TOO_LONG' }),
  )
})

it.each([0, 255, 256, -1, 0.5])('refuses the sub-option code %d', (code) => {
  expect(() => encodeVendorOptions({ other: new Map([[code, hex('00')]]) })).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_OPTION' }),
  )
})

it('reads an option as long as a datagram in no time', () => {
  const many = Uint8Array.from({ length: 64_000 }, (_, i) =>
    i % 2 === 0 ? 72 + ((i / 2) % 180) : 0,
  )
  // Each copy of the map would set all of its entries again.
  const set = vi.spyOn(Map.prototype, 'set')
  try {
    expect(decodeVendorOptions(many)?.other?.size).toBe(180)
    expect(set.mock.calls.length).toBeLessThan(40_000)
  } finally {
    set.mockRestore()
  }
})
