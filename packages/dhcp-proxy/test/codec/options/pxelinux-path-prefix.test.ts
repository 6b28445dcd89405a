import { describe, expect, it } from 'vitest'

import { decodePxelinuxPathPrefix, encodePxelinuxPathPrefix } from '../../../src/codec/index.ts'
import { hex } from '../../support/packets.ts'

describe('PXELINUX path prefix (210)', () => {
  it.each([
    ['pxelinux.cfg/default', '7078656c696e75782e6366672f64656661756c74'],
    ['/tftp/', '2f746674702f'],
    ['\u00e9', 'e9'],
  ])('goes there and back: %s', (text, bytes) => {
    expect(decodePxelinuxPathPrefix(hex(bytes))).toBe(text)
    expect(encodePxelinuxPathPrefix(text)).toEqual(hex(bytes))
    expect(decodePxelinuxPathPrefix(encodePxelinuxPathPrefix(text))).toBe(text)
  })
  it('ends at a NUL', () => expect(decodePxelinuxPathPrefix(hex('61 00 62'))).toBe('a'))
  it.each(['', 'a\0b', '\u20ac'])('refuses %j', (text) =>
    expect(() => encodePxelinuxPathPrefix(text)).toThrow(
      expect.objectContaining({ code: 'ERR_DHCP_OPTION' }),
    ),
  )
})
