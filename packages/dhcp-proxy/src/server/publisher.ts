import type { DhcpPacket } from '../codec/packet.ts'
import { summary } from '../codec/summary.ts'
import type { BootDecision } from '../decide/decision.ts'
import type { Drop } from '../decide/drop.ts'
import type { Reply } from '../decide/reply.ts'
import { hardwareOf, type BootRequest } from '../decide/request.ts'
import { log } from '../log.ts'
import type { HeardAddress } from '../session/address-book.ts'
import type { Notice } from '../session/notices.ts'
import {
  addressChannel,
  decisionChannel,
  dropChannel,
  noticeChannel,
  packetChannel,
  replyChannel,
  requestFacts,
  type AddressRecord,
  type ChannelRecord,
  type DecisionRecord,
  type DropRecord,
  type NoticeRecord,
  type PacketRecord,
  type ReplyRecord,
} from './channels.ts'
import type { Clock } from './clock.ts'
import type { Served } from './interfaces.ts'

/** One datagram on its way through the server. */
export interface Exchange {
  readonly id: number
  readonly served: Served
  readonly port: 67 | 4011
  readonly startedMs: number
  /** Absent where the datagram could not be decoded. */
  packet?: DhcpPacket
}

/** Writes the records of one server. What nobody subscribed to costs nothing. */
export class Publisher {
  readonly #server: string
  readonly #clock: Clock

  constructor(server: string, clock: Clock) {
    this.#server = server
    this.#clock = clock
  }

  packet(exchange: Exchange, source: PacketRecord['source'], bytes: number): void {
    if (!packetChannel.hasSubscribers) return
    const { packet } = exchange
    const record: PacketRecord = {
      ...this.#recordOf(exchange, exchange.startedMs),
      source,
      bytes,
      ...(packet && { summary: summary(packet) }),
    }
    packetChannel.publish(record)
  }

  decision(
    exchange: Exchange,
    request: BootRequest,
    decision: BootDecision,
    by: DecisionRecord['by'],
  ): void {
    if (!decisionChannel.hasSubscribers) return
    const nowMs = this.#clock.now()
    const { action, reasons = [], context } = decision
    const record: DecisionRecord = {
      ...this.#recordOf(exchange, nowMs),
      request: requestFacts(request),
      firmware: request.firmware,
      action,
      ...(decision.action === 'boot' &&
        decision.bootFile !== undefined && { bootFile: decision.bootFile }),
      reasons,
      by,
      tookMs: nowMs - exchange.startedMs,
      ...(context !== undefined && { context }),
    }
    decisionChannel.publish(record)
  }

  reply(exchange: Exchange, { firmware }: BootRequest, reply: Reply, context: unknown): void {
    if (!replyChannel.hasSubscribers) return
    const nowMs = this.#clock.now()
    const { type, profile, bootFile, nextServer, to, bytes } = reply
    const record: ReplyRecord = {
      ...this.#recordOf(exchange, nowMs),
      type,
      firmware,
      profile,
      ...(bootFile !== undefined && { bootFile }),
      nextServer,
      to,
      bytes: bytes.length,
      tookMs: nowMs - exchange.startedMs,
      ...(context !== undefined && { context }),
    }
    replyChannel.publish(record)
  }

  drop(exchange: Exchange, { reason, detail }: Drop, context?: unknown): void {
    if (!dropChannel.hasSubscribers) return
    const record: DropRecord = {
      ...this.#recordOf(exchange, this.#clock.now()),
      reason,
      detail,
      ...(context !== undefined && { context }),
    }
    dropChannel.publish(record)
  }

  address({ served, port, startedMs }: Exchange, heard: HeardAddress): void {
    const record: AddressRecord = {
      timeMs: startedMs,
      server: this.#server,
      interface: served.interface,
      port,
      ...heard,
    }
    addressChannel.publish(record)
  }

  notice(notice: Notice, interfaceName: string): void {
    log('%s', notice.message)
    const record: NoticeRecord = {
      timeMs: this.#clock.now(),
      server: this.#server,
      interface: interfaceName,
      ...notice,
    }
    noticeChannel.publish(record)
  }

  #recordOf({ id, served, port, packet }: Exchange, timeMs: number): ChannelRecord {
    return {
      timeMs,
      server: this.#server,
      exchange: id,
      interface: served.interface,
      port,
      ...(packet && { ...hardwareOf(packet), xid: packet.xid }),
    }
  }
}
