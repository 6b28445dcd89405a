import { expect, it } from 'vitest'

import { decodePreference, encodePreference } from '../../../../src/v6/codec/index.ts'

it('is one byte', () => {
  expect(decodePreference(Uint8Array.of(255))).toBe(255)
  expect(encodePreference(0)).toEqual(Uint8Array.of(0))
  expect(decodePreference(Uint8Array.of())).toBeUndefined()
  expect(decodePreference(Uint8Array.of(0, 1))).toBeUndefined()
})

it.each([-1, 256, 0.5])('refuses %d', (preference) =>
  expect(() => encodePreference(preference)).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_FIELD' }),
  ),
)
