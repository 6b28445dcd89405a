import { expect, it } from 'vitest'

import {
  decodeVendorClass6,
  encodeVendorClass6,
  PXE_ENTERPRISE,
} from '../../../../src/v6/codec/index.ts'
import { hex } from '../../../support/packets.ts'

const http = 'HTTPClient:Arch:00016:UNDI:003000'

it.each([
  [
    "OVMF's HTTP Boot",
    `00000157 0021 ${Buffer.from(http).toString('hex')}`,
    { enterprise: PXE_ENTERPRISE, classes: [http] },
  ],
  [
    'what makes OVMF take an offer',
    '00000157 000a 48545450436c69656e74',
    { enterprise: PXE_ENTERPRISE, classes: ['HTTPClient'] },
  ],
  ['Arista', '00007571 0006 417269737461', { enterprise: 30_065, classes: ['Arista'] }],
  [
    'U-Boot, which has no enterprise',
    '00000000 0006 552d426f6f74',
    { enterprise: 0, classes: ['U-Boot'] },
  ],
  ['a vendor without classes', '00000009', { enterprise: 9, classes: [] }],
])('reads and writes %s', (_name, bytes, vendorClass) => {
  expect(decodeVendorClass6(hex(bytes))).toEqual(vendorClass)
  expect(encodeVendorClass6(vendorClass)).toEqual(hex(bytes))
})

it.each(['', '000001', '00000157 0002 41', '00000157 00'])('%s is none', (bytes) =>
  expect(decodeVendorClass6(hex(bytes))).toBeUndefined(),
)

it('refuses what has no single byte', () =>
  expect(() => encodeVendorClass6({ enterprise: 343, classes: ['\u20ac'] })).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_OPTION' }),
  ))
