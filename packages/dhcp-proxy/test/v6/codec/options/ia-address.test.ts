import { expect, it } from 'vitest'

import { decodeIaAddress, encodeIaAddress } from '../../../../src/v6/codec/index.ts'
import { hex } from '../../../support/packets.ts'

const BYTES = hex('fd660000000000000000000000000100 00000e10 ffffffff')
const GIVEN = {
  address: 'fd66::100',
  preferredSeconds: 3600,
  validSeconds: 0xffffffff,
  options: [],
}

it('is an address and two lifetimes (RFC 8415 section 21.6)', () => {
  expect(decodeIaAddress(BYTES)).toEqual(GIVEN)
  expect(encodeIaAddress(GIVEN)).toEqual(BYTES)
})

it('23 bytes are none', () => expect(decodeIaAddress(new Uint8Array(23))).toBeUndefined())

it('refuses an IPv4 address', () =>
  expect(() => encodeIaAddress({ ...GIVEN, address: '192.0.2.1' })).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_FIELD' }),
  ))
