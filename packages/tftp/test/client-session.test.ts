import { describe, expect, it } from 'vitest'

import { decode, encode, ErrorCode, Opcode, type Packet } from '../src/codec/index.ts'
import { ClientSession } from '../src/session/client-session.ts'
import type { Negotiated } from '../src/session/negotiate.ts'

const SERVER = { address: '192.0.2.1', port: 69 }
/** Where answers come from; a server takes another port for each request. */
const from = (port: number) => ({ address: SERVER.address, port })

const REFUSAL = encode({ opcode: Opcode.ERROR, code: ErrorCode.OPTION_REFUSED, message: 'no' })

/** A client that asks for everything, with what it sent and what was agreed. */
const asking = () => {
  const sent: { readonly packet: Packet; readonly port: number }[] = []
  const agreed: Negotiated[] = []
  const session = new ClientSession({
    request: { opcode: Opcode.RRQ, filename: 'file', mode: 'octet' },
    requested: { blockSize: 1468, windowSize: 16, timeoutSeconds: 2, tsize: 0 },
    server: SERVER,
    rto: {},
    retries: 3,
    send: (datagram, to) => sent.push({ packet: decode(datagram), port: to.port }),
    begin: (negotiated) => {
      agreed.push(negotiated)
      return {
        deadline: Infinity,
        end: undefined,
        bytes: 0,
        blocks: 0,
        resends: 0,
        isStored: false,
        allButConfirmed: false,
        start: () => {},
        receive: () => {},
        onLoss: () => {},
        onTime: () => {},
        stop: () => {},
      }
    },
  })
  session.start(0)
  return { session, sent, agreed }
}

describe('a client whose options are refused (RFC 2347)', () => {
  it('asks again without options, and takes a plain answer', () => {
    const { session, sent, agreed } = asking()
    session.receive(REFUSAL, 10, from(1000))
    expect(sent.map(({ packet, port }) => [port, 'options' in packet && packet.options])).toEqual([
      [69, { blksize: '1468', timeout: '2', tsize: '0', windowsize: '16' }],
      [69, {}],
    ])
    expect(session.end).toBeUndefined()
    session.receive(encode({ opcode: Opcode.DATA, block: 1, data: Buffer.of(1) }), 20, from(1001))
    expect(session.peer).toEqual(from(1001))
    expect(agreed).toEqual([
      {
        blockSize: 512,
        windowSize: 1,
        timeoutMs: undefined,
        announcedBytes: undefined,
        options: {},
      },
    ])
  })

  it('ignores a copy of the refusal, and ends with the second one', () => {
    const { session, sent } = asking()
    session.receive(REFUSAL, 10, from(1000))
    session.receive(REFUSAL, 11, from(1000))
    expect(session.end).toBeUndefined()
    session.receive(REFUSAL, 20, from(1001))
    expect(session.end).toEqual({ outcome: 'denied', code: 8, message: 'no' })
    expect(sent).toHaveLength(2)
  })

  it('ends with any other refusal at once', () => {
    const { session, sent } = asking()
    session.receive(encode({ opcode: Opcode.ERROR, code: 1, message: 'none' }), 10, from(1000))
    expect(session.end).toEqual({ outcome: 'denied', code: 1, message: 'none' })
    expect(sent).toHaveLength(1)
  })
})

describe('a client whose server grants what was not asked', () => {
  it('tells it with ERROR 8, and asks again without options', () => {
    const { session, sent, agreed } = asking()
    session.receive(encode({ opcode: Opcode.OACK, options: { blksize: '9000' } }), 10, from(1000))
    expect(sent.slice(1)).toEqual([
      {
        packet: { opcode: Opcode.ERROR, code: 8, message: 'blksize 9000 is out of range' },
        port: 1000,
      },
      { packet: expect.objectContaining({ opcode: Opcode.RRQ, options: {} }), port: 69 },
    ])
    session.receive(encode({ opcode: Opcode.OACK, options: { blksize: '512' } }), 20, from(1001))
    expect(session.end).toMatchObject({ outcome: 'failed', message: 'nothing was requested' })
    expect(agreed).toEqual([])
  })
})
