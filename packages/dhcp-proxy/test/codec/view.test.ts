import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { decodePacket, encodePacket, OptionCode } from '../../src/codec/index.ts'
import { viewOf, viewPacket } from '../../src/codec/view.ts'
import { clientPacket, hex, ipxePacket } from '../support/packets.ts'

const NOTED = [43, 50, 53, 54, 57, 60, 61, 77, 82, 93, 94, 97, 175] as const

const decoded = (bytes: Uint8Array) => {
  try {
    return decodePacket(bytes)
  } catch {
    return undefined
  }
}

/** A view says of every packet what the decoder says. */
const agrees = (bytes: Uint8Array): void => {
  const packet = decoded(bytes)
  const view = viewPacket(bytes)
  expect(view === undefined).toBe(packet === undefined)
  if (!view || !packet) return
  for (const code of NOTED) {
    const value = packet.options.get(code)
    expect([code, view.option(code)]).toEqual([code, value && Uint8Array.from(value)])
  }
  expect([view.op, view.htype, view.hlen, view.hops, view.xid]).toEqual([
    packet.op,
    packet.htype,
    packet.hlen,
    packet.hops,
    packet.xid,
  ])
  expect(view.packet).toEqual(packet)
}

const withOptions = (options: string, header: Partial<Parameters<typeof encodePacket>[0]> = {}) => {
  const head = encodePacket(clientPacket(header, {})).slice(0, 240)
  return Uint8Array.from([...head, ...hex(options)])
}

describe('a view', () => {
  it('of packets of real clients says what the decoder says', () => {
    agrees(encodePacket(clientPacket()))
    agrees(encodePacket(ipxePacket()))
  })

  it.each([
    ['without END', '35 01 01'],
    ['with PAD between', '00 00 35 01 01 00 ff'],
    ['cut in a length', '35'],
    ['cut in a value', '35 04 01'],
    ['with a split option', '3c 03 505845 35 01 01 3c 06 436c69656e74 ff'],
    ['with a second message type', '35 01 01 35 01 03 ff'],
    ['with options in file and sname', '35 01 01 34 01 03 ff'],
    ['with an empty option', '3c 00 35 01 01 ff'],
  ])('%s too', (_name, options) => agrees(withOptions(options)))

  it('of any bytes behind a header too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) =>
        agrees(withOptions(Buffer.from(bytes).toString('hex'))),
      ),
      { numRuns: 2000 },
    )
  })

  it('of a packet that was never bytes is the same', () => {
    const packet = ipxePacket({ giaddr: '10.1.0.1', ciaddr: '10.0.0.5' })
    const view = viewOf(packet)
    const real = viewPacket(encodePacket(packet))!
    expect(view.bytes.subarray(0, 44)).toEqual(real.bytes.subarray(0, 44))
    expect(view.option(OptionCode.IPXE)).toEqual(real.option(OptionCode.IPXE))
  })
})
