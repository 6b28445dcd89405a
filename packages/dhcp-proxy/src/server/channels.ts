import { channel, type Channel } from 'node:diagnostics_channel'

import { hexOf } from '../codec/text.ts'
import type { Reason } from '../decide/decision.ts'
import type { DropReason } from '../decide/drop.ts'
import type { Firmware } from '../decide/firmware.ts'
import type { ReplyLayout } from '../decide/layouts.ts'
import type { BootRequest } from '../decide/request.ts'
import type { Endpoint, Service } from '../endpoint.ts'
import type { Notice } from '../session/notices.ts'

/** In every record. Records are plain and survive JSON. */
export interface ChannelRecord {
  readonly timeMs: number
  /** Id of the server instance. */
  readonly instance: string
  /** Number of the packet that began this exchange, counted by this server instance. */
  readonly exchange: number
  readonly interface: string
  readonly port: Service
  readonly mac?: string
  readonly hardwareAddress?: string
  /** Where there is no hardware address (InfiniBand): what tells the machine from others. */
  readonly clientId?: string
  readonly xid?: number
}

/** `bootwire:dhcp:packet`: every datagram. */
export interface PacketRecord extends ChannelRecord {
  readonly peer: Endpoint
  readonly bytes: number
  /** One line for people; absent where the datagram is no DHCP packet. */
  readonly summary?: string
}

/** A request's facts without its packet; those that it does not have are absent. */
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
  readonly file?: string
  readonly reasons: readonly Reason[]
  /** `cached`: an earlier decision serves a retransmission. `fallback`: the deadline passed. */
  readonly by: 'decide' | 'cached' | 'fallback'
  readonly durationMs: number
  readonly context?: unknown
}

/** `bootwire:dhcp:reply`: what was sent. */
export interface ReplyRecord extends ChannelRecord {
  readonly type: 'offer' | 'ack'
  readonly firmware: Firmware
  readonly layout: ReplyLayout
  readonly file?: string
  readonly nextServer: string
  readonly to: Endpoint
  readonly bytes: number
  /** From the datagram to the reply. */
  readonly durationMs: number
  readonly reasons: readonly Reason[]
  readonly context?: unknown
}

/** `bootwire:dhcp:drop`: a datagram that got no reply, and why; or many of them. */
export interface DropRecord extends ChannelRecord {
  readonly reason: DropReason
  readonly detail: string
  /** How many datagrams this record stands for, where they came faster than one can read: then it tells of the last one. */
  readonly count?: number
  /** Of the decision, where there was one. */
  readonly reasons?: readonly Reason[]
  readonly context?: unknown
}

/** `bootwire:dhcp:address`: which address a machine uses or asks for. */
export interface AddressRecord extends Omit<
  ChannelRecord,
  'exchange' | 'xid' | 'hardwareAddress' | 'clientId'
> {
  readonly mac: string
  readonly address: string
  /** `used`: it sent from there; `requested`: it asked the main DHCP server for it. */
  readonly from: 'used' | 'requested'
}

/** `bootwire:dhcp:notice`: what stands in the way of a boot, once for each subject. */
export interface NoticeRecord extends Notice {
  readonly timeMs: number
  readonly instance: string
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

const FACTS: readonly (keyof Omit<RequestFacts, 'ipxe'>)[] = [
  'port',
  'peer',
  'interface',
  'localAddress',
  'type',
  'xid',
  'mac',
  'hardwareAddress',
  'uuid',
  'swappedUuid',
  'sharedUuid',
  'architectures',
  'architecture',
  'firmware',
  'userClasses',
  'vendorClass',
  'clientId',
  'relay',
  'clientAddress',
  'bootItem',
]

/** A request as plain data. */
export const requestFacts = (request: BootRequest): RequestFacts => {
  const entries = FACTS.map((key) => [key, request[key]] as const)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every key of the type, those without a value left out
  const facts = Object.fromEntries(
    entries.filter(([, value]) => value !== undefined),
  ) as unknown as RequestFacts
  const { ipxe, peer } = request
  const plain = { ...facts, peer: { address: peer.address, port: peer.port } }
  if (!ipxe) return plain
  const options = Object.fromEntries(
    [...ipxe.options].map(([code, value]) => [`${code}`, hexOf(value)]),
  )
  return { ...plain, ipxe: { ...ipxe, options } }
}
