import fc from 'fast-check'
import { expect, it } from 'vitest'

import { decodeRelayAgent } from '../../../src/codec/index.ts'
import { hex } from '../../support/packets.ts'

it('reads the sub-options of RFC 3046, 3527, 3993, 5010 and 5107', () => {
  expect(
    decodeRelayAgent(
      hex('01 04 65746830 02 02 beef 05 04 0a010000 06 01 73 0a 01 80 0b 04 0a010001 97 01 00'),
    ),
  ).toEqual({
    circuitId: hex('65746830'),
    remoteId: hex('beef'),
    linkSelection: '10.1.0.0',
    subscriberId: hex('73'),
    unicast: true,
    serverIdOverride: '10.1.0.1',
    other: new Map([[0x97, hex('00')]]),
  })
})

it('takes a flags sub-option of one byte, and only that', () => {
  expect(decodeRelayAgent(hex('0a 01 00'))).toEqual({ unicast: false })
  expect(decodeRelayAgent(hex('0a 04 80000000'))).not.toHaveProperty('unicast')
})

it.each([
  ['nothing', '', {}],
  ['a sub-option that runs past the end', '01 01 61 02 09 62', { circuitId: hex('61') }],
  ['an address of the wrong length', '05 02 0a01', { other: new Map([[5, hex('0a01')]]) }],
])('reads %s', (_name, bytes, relay) => expect(decodeRelayAgent(hex(bytes))).toEqual(relay))

it('reads any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(decodeRelayAgent(bytes)).toBeTypeOf('object')
    }),
  )
})
