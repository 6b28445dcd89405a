import { describe, expect, it } from 'vitest'

import { decodeMessageType, messageTypeName } from '../../../src/codec/index.ts'
import { hex } from '../../support/packets.ts'

describe('message type (53)', () => {
  it.each([
    ['01', 'DISCOVER'],
    ['08', 'INFORM'],
    ['0a', 'type 10'],
    ['', 'BOOTP'],
    ['0101', 'BOOTP'],
  ])('%j is %s', (bytes, name) => expect(messageTypeName(decodeMessageType(hex(bytes)))).toBe(name))
})
