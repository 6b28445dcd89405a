import { describe, expect, it } from 'vitest'

import { decodeTftpServerName, encodeTftpServerName } from '../../../src/codec/index.ts'
import { hex } from '../../support/packets.ts'

describe('TFTP server name (66)', () => {
  it('is read with and without NUL, and written without', () => {
    expect(decodeTftpServerName(hex('68 69 00'))).toBe('hi')
    expect(encodeTftpServerName('hi')).toEqual(hex('6869'))
  })
  it('is never empty', () => {
    expect(() => encodeTftpServerName('')).toThrow(
      expect.objectContaining({ code: 'ERR_DHCP_OPTION' }),
    )
  })
})
