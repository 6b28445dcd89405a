import { expect, it } from 'vitest'

import {
  ARCHITECTURES,
  decodeArchitectures,
  encodeArchitectures,
} from '../../../src/codec/index.ts'
import { hex } from '../../support/packets.ts'

it.each([
  ['one code', '0007', [7]],
  ['several', '0000 0006 ffff', [0, 6, 0xffff]],
])('reads and writes %s', (_name, bytes, codes) => {
  expect(decodeArchitectures(hex(bytes))).toEqual(codes)
  expect(encodeArchitectures(codes)).toEqual(hex(bytes))
})

it.each([0, 1, 3])('is undefined for %i bytes', (length) => {
  expect(decodeArchitectures(new Uint8Array(length))).toBeUndefined()
})
it('reads 254 bytes', () => expect(decodeArchitectures(new Uint8Array(254))).toHaveLength(127))
it('refuses a code over 65535', () => {
  expect(() => encodeArchitectures([65_536])).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_OPTION' }),
  )
})

it('names all 42 codes, and x64 UEFI is 7', () => {
  expect([...ARCHITECTURES.keys()]).toEqual(Array.from({ length: 42 }, (_, code) => code))
  expect(ARCHITECTURES.get(7)).toMatchObject({
    platform: 'efi',
    cpu: 'x64',
    busBits: 64,
    protocol: 'pxe',
    buildarch: 'x86_64',
    ipxeBinary: 'ipxe.efi',
  })
  expect(ARCHITECTURES.get(40)).toMatchObject({
    platform: 'efi',
    cpu: 'loong64',
    protocol: 'http',
    ipxeBinary: 'ipxe-loong64.efi',
  })
})
