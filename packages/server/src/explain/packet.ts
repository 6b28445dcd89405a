import { buildReply, readRequest } from '@bootwire/dhcp-proxy'

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
  const localAddress = decisions.offered.server.address
  const read = readRequest(Buffer.from(hex, 'hex'), {
    port,
    peer: source,
    interface: interfaceName,
    localAddress,
  })
  if (!read.ok) return { why: `${read.drop.reason}: ${read.drop.detail}`, reasons: [] }
  const decision = decisions.dhcp(read.value)
  const reasons = decision.reasons ?? []
  const why = reasons.at(-1)?.why ?? ''
  if (decision.action === 'ignore') return { why, reasons }
  const reply = buildReply(read.value, decision)
  if (!reply) return { why: 'it chose a menu item that there is not', reasons }
  return {
    reply: Buffer.from(reply.bytes).toString('hex'),
    to: { address: reply.to.address, port: reply.to.port },
    ...(reply.file !== undefined && { bootFile: reply.file }),
    why,
    reasons,
  }
}
