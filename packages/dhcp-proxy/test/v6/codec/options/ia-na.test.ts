import { expect, it } from 'vitest'

import {
  decodeIaAddress,
  decodeIaNa,
  decodeStatusCode,
  encodeIaNa,
  encodeStatusCode,
  valueOf,
} from '../../../../src/v6/codec/index.ts'
import { hex } from '../../../support/packets.ts'

const BYTES = hex(`0badcafe 00000708 00000c4e
  0005 0018 fd660000000000000000000000000123 00000e10 00001c20`)

it('reads the address that a server gives', () => {
  const ia = decodeIaNa(BYTES)!
  expect(ia).toMatchObject({ iaid: 0x0badcafe, t1Seconds: 1800, t2Seconds: 3150 })
  expect(decodeIaAddress(valueOf(ia.options, 5)!)).toEqual({
    address: 'fd66::123',
    preferredSeconds: 3600,
    validSeconds: 7200,
    options: [],
  })
  expect(encodeIaNa(ia)).toEqual(BYTES)
})

it('reads that a server gives none', () => {
  const message = 'no addresses'
  const status = encodeStatusCode({ code: 2, message })
  const bytes = encodeIaNa({
    iaid: 1,
    t1Seconds: 0,
    t2Seconds: 0,
    options: [{ code: 13, value: status }],
  })
  expect(bytes).toEqual(
    hex(`00000001 00000000 00000000 000d 000e 0002 ${Buffer.from(message).toString('hex')}`),
  )
  expect(decodeStatusCode(valueOf(decodeIaNa(bytes)!.options, 13)!)).toEqual({ code: 2, message })
})

it('eleven bytes are none', () => expect(decodeIaNa(new Uint8Array(11))).toBeUndefined())

it('refuses options that leave it', () =>
  expect(() => decodeIaNa(hex('00000001 00000000 00000000 000d 0001'))).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_MALFORMED' }),
  ))

it('refuses an IAID of more than 32 bits', () =>
  expect(() => encodeIaNa({ iaid: 2 ** 32, t1Seconds: 0, t2Seconds: 0, options: [] })).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_FIELD' }),
  ))
