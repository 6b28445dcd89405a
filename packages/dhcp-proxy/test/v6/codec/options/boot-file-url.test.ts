import { expect, it } from 'vitest'

import { decodeBootFileUrl, encodeBootFileUrl } from '../../../../src/v6/codec/index.ts'
import { hex } from '../../../support/packets.ts'

const BYTES = hex(Buffer.from('tftp://[fd00::2]/ipxe.efi').toString('hex'))

it('is the bare URL, with an address in brackets (RFC 5970 section 3.1)', () => {
  expect(decodeBootFileUrl(BYTES)).toBe('tftp://[fd00::2]/ipxe.efi')
  expect(encodeBootFileUrl('tftp://[fd00::2]/ipxe.efi')).toEqual(BYTES)
})

it('reads one that a server ended with NUL', () =>
  expect(decodeBootFileUrl(Uint8Array.from([...BYTES, 0]))).toBe('tftp://[fd00::2]/ipxe.efi'))

it.each(['', 'ipxe.efi', 'tftp://', 'http://a/b c', 'http://a/é', `http://a/${'b'.repeat(1016)}`])(
  'refuses %s',
  (url) =>
    expect(() => encodeBootFileUrl(url)).toThrow(
      expect.objectContaining({ code: 'ERR_DHCP_BOOT_FILE' }),
    ),
)
