import fc from 'fast-check'
import { expect, it } from 'vitest'

import { decodeUserClasses, encodeUserClasses } from '../../../src/codec/index.ts'
import { hex } from '../../support/packets.ts'

it.each([
  ['the bare text that iPXE sends', '69505845', ['iPXE']],
  ['the list of RFC 3004', '04 69505845', ['iPXE']],
  ['a list of two', '04 69505845 02 6869', ['iPXE', 'hi']],
  ['a length that runs past the end', '05 69505845', ['\x05iPXE']],
  ['a zero length at the end', '04 69505845 00', ['\x04iPXE']],
  ['a single zero', '00', ['']],
  ['nothing', '', []],
])('reads %s', (_name, bytes, classes) => expect(decodeUserClasses(hex(bytes))).toEqual(classes))

it('ends on 255 bytes of ones', () => {
  expect(decodeUserClasses(new Uint8Array(255).fill(1))).toEqual(['\x01'.repeat(255)])
  expect(decodeUserClasses(new Uint8Array(254).fill(1))).toHaveLength(127)
})

it('writes what it reads', () => {
  const one = fc
    .array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 40 })
    .map((codes) => String.fromCharCode(...codes))
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 5 }), (classes) => {
      expect(decodeUserClasses(encodeUserClasses(classes))).toEqual(classes)
    }),
  )
})

it.each(['', 'x'.repeat(256), '\u20ac'])('refuses %j', (text) => {
  expect(() => encodeUserClasses([text])).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_OPTION' }),
  )
})
