import { channel, type Channel } from 'node:diagnostics_channel'

import { hexOf } from '../codec/text.ts'
import type { Reason } from '../decide/decision.ts'
import type { DropReason } from '../decide/drop.ts'
import type { Firmware } from '../decide/firmware.ts'
import type { BootRequest } from '../decide/request.ts'
import type { Notice } from '../session/notices.ts'

/** In every record. Records are plain and survive JSON. */
export interface ChannelRecord {
  readonly timeMs: number
  /** Id of the server instance. */
  readonly server: string
  /** Number of the packet that began this exchange, counted by this server instance. */
  readonly exchange: number
  readonly interface: string
  readonly port: 67 | 4011
  readonly mac?: string
  readonly hardwareAddress?: string
  readonly xid?: number
}

/** `bootwire:dhcp:packet`: every datagram. */
export interface PacketRecord extends ChannelRecord {
  readonly source: { readonly address: string; readonly port: number }
  readonly bytes: number
  /** One line for people; absent where the datagram is no DHCP packet. */
  readonly summary?: string
}

/** A request's facts without its packet. */
export type RequestFacts = Omit<BootRequest, 'packet' | 'ipxe'> & {
  readonly ipxe?: Omit<NonNullable<BootRequest['ipxe']>, 'options'> & {
    /** Sub-options by code, as hex. */
    readonly options: Readonly<Record<string, string>>
  }
}

/** `bootwire:dhcp:decision`: what `decide`, or the fallback, said. */
export interface DecisionRecord extends ChannelRecord {
  readonly request: RequestFacts
  readonly firmware: Firmware
  readonly action: 'boot' | 'ignore'
  readonly bootFile?: string
  readonly reasons: readonly Reason[]
  /** `cached`: an earlier decision serves a retransmission. `fallback`: the deadline passed. */
  readonly by: 'decide' | 'cached' | 'fallback'
  readonly tookMs: number
  readonly context?: unknown
}

/** `bootwire:dhcp:reply`: what was sent. */
export interface ReplyRecord extends ChannelRecord {
  readonly type: 'offer' | 'ack'
  readonly firmware: Firmware
  readonly profile: string
  readonly bootFile?: string
  readonly nextServer: string
  readonly to: { readonly address: string; readonly port: number }
  readonly bytes: number
  /** Milliseconds from the datagram to the reply. */
  readonly tookMs: number
  readonly context?: unknown
}

/** `bootwire:dhcp:drop`: a datagram that got no reply, and why. */
export interface DropRecord extends ChannelRecord {
  readonly reason: DropReason
  readonly detail: string
  readonly context?: unknown
}

/** `bootwire:dhcp:address`: which address a machine uses or asks for. */
export interface AddressRecord extends Omit<ChannelRecord, 'exchange' | 'xid' | 'hardwareAddress'> {
  readonly mac: string
  readonly address: string
  /** `used`: it sent from there; `requested`: it asked the main DHCP server for it. */
  readonly from: 'used' | 'requested'
}

/** `bootwire:dhcp:notice`: what stands in the way of a boot, once for each subject. */
export interface NoticeRecord extends Notice {
  readonly timeMs: number
  readonly server: string
  readonly interface: string
}

export const CHANNELS = {
  packet: 'bootwire:dhcp:packet',
  decision: 'bootwire:dhcp:decision',
  reply: 'bootwire:dhcp:reply',
  drop: 'bootwire:dhcp:drop',
  address: 'bootwire:dhcp:address',
  notice: 'bootwire:dhcp:notice',
} as const

export const packetChannel: Channel = channel(CHANNELS.packet)
export const decisionChannel: Channel = channel(CHANNELS.decision)
export const replyChannel: Channel = channel(CHANNELS.reply)
export const dropChannel: Channel = channel(CHANNELS.drop)
export const addressChannel: Channel = channel(CHANNELS.address)
export const noticeChannel: Channel = channel(CHANNELS.notice)

/** A request as plain data. */
export function requestFacts(request: BootRequest): RequestFacts {
  const { packet: _packet, ipxe, ...facts } = request
  if (!ipxe) return facts
  const options = Object.fromEntries(
    [...ipxe.options].map(([code, value]) => [`${code}`, hexOf(value)]),
  )
  return { ...facts, ipxe: { ...ipxe, options } }
}
