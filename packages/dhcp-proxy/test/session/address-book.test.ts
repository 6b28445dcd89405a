import { expect, it } from 'vitest'

import { viewOf } from '../../src/codec/view.ts'
import { AddressBook, readHeardAddress } from '../../src/session/address-book.ts'
import { MAC, clientPacket, hex } from '../support/packets.ts'

const HOUR_MS = 3_600_000

it.each([
  [
    'a client that has an address',
    clientPacket({ ciaddr: '10.0.0.5' }),
    { mac: MAC, address: '10.0.0.5', from: 'used' },
  ],
  [
    'a REQUEST for one',
    clientPacket({}, { 53: hex('03'), 50: hex('0a000006') }),
    { mac: MAC, address: '10.0.0.6', from: 'requested' },
  ],
  ['a DISCOVER that would like one', clientPacket({}, { 50: hex('0a000006') }), undefined],
  ['a REQUEST without', clientPacket({}, { 53: hex('03') }), undefined],
  ['a server', clientPacket({ op: 2, ciaddr: '10.0.0.5' }), undefined],
  ['other hardware', clientPacket({ htype: 32, ciaddr: '10.0.0.5' }), undefined],
])('hears %s', (_name, packet, heard) => expect(readHeardAddress(viewOf(packet))).toEqual(heard))

it('knows machines and addresses both ways, for an hour', () => {
  const book = new AddressBook()
  const heard = { mac: MAC, address: '10.0.0.5', from: 'used' } as const
  expect([book.learn(heard, 0), book.learn(heard, 1)]).toEqual([true, false])
  expect([book.addressOf(MAC, 2), book.macOf('10.0.0.5', 2)]).toEqual(['10.0.0.5', MAC])
  expect([book.addressOf(MAC, HOUR_MS + 2), book.macOf('10.0.0.5', HOUR_MS + 2)]).toEqual([
    undefined,
    undefined,
  ])
})

it('takes news as news: another address, or the address on another machine', () => {
  const book = new AddressBook()
  book.learn({ mac: 'a', address: '10.0.0.5', from: 'used' }, 0)
  expect(book.learn({ mac: 'b', address: '10.0.0.5', from: 'used' }, 1)).toBe(true)
  expect(book.macOf('10.0.0.5', 2)).toBe('b')
  expect(book.learn({ mac: 'a', address: '10.0.0.5', from: 'used' }, 3)).toBe(true)
})
