import { expect, it } from 'vitest'

import { decodeOptionRequest, encodeOptionRequest } from '../../../../src/v6/codec/index.ts'
import { hex } from '../../../support/packets.ts'

it.each([
  ['OVMF', '003b 003c 0017 0010', [59, 60, 23, 16]],
  ['iPXE', '0017 0018 003b 003c', [23, 24, 59, 60]],
  ["OVMF's IP6 driver", '0017', [23]],
  ['nobody', '', []],
])('reads and writes what %s asks for', (_name, bytes, codes) => {
  expect(decodeOptionRequest(hex(bytes))).toEqual(codes)
  expect(encodeOptionRequest(codes)).toEqual(hex(bytes))
})

it('an odd length is none', () => expect(decodeOptionRequest(hex('003b00'))).toBeUndefined())

it('refuses a code over 65535', () =>
  expect(() => encodeOptionRequest([65_536])).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_FIELD' }),
  ))
