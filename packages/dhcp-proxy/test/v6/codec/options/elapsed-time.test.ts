import { expect, it } from 'vitest'

import { decodeElapsedTime, encodeElapsedTime } from '../../../../src/v6/codec/index.ts'
import { hex } from '../../../support/packets.ts'

it('counts hundredths of a second (RFC 8415 section 21.9)', () => {
  expect(decodeElapsedTime(hex('01e0'))).toBe(4800)
  expect(encodeElapsedTime(4809)).toEqual(hex('01e0'))
  expect(decodeElapsedTime(hex('ffff'))).toBe(655_350)
  expect(decodeElapsedTime(hex('00'))).toBeUndefined()
})

it('refuses more than 655350 ms', () =>
  expect(() => encodeElapsedTime(655_360)).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_FIELD' }),
  ))
