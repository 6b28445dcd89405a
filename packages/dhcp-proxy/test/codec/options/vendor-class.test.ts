import { expect, it } from 'vitest'

import { decodeVendorClass, encodeVendorClass, parseVendorClass } from '../../../src/codec/index.ts'

it.each([
  [
    'PXEClient:Arch:00011:UNDI:003016',
    { name: 'PXEClient', architecture: 11, undi: { major: 3, minor: 16 } },
  ],
  [
    'HTTPClient:Arch:00016:UNDI:003001',
    { name: 'HTTPClient', architecture: 16, undi: { major: 3, minor: 1 } },
  ],
  // U-Boot builds that write it in hexadecimal, which only a letter tells.
  ['PXEClient:Arch:0000b', { name: 'PXEClient', architecture: 11 }],
  [
    'PXEClient:Arch:0001B:UNDI:003000',
    { name: 'PXEClient', architecture: 27, undi: { major: 3, minor: 0 } },
  ],
  ['PXEClient:Arch:0000x', { name: 'PXEClient' }],
  ['U-Boot.armv8', { name: 'U-Boot.armv8' }],
  ['PXEClient', { name: 'PXEClient' }],
  ['', { name: '' }],
])('%j says %j', (text, parts) => expect(parseVendorClass(text)).toEqual(parts))

it('goes there and back, any byte', () => {
  const text = 'PXE\xe9'
  expect(decodeVendorClass(encodeVendorClass(text))).toBe(text)
})

it.each(['', '\u20ac'])('refuses %j', (text) => {
  expect(() => encodeVendorClass(text)).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_OPTION' }),
  )
})
