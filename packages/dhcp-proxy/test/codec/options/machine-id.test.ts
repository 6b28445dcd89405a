import { expect, it } from 'vitest'

import { decodeMachineId, encodeMachineId } from '../../../src/codec/index.ts'
import { UUID, hex } from '../../support/packets.ts'

/** As iPXE and EDK2 put the UUID 00112233-4455-… on the wire: the first three fields little-endian. */
const BYTES = hex('00 33221100 5544 7766 8899 aabbccddeeff')

it('reads what SMBIOS tools and iPXE print', () => expect(decodeMachineId(BYTES)).toBe(UUID))
it('writes it back', () => expect(encodeMachineId(UUID.toUpperCase())).toEqual(BYTES))

it.each([0, 1, 16, 18])('is undefined for %i bytes', (length) => {
  expect(decodeMachineId(new Uint8Array(length))).toBeUndefined()
})
it('is undefined for another type than 0', () => {
  expect(decodeMachineId(new Uint8Array(17).fill(1))).toBeUndefined()
})
it('refuses what is no UUID', () => {
  expect(() => encodeMachineId('4455')).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_OPTION' }),
  )
})
