import { buildReply, readRequest } from '@bootwire/dhcp-proxy'
import { decodePacket } from '@bootwire/dhcp-proxy/codec'

import type { Decisions } from '../boot/decisions.ts'

export interface ExplainedPacket {
  /** The reply's bytes in hexadecimal, from the same functions as the real one; absent where none would be sent. */
  readonly reply?: string
  readonly to?: { readonly address: string; readonly port: number }
  readonly bootFile?: string
  readonly why: string
  readonly reasons: readonly {
    readonly rule: string
    readonly matched: boolean
    readonly why: string
  }[]
}

/** What one DHCP packet, given in hexadecimal, would be answered. */
export const explainPacket = (
  decisions: Decisions,
  hex: string,
  port: 67 | 4011,
  source: { readonly address: string; readonly port: number },
  interfaceName: string,
): ExplainedPacket => {
  const packet = decodePacket(Buffer.from(hex, 'hex'))
  const localAddress = decisions.offered.server.address
  const read = readRequest(packet, { port, source, interface: interfaceName, localAddress })
  if ('drop' in read) return { why: `${read.drop.reason}: ${read.drop.detail}`, reasons: [] }
  const decision = decisions.dhcp(read.request)
  const reasons = decision.reasons ?? []
  const why = reasons.at(-1)?.why ?? ''
  if (decision.action === 'ignore') return { why, reasons }
  const reply = buildReply(read.request, decision)
  if (!reply) return { why: 'it chose a menu item that there is not', reasons }
  return {
    reply: Buffer.from(reply.bytes).toString('hex'),
    to: { address: reply.to.address, port: reply.to.port },
    ...(reply.bootFile !== undefined && { bootFile: reply.bootFile }),
    why,
    reasons,
  }
}
