import { describe, expect, it } from 'vitest'

import { decodeBootFile, encodeBootFile } from '../../../src/codec/index.ts'
import { hex } from '../../support/packets.ts'

describe('boot file (67)', () => {
  it('is read with and without NUL, and written with', () => {
    expect(decodeBootFile(hex('61 62'))).toBe('ab')
    expect(decodeBootFile(encodeBootFile('ab'))).toBe('ab')
    expect(encodeBootFile('ab')).toEqual(hex('616200'))
  })
  it.each(['', 'a\0b', 'a\nb', '\u20ac', 'x'.repeat(255)])('refuses %j', (name) => {
    expect(() => encodeBootFile(name)).toThrow(
      expect.objectContaining({ code: 'ERR_DHCP_BOOT_FILE' }),
    )
  })
  it('takes 254 bytes', () => expect(encodeBootFile('x'.repeat(254))).toHaveLength(255))
})
