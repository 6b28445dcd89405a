import { expect, it } from 'vitest'

import { decodeRemoteId, encodeRemoteId } from '../../../../src/v6/codec/index.ts'
import { hex } from '../../../support/packets.ts'

it('is an enterprise and its id (RFC 4649 section 3)', () => {
  const remoteId = { enterprise: 9, id: hex('0020000064') }
  expect(decodeRemoteId(hex('00000009 0020000064'))).toEqual(remoteId)
  expect(encodeRemoteId(remoteId)).toEqual(hex('00000009 0020000064'))
})

it('an enterprise alone is none', () => expect(decodeRemoteId(hex('00000009'))).toBeUndefined())
