import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { decodePacket, encodePacket, OptionCode } from '../../src/codec/index.ts'
import { viewOf, viewPacket } from '../../src/codec/view.ts'
import { clientPacket, hex, ipxePacket } from '../support/packets.ts'

const NOTED = [43, 50, 53, 54, 57, 60, 61, 77, 82, 93, 94, 97, 175] as const

/** What the decoder says of a packet; undefined where it is malformed. */
const byDecoder = (bytes: Uint8Array) => {
  try {
    const packet = decodePacket(bytes)
    const options = NOTED.map((code) => {
      const value = packet.options.get(code)
      return value && Uint8Array.from(value)
    })
    const { op, htype, hlen, hops, xid } = packet
    return { options, header: [op, htype, hlen, hops, xid], packet }
  } catch {
    return undefined
  }
}

/** What a view says of it. */
const byView = (bytes: Uint8Array) => {
  const view = viewPacket(bytes)
  if (!view) return undefined
  const { op, htype, hlen, hops, xid, packet } = view
  const options = NOTED.map((code) => view.option(code))
  return { options, header: [op, htype, hlen, hops, xid], packet }
}

const withOptions = (options: string, header: Partial<Parameters<typeof encodePacket>[0]> = {}) => {
  const head = encodePacket(clientPacket(header, {})).slice(0, 240)
  return Uint8Array.from([...head, ...hex(options)])
}

describe('a view', () => {
  it('of packets of real clients says what the decoder says', () => {
    const bytes = encodePacket(ipxePacket())
    expect(byView(bytes)).toEqual(byDecoder(bytes))
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
  ])('%s too', (_name, options) => {
    expect(byView(withOptions(options))).toEqual(byDecoder(withOptions(options)))
  })

  it('of any bytes behind a header too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (random) => {
        const bytes = withOptions(Buffer.from(random).toString('hex'))
        expect(byView(bytes)).toEqual(byDecoder(bytes))
      }),
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
