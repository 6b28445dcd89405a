import { expect, it } from 'vitest'

import { decodeDnsServers, encodeDnsServers } from '../../../../src/v6/codec/index.ts'
import { hex } from '../../../support/packets.ts'

it('is a list of addresses (RFC 3646 section 3)', () => {
  const bytes = hex('fd660000000000000000000000000053 20010db8000000000000000000000001')
  expect(decodeDnsServers(bytes)).toEqual(['fd66::53', '2001:db8::1'])
  expect(encodeDnsServers(['fd66::53', '2001:db8::1'])).toEqual(bytes)
})

it('17 bytes are none', () => expect(decodeDnsServers(new Uint8Array(17))).toBeUndefined())

it('refuses a name', () =>
  expect(() => encodeDnsServers(['dns.example'])).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_FIELD' }),
  ))
