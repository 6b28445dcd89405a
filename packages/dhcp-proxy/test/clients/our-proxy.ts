import type { Answer, VirtualServer } from '../../src/clients/index.ts'
import { decodePacket } from '../../src/codec/index.ts'
import { buildReply, readRequest, type BootAnswer } from '../../src/index.ts'

export const PROXY = '192.0.2.2'

/** This package's own decision and reply as a server of the virtual network, without its adapter. */
export const ourProxy = (
  decision: BootAnswer,
  change: (payload: Uint8Array, port: number) => Uint8Array = (payload) => payload,
): VirtualServer => ({
  address: PROXY,
  answer({ from, to, payload }): readonly Answer[] {
    if (to.port !== 67 && to.port !== 4011) return []
    const arrival = {
      port: to.port,
      peer: from,
      interface: 'virtual0',
      localAddress: PROXY,
    } as const
    const read = readRequest(decodePacket(payload), arrival)
    if (!read.ok) return []
    const reply = buildReply(read.value, decision)
    if (!reply) return []
    return [
      {
        from: { address: PROXY, port: reply.fromPort },
        to: reply.to,
        payload: change(reply.bytes, reply.fromPort),
        delayMs: reply.delayMs,
      },
    ]
  },
})
