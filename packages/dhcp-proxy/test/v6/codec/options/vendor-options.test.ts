import { expect, it } from 'vitest'

import { decodeVendorOptions6, encodeVendorOptions6 } from '../../../../src/v6/codec/index.ts'
import { hex } from '../../../support/packets.ts'

it('holds options of its vendor (RFC 8415 section 21.17)', () => {
  const bytes = hex('00000009 0001 0002 4142 0001 0000')
  const options = [
    { code: 1, value: hex('4142') },
    { code: 1, value: hex('') },
  ]
  expect(decodeVendorOptions6(bytes)).toEqual({ enterprise: 9, options })
  expect(encodeVendorOptions6({ enterprise: 9, options })).toEqual(bytes)
})

it('three bytes are none', () => expect(decodeVendorOptions6(hex('000009'))).toBeUndefined())

it('refuses options that leave it', () =>
  expect(() => decodeVendorOptions6(hex('00000009 0001 0002 41'))).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_MALFORMED' }),
  ))
