import { describe, expect, it } from 'vitest'

import { CLIENT_KINDS } from '../../src/clients/index.ts'
import { decodePacket, encodePacket } from '../../src/codec/index.ts'
import { findBlockers } from '../../src/probe/blockers.ts'
import { customise } from '../../src/probe/customise.ts'
import { clientPacket, hex } from '../support/packets.ts'

const packet = encodePacket(clientPacket())

describe('a customised packet', () => {
  it('has other options in place of its own, and new ones', () => {
    const { options } = decodePacket(
      customise(packet, [
        [60, Uint8Array.from(Buffer.from('ACME'))],
        [224, hex('0102')],
      ]),
    )
    expect(options.get(60)).toEqual(Uint8Array.from(Buffer.from('ACME')))
    expect(options.get(224)).toEqual(hex('0102'))
    expect(options.get(93)).toEqual(hex('0000'))
  })

  it('leaves out what has no value', () => {
    expect(decodePacket(customise(packet, [[93, hex('')]])).options.has(93)).toBe(false)
  })

  it('is the same where nothing is asked for', () => expect(customise(packet, [])).toBe(packet))
})

describe('a main server that sends option 60', () => {
  const offers = [
    {
      from: '10.0.0.1',
      afterMs: 1,
      kind: 'address',
      vendorClass: 'PXEClient',
      options: [60],
    },
    {
      from: '10.0.0.2',
      afterMs: 1,
      kind: 'proxy',
      vendorClass: 'HTTPClient',
      options: [60],
    },
  ] as const

  it.each([
    ['PXEClient:Arch:00007:UNDI:003000', ['ECHOED_VENDOR_CLASS']],
    ['HTTPClient:Arch:00016:UNDI:003000', []],
    ['U-Boot.armv8', []],
  ])('stands in the way of %s: %j', (clientClass, codes) => {
    expect(findBlockers(offers, clientClass).map(({ code }) => code)).toEqual(codes)
  })
})

it('every kind of client is told by words of its own', () => {
  const titles = Object.values(CLIENT_KINDS).map(({ what }) => what)
  expect(new Set(titles).size).toBe(titles.length)
})
