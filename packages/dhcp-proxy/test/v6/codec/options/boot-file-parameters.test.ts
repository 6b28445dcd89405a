import { expect, it } from 'vitest'

import {
  decodeBootFileParameters,
  encodeBootFileParameters,
} from '../../../../src/v6/codec/index.ts'
import { hex } from '../../../support/packets.ts'

it('is a list of texts with their lengths (RFC 5970 section 3.2)', () => {
  const bytes = hex('0006 726f6f743d2f 0005 7175696574')
  expect(decodeBootFileParameters(bytes)).toEqual(['root=/', 'quiet'])
  expect(encodeBootFileParameters(['root=/', 'quiet'])).toEqual(bytes)
})

it('a length that runs past the end is none', () =>
  expect(decodeBootFileParameters(hex('0003 6162'))).toBeUndefined())

it('refuses what has no single byte', () =>
  expect(() => encodeBootFileParameters(['\u20ac'])).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_OPTION' }),
  ))
