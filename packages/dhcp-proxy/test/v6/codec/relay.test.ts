import { expect, it } from 'vitest'

import {
  decodeLinkLayerAddress,
  decodeMessage6,
  decodeRelayed,
  encodeMessage6,
  encodeRelayed,
  valueOf,
  type ClientServerMessage,
  type RelayMessage,
} from '../../../src/v6/codec/index.ts'
import { hex } from '../../support/packets.ts'
import { shown, vector6 } from '../../support/vectors6.ts'

const SOLICIT = '01 a1b2c3 0008 0002 0000'
// RFC 8415 section 19.1.2: relay agent A heard the client, B heard A. The relay agent next to the client adds 79 (RFC 6939).
const FROM_A = `0c 00 fd660000000000000000000000000001 fe80000000000000505400fffe660001
  0012 0004 74617030  004f 0008 0001 525400660001  0009 000a ${SOLICIT}`
const FROM_B = `0c 01 00000000000000000000000000000000 fd770000000000000000000000000001
  0009 0044 ${FROM_A}`

it('unwraps what came through two relay agents, the nearest first', () => {
  const { message, relays } = decodeRelayed(hex(FROM_B))
  expect({ ...message, options: shown(message.options) }).toEqual({
    type: 1,
    xid: 0xa1b2c3,
    options: [[8, '0000']],
  })
  expect(
    relays.map(({ hopCount, linkAddress, peerAddress }) => [hopCount, linkAddress, peerAddress]),
  ).toEqual([
    [1, '::', 'fd77::1'],
    [0, 'fd66::1', 'fe80::5054:ff:fe66:1'],
  ])
})

it('reads the MAC that a real relay agent saw (dnsmasq, option 79)', () => {
  const { message, relays } = decodeRelayed(vector6('dnsmasq-relay-forw'))
  expect(encodeMessage6(message)).toEqual(vector6('ovmf-pxe-solicit'))
  expect(relays).toHaveLength(1)
  expect(relays[0]).toMatchObject({
    hopCount: 0,
    linkAddress: 'fd66::1',
    peerAddress: 'fe80::5054:ff:fe66:1',
  })
  const address = valueOf(relays[0]!.options, 79)!
  expect(decodeLinkLayerAddress(address)).toEqual({ hardwareType: 1, address: '52:54:00:66:00:01' })
})

it('wraps an answer byte for byte as dnsmasq does', () => {
  const { relays } = decodeRelayed(vector6('dnsmasq-relay-forw'))
  const { message } = decodeRelayed(vector6('dnsmasq-advertise'))
  expect(encodeRelayed({ message, relays })).toEqual(vector6('dnsmasq-relay-repl'))
})

it('takes a message that no relay agent touched', () => {
  expect(decodeRelayed(hex(SOLICIT))).toMatchObject({ message: { type: 1 }, relays: [] })
})

it('wraps an answer for the same way back, with the interface id where there was one', () => {
  const { relays } = decodeRelayed(hex(FROM_B))
  const message: ClientServerMessage = {
    type: 2,
    xid: 0xa1b2c3,
    options: [{ code: 7, value: hex('00') }],
  }
  const bytes = encodeRelayed({ message, relays })
  expect(bytes).toEqual(
    hex(`0d 01 00000000000000000000000000000000 fd770000000000000000000000000001
      0009 0037
        0d 00 fd660000000000000000000000000001 fe80000000000000505400fffe660001
        0012 0004 74617030  0009 0009 02 a1b2c3 0007 0001 00`),
  )
  expect(decodeRelayed(bytes).message.type).toBe(2)
  expect(encodeRelayed({ message, relays: [] })).toEqual(hex('02 a1b2c3 0007 0001 00'))
})

/** A message inside so many relay agents. */
const nested = (depth: number): Uint8Array => {
  const { message, relays } = decodeRelayed(hex(FROM_A))
  const many = Array.from({ length: depth }, (): RelayMessage => relays[0]!)
  return encodeRelayed({ message, relays: many })
}

it('follows eight relay agents, as RFC 8415 allows, and no ninth', () => {
  expect(decodeRelayed(nested(8)).relays).toHaveLength(8)
  expect(() => decodeRelayed(nested(9))).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_MALFORMED' }),
  )
})

it.each([
  ['no message', `0c 00 ${'00'.repeat(32)} 0012 0001 41`],
  ['half a message', `0c 00 ${'00'.repeat(32)} 0009 0002 01a1`],
])('refuses a relay agent with %s', (_name, bytes) => {
  expect(() => decodeRelayed(hex(bytes))).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_MALFORMED' }),
  )
  expect(decodeMessage6(hex(bytes)).type).toBe(12)
})
