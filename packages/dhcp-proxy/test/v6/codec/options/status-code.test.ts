import { expect, it } from 'vitest'

import { decodeStatusCode, encodeStatusCode, StatusCode6 } from '../../../../src/v6/codec/index.ts'
import { hex } from '../../../support/packets.ts'

it('is a number and a text in UTF-8', () => {
  const status = { code: StatusCode6.USE_MULTICAST, message: 'né' }
  expect(encodeStatusCode(status)).toEqual(hex('0005 6e c3a9'))
  expect(decodeStatusCode(hex('0005 6e c3a9'))).toEqual(status)
  expect(decodeStatusCode(hex('0000'))).toEqual({ code: StatusCode6.SUCCESS, message: '' })
})

it('reads bytes that are no UTF-8', () =>
  expect(decodeStatusCode(hex('0001 ff'))).toEqual({ code: 1, message: '\ufffd' }))

it('one byte is none', () => expect(decodeStatusCode(hex('00'))).toBeUndefined())
