import { describe, expect, it } from 'vitest'

import { decodeNetworkInterface, encodeNetworkInterface } from '../../../src/codec/index.ts'
import { hex } from '../../support/packets.ts'

describe('network interface (94)', () => {
  it('goes there and back', () => {
    expect(decodeNetworkInterface(hex('010310'))).toEqual({ type: 1, major: 3, minor: 16 })
    expect(encodeNetworkInterface({ type: 1, major: 3, minor: 16 })).toEqual(hex('010310'))
  })
  it('is undefined for another length', () =>
    expect(decodeNetworkInterface(hex('0103'))).toBeUndefined())
  it('refuses a field over 255', () => {
    expect(() => encodeNetworkInterface({ type: 256, major: 0, minor: 0 })).toThrow(/outside 0–255/)
  })
})
