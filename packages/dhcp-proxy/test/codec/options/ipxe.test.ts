import { expect, it } from 'vitest'

import { decodeIpxe, encodeIpxe } from '../../../src/codec/index.ts'
import { IPXE_OPTION, hex } from '../../support/packets.ts'

it('reads features, version and card of a real client', () => {
  expect(decodeIpxe(IPXE_OPTION)).toMatchObject({
    features: [
      'dns',
      'tftp',
      'http',
      'iscsi',
      'menu',
      'multiboot',
      'pxe-extensions',
      'pxe',
      'bzimage',
      'aoe',
    ],
    version: '1.21.1',
    busId: { type: 1, vendor: 0x1af4, device: 0x1000 },
  })
})

it.each([
  [
    'every setting',
    { priority: -3, keepSan: true, skipSanBoot: false, noProxyDhcp: true },
    '01 01 fd 08 01 01 09 01 00 b0 01 01',
  ],
  ['a private sub-option as text', { options: { 200: 'http://x' } }, 'c8 08 687474703a2f2f78'],
  ['and as bytes', { options: { 200: [1, 2] } }, 'c8 02 0102'],
])('writes %s', (_name, settings, bytes) => {
  expect(encodeIpxe(settings)).toEqual(hex(bytes))
})

it('reads what it writes', () => {
  const { options } =
    decodeIpxe(encodeIpxe({ priority: 1, options: { 200: 'a', 85: [10, 0, 0, 1] } })) ?? {}
  expect([...(options ?? [])]).toEqual([
    [1, hex('01')],
    [85, hex('0a000001')],
    [200, hex('61')],
  ])
})

it.each([
  ['a cut sub-option', '13 05 01'],
  ['a code without a length', '13'],
  ['END alone', 'ff'],
  ['nothing', ''],
])('is undefined for %s', (_name, bytes) => expect(decodeIpxe(hex(bytes))).toBeUndefined())

it('keeps what came before a cut sub-option', () => {
  expect(decodeIpxe(hex('00 13 01 01 14 09 01'))).toMatchObject({ features: ['http'] })
})

it.each([
  [{ priority: 128 }, 'ERR_DHCP_OPTION'],
  [{ options: { 0: 'a' } }, 'ERR_DHCP_OPTION'],
  [{ options: { 200: '\u20ac' } }, 'ERR_DHCP_OPTION'],
  [{ options: { 200: 'x'.repeat(256) } }, 'ERR_DHCP_OPTION_TOO_LONG'],
])('refuses %j', (settings, code) => {
  expect(() => encodeIpxe(settings)).toThrow(expect.objectContaining({ code }))
})
