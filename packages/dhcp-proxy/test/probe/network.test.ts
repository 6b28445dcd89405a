import { describe, expect, it } from 'vitest'

import type { Datagram } from '../../src/clients/index.ts'
import { addressAt, readReply, u16, writePacket } from '../../src/clients/wire.ts'
import { openProbeNetwork } from '../../src/probe/network.ts'
import type { UdpOptions, UdpTransport } from '../../src/server/udp.ts'

interface Sent {
  readonly at: string
  readonly bytes: Uint8Array
  readonly to: { readonly address: string; readonly port: number }
}

/** Sockets that answer each datagram with one made of it, as heard by the socket that hears broadcasts. */
const echoing = (reply: (bytes: Uint8Array) => readonly Uint8Array[]) => {
  const opened: UdpOptions[] = []
  const sent: Sent[] = []
  const transport: UdpTransport = {
    open: async (options) => {
      opened.push(options)
      return {
        address: options.address,
        port: options.port,
        send: (bytes, to, done) => {
          sent.push({ at: `${options.address}:${options.port}`, bytes, to })
          done(null)
          for (const answer of reply(bytes))
            opened[0]!.onMessage(answer, { address: '192.0.2.1', port: 67 })
        },
        close: async () => {},
      }
    },
  }
  return { transport, sent, opened }
}

const chaddr = Uint8Array.from({ length: 16 }, (_, i) => i)
const question = (fromPort: number, to: { address: string; port: number }): Datagram => ({
  from: { address: '0.0.0.0', port: fromPort },
  to,
  payload: writePacket({ xid: 7, chaddr, ciaddr: '192.0.2.100', options: [[53, [1]]] }),
})
const answer = (xid: number): Uint8Array =>
  writePacket({ op: 2, xid, chaddr, options: [[53, [2]]] })
const TIMES = { offersMs: 1, bootServerMs: 1 }

describe('the sockets of a probe', () => {
  it('ask for broadcasts, from the address chosen, and hear only answers to the question', async () => {
    const { transport, sent } = echoing(() => [answer(7), answer(8), Uint8Array.of(2)])
    const network = await openProbeNetwork('192.0.2.10', TIMES, transport)
    const heard = await network.exchange(
      question(68, { address: '255.255.255.255', port: 67 }),
      'discover',
    )
    expect(sent).toMatchObject([
      { at: '192.0.2.10:68', to: { address: '255.255.255.255', port: 67 } },
    ])
    expect(u16(sent[0]!.bytes, 10)).toBe(0x8000)
    expect(heard.map(({ datagram }) => readReply(datagram.payload)!.xid)).toEqual([7])
    await network.close()
  })

  it('ask a boot server from the port that the client has, in the name of this host', async () => {
    const { transport, sent } = echoing(() => [])
    const network = await openProbeNetwork('192.0.2.10', TIMES, transport)
    await network.exchange(question(4011, { address: '192.0.2.2', port: 4011 }), 'boot-server')
    expect(sent).toMatchObject([{ at: '192.0.2.10:0', to: { address: '192.0.2.2', port: 4011 } }])
    expect(addressAt(sent[0]!.bytes, 12)).toBe('192.0.2.10')
    await network.close()
  })

  it('close what they had opened when one cannot be', async () => {
    const closed: number[] = []
    const transport: UdpTransport = {
      open: async ({ address, port }) => {
        if (port === 0) throw Object.assign(new Error('taken'), { code: 'EADDRINUSE' })
        return { address, port, send: () => {}, close: async () => void closed.push(port) }
      },
    }
    await expect(openProbeNetwork('192.0.2.10', TIMES, transport)).rejects.toMatchObject({
      code: 'ERR_DHCP_LISTEN',
      message: expect.stringContaining('cannot use UDP port 0: another program holds it'),
    })
    expect(closed).toEqual([68, 68])
  })
})
