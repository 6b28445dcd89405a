import { expect, it } from 'vitest'

import { decodeLinkLayerAddress } from '../../../../src/v6/codec/index.ts'
import { hex } from '../../../support/packets.ts'

it('is a hardware type and an address (RFC 6939 section 4)', () =>
  expect(decodeLinkLayerAddress(hex('0001 525400660001'))).toEqual({
    hardwareType: 1,
    address: '52:54:00:66:00:01',
  }))

it('a type alone is none', () => expect(decodeLinkLayerAddress(hex('0001'))).toBeUndefined())
