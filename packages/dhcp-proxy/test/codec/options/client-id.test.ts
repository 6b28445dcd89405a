import { describe, expect, it } from 'vitest'

import { decodeClientId } from '../../../src/codec/index.ts'
import { hex } from '../../support/packets.ts'

describe('client id (61)', () => {
  it('is hex, type byte included', () =>
    expect(decodeClientId(hex('0152540012'))).toBe('01:52:54:00:12'))
})
