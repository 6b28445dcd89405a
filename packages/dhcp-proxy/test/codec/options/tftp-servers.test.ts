import { describe, expect, it } from 'vitest'

import { decodeTftpServers, encodeTftpServers } from '../../../src/codec/index.ts'
import { hex } from '../../support/packets.ts'

describe('TFTP servers (150)', () => {
  it('goes there and back', () => {
    expect(decodeTftpServers(hex('0a000001 0a000002'))).toEqual(['10.0.0.1', '10.0.0.2'])
    expect(encodeTftpServers(['10.0.0.1', '10.0.0.2'])).toEqual(hex('0a000001 0a000002'))
  })
  it.each(['', '0a0000'])('is undefined for %j', (bytes) =>
    expect(decodeTftpServers(hex(bytes))).toBeUndefined(),
  )
  it('refuses a name', () =>
    expect(() => encodeTftpServers(['tftp'])).toThrow(/not an IPv4 address/))
})
