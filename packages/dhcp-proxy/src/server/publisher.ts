import { decodeClientId } from '../codec/options/client-id.ts'
import { OptionCode } from '../codec/packet.ts'
import { summary } from '../codec/summary.ts'
import type { PacketView } from '../codec/view.ts'
import type { BootDecision } from '../decide/decision.ts'
import type { Drop } from '../decide/drop.ts'
import type { Reply } from '../decide/reply.ts'
import { hardwareOf, type BootRequest } from '../decide/request.ts'
import type { Endpoint, Service } from '../endpoint.ts'
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
import { DropCounter } from './drop-counter.ts'
import type { Served } from './interfaces.ts'

/** One datagram on its way through the server. */
export interface Exchange {
  readonly id: number
  readonly served: Served
  readonly port: Service
  readonly peer: Endpoint
  readonly startedMs: number
  /** Absent where the datagram is malformed. */
  view?: PacketView
}

const plain = ({ address, port }: Endpoint): Endpoint => ({ address, port })

/** Which machine sent it. */
const senderOf = (view: PacketView): Partial<ChannelRecord> => {
  const hardware = hardwareOf(view.packet)
  const clientId = hardware.hardwareAddress === '' ? view.option(OptionCode.CLIENT_ID) : undefined
  return {
    ...hardware,
    ...(clientId && { clientId: decodeClientId(clientId) }),
    xid: view.xid,
  }
}

/** What a decision adds to a record. */
const decided = ({ reasons = [], context }: BootDecision) => ({
  reasons,
  ...(context !== undefined && { context }),
})

/** Writes the records of one server. What nobody subscribed to costs nothing. */
export class Publisher {
  readonly #instance: string
  readonly #clock: Clock
  readonly #drops: DropCounter

  constructor(instance: string, clock: Clock) {
    this.#instance = instance
    this.#clock = clock
    this.#drops = new DropCounter(clock)
  }

  /** Publishes what was only counted so far. */
  close(): void {
    this.#drops.close()
  }

  packet(exchange: Exchange, bytes: number): void {
    if (!packetChannel.hasSubscribers) return
    const { view, peer, startedMs } = exchange
    const record: PacketRecord = {
      ...this.#recordOf(exchange, startedMs),
      peer: plain(peer),
      bytes,
      ...(view && { summary: summary(view.packet) }),
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
    const record: DecisionRecord = {
      ...this.#recordOf(exchange, nowMs),
      request: requestFacts(request),
      firmware: request.firmware,
      action: decision.action,
      ...(decision.action === 'boot' && decision.file !== undefined && { file: decision.file }),
      ...decided(decision),
      by,
      durationMs: nowMs - exchange.startedMs,
    }
    decisionChannel.publish(record)
  }

  reply(exchange: Exchange, request: BootRequest, reply: Reply, decision: BootDecision): void {
    if (!replyChannel.hasSubscribers) return
    const nowMs = this.#clock.now()
    const { type, layout, file, nextServer, to, bytes } = reply
    const record: ReplyRecord = {
      ...this.#recordOf(exchange, nowMs),
      type,
      firmware: request.firmware,
      layout,
      ...(file !== undefined && { file }),
      nextServer,
      to: plain(to),
      bytes: bytes.length,
      durationMs: nowMs - exchange.startedMs,
      ...decided(decision),
    }
    replyChannel.publish(record)
  }

  drop(exchange: Exchange, { reason, detail, context }: Drop, decision?: BootDecision): void {
    if (!dropChannel.hasSubscribers) return
    this.#drops.count(reason, (count) => {
      const record: DropRecord = {
        ...this.#recordOf(exchange, this.#clock.now()),
        reason,
        detail,
        ...(count > 1 && { count }),
        ...(context !== undefined && { context }),
        ...(decision && decided(decision)),
      }
      dropChannel.publish(record)
    })
  }

  address({ served, port, startedMs }: Exchange, heard: HeardAddress): void {
    const record: AddressRecord = {
      timeMs: startedMs,
      instance: this.#instance,
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
      instance: this.#instance,
      interface: interfaceName,
      ...notice,
    }
    noticeChannel.publish(record)
  }

  #recordOf({ id, served, port, view }: Exchange, timeMs: number): ChannelRecord {
    return {
      timeMs,
      instance: this.#instance,
      exchange: id,
      interface: served.interface,
      port,
      ...(view && senderOf(view)),
    }
  }
}
