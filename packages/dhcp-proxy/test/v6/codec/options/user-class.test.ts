import { expect, it } from 'vitest'

import { decodeUserClasses6, encodeUserClasses6 } from '../../../../src/v6/codec/index.ts'
import { hex } from '../../../support/packets.ts'

it.each([
  ['iPXE, with a length as it never has in DHCPv4', '0004 69505845', ['iPXE']],
  ['Cisco ZTP', '000a 6578722d636f6e666967', ['exr-config']],
  ['two', '0001 61 0000', ['a', '']],
])('reads and writes %s', (_name, bytes, classes) => {
  expect(decodeUserClasses6(hex(bytes))).toEqual(classes)
  expect(encodeUserClasses6(classes)).toEqual(hex(bytes))
})

it.each([
  ['a length that runs past the end', '0005 69505845'],
  ['half a length', '0001 61 00'],
])('%s is none', (_name, bytes) => expect(decodeUserClasses6(hex(bytes))).toBeUndefined())

it('refuses what has no single byte, and what no length can say', () => {
  expect(() => encodeUserClasses6(['\u20ac'])).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_OPTION' }),
  )
  expect(() => encodeUserClasses6(['a'.repeat(65_536)])).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_OPTION_TOO_LONG' }),
  )
})
