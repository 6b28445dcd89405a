import fc from 'fast-check'
import { expect, it } from 'vitest'

import { decodeDuid, encodeDuid, macOfDuid, type Duid } from '../../../../src/v6/codec/index.ts'
import { hex } from '../../../support/packets.ts'

const UUID = '33221100-5544-7766-8899-aabbccddeeff'

it.each<[string, string, Duid]>([
  [
    'OVMF with a UUID in its SMBIOS',
    '0004 33221100 5544 7766 8899aabbccddeeff',
    { kind: 'uuid', uuid: UUID },
  ],
  [
    'OVMF without one',
    '0001 0001 2a3b4c5d 525400660001',
    {
      kind: 'link-layer-time',
      hardwareType: 1,
      timeSeconds: 0x2a3b4c5d,
      linkLayerAddress: '52:54:00:66:00:01',
    },
  ],
  [
    'U-Boot and the Raspberry Pi',
    '0003 0001 dca632000001',
    { kind: 'link-layer', hardwareType: 1, linkLayerAddress: 'dc:a6:32:00:00:01' },
  ],
  [
    'the example of RFC 8415 section 11.3',
    '0002 00000009 0cc084d303000912',
    { kind: 'enterprise', enterprise: 9, identifier: hex('0cc084d303000912') },
  ],
])('reads and writes the DUID of %s', (_name, bytes, duid) => {
  expect(decodeDuid(hex(bytes))).toEqual(duid)
  expect(encodeDuid(duid)).toEqual(hex(bytes))
})

it.each([
  ['a type that nobody knows', '0009 01'],
  ['a UUID of 15 bytes', `0004 ${'00'.repeat(15)}`],
  ['a link-layer address of none', '0003 0001'],
])('keeps %s as it is', (_name, bytes) => {
  const duid = decodeDuid(hex(bytes))
  expect(duid?.kind).toBe('other')
  expect(duid && encodeDuid(duid)).toEqual(hex(bytes))
})

it.each([0, 2, 131])('%d bytes are no DUID', (length) =>
  expect(decodeDuid(new Uint8Array(length))).toBeUndefined(),
)

it('any 3 to 130 bytes survive', () => {
  const kinds = fc.tuple(
    fc.constantFrom(1, 2, 3, 4, 5),
    fc.uint8Array({ minLength: 1, maxLength: 128 }),
  )
  fc.assert(
    fc.property(kinds, ([type, rest]) => {
      const bytes = Uint8Array.from([0, type, ...rest])
      expect(encodeDuid(decodeDuid(bytes)!)).toEqual(bytes)
    }),
  )
})

it.each<[string, Duid]>([
  ['a UUID without dashes', { kind: 'uuid', uuid: UUID.replaceAll('-', '') }],
  ['an address that is no hex', { kind: 'link-layer', hardwareType: 1, linkLayerAddress: 'x' }],
  ['129 bytes', { kind: 'other', type: 9, data: new Uint8Array(129) }],
  ['nothing behind the type', { kind: 'other', type: 9, data: new Uint8Array() }],
])('refuses to write %s', (_name, duid) =>
  expect(() => encodeDuid(duid)).toThrow(expect.objectContaining({ code: 'ERR_DHCP_OPTION' })),
)

it('finds the MAC where the DUID was made of one', () => {
  const link = { hardwareType: 1, linkLayerAddress: 'dc:a6:32:00:00:01' }
  expect(macOfDuid({ kind: 'link-layer', ...link })).toBe('dc:a6:32:00:00:01')
  expect(macOfDuid({ kind: 'link-layer-time', timeSeconds: 0, ...link })).toBe('dc:a6:32:00:00:01')
  expect(macOfDuid({ kind: 'link-layer', ...link, hardwareType: 32 })).toBeUndefined()
  expect(macOfDuid({ kind: 'uuid', uuid: UUID })).toBeUndefined()
})
