import { isIPv6 } from 'node:net'

import fc from 'fast-check'
import { expect, it } from 'vitest'

import { address6Bytes, macOfAddress6, readAddress6 } from '../../../src/v6/codec/index.ts'
import { hex } from '../../support/packets.ts'

it.each([
  // RFC 5952 sections 4.1 to 4.3
  ['20010db8000000000000000000000001', '2001:db8::1'],
  ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
  ['20010000000000010000000000000001', '2001:0:0:1::1'],
  ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
  ['00000000000000000000000000000000', '::'],
  ['00000000000000000000000000000001', '::1'],
  ['fe800000000000000000000000000000', 'fe80::'],
])('writes %s as RFC 5952 wants it', (bytes, text) => {
  expect(readAddress6(hex(bytes))).toBe(text)
  expect(address6Bytes(text)).toEqual(hex(bytes))
})

it.each([
  ['2001:0DB8::0001', '2001:db8::1'],
  ['::ffff:192.0.2.1', '::ffff:c000:201'],
  ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
])('reads %s', (text, shortest) => {
  const bytes = address6Bytes(text)
  expect(bytes && readAddress6(bytes)).toBe(shortest)
})

it.each([
  '',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4::5:6:7:8',
  '12345::',
  'fe80::1%eth0',
  '[::1]',
  '192.0.2.1',
  '::256.0.0.1',
  'g::',
])('%j is no address', (text) => expect(address6Bytes(text)).toBeUndefined())

it('takes what Node takes, but for zones', () => {
  const part = fc.stringMatching(/^[0-9a-f]{0,5}$/)
  const text = fc.array(part, { maxLength: 9 }).map((parts) => parts.join(':'))
  fc.assert(
    fc.property(fc.oneof(text, fc.ipV6()), (one) => {
      expect(address6Bytes(one) !== undefined).toBe(isIPv6(one))
    }),
  )
})

it('any sixteen bytes survive as text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      expect(address6Bytes(readAddress6(bytes))).toEqual(bytes)
    }),
  )
})

it('finds the MAC in a link-local address, as OVMF and iPXE make it', () => {
  expect(macOfAddress6('fe80::5054:ff:fe66:1')).toBe('52:54:00:66:00:01')
})

it.each(['fe80::1', 'fd66::100', 'fe80::1%eth0', 'no address'])('finds none in %s', (text) =>
  expect(macOfAddress6(text)).toBeUndefined(),
)
