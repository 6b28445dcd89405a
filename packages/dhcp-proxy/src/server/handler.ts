import { randomInt } from 'node:crypto'

import { decodePacket } from '../codec/decode.ts'
import type { DhcpPacket } from '../codec/packet.ts'
import { summary } from '../codec/summary.ts'
import type { BootAnswer, BootDecision } from '../decide/decision.ts'
import type { Drop, DropReason } from '../decide/drop.ts'
import { readRequest } from '../decide/intake.ts'
import { buildReply, profileOf, wouldLoop, type Reply } from '../decide/reply.ts'
import type { BootRequest } from '../decide/request.ts'
import { DhcpError } from '../errors.ts'
import { log } from '../log.ts'
import { AddressBook, readHeardAddress } from '../session/address-book.ts'
import { BoundedMap } from '../session/bounded-map.ts'
import { Limiter } from '../session/limiter.ts'
import { Notices, readOtherServer, type Notice } from '../session/notices.ts'
import {
  addressChannel,
  decisionChannel,
  dropChannel,
  noticeChannel,
  packetChannel,
  replyChannel,
  requestFacts,
  type AddressRecord,
  type DecisionRecord,
  type DropRecord,
  type NoticeRecord,
  type PacketRecord,
  type ReplyRecord,
} from './channels.ts'
import { recordOf, type Exchange } from './exchange.ts'
import type { Served } from './interfaces.ts'
import type { Settings } from './options.ts'

/** Retransmissions of one request come within this time: PXE ROMs ask at 4, 8, 16 and 32 s. */
const RETRANSMISSION_MS = 64_000
const MAX_REMEMBERED = 4096
const CLIENT_SLOTS = 65_536
const RELAY_SLOTS = 1024
/** A Pi 3 takes the offer of a proxy only after that of the main DHCP server. */
const RASPBERRY_PI_DELAY_MS = 1000
const MAX_DELAY_MS = 10_000

type Source = { readonly address: string; readonly port: number }
type By = DecisionRecord['by']

const seed = (): number => randomInt(2 ** 31)

const delayOf = (request: BootRequest, answer: BootAnswer): number => {
  const { delayMs } = answer
  if (delayMs !== undefined) return Math.min(Math.max(0, delayMs), MAX_DELAY_MS)
  return request.type === 'discover' && profileOf(request, answer) === 'raspberry-pi'
    ? RASPBERRY_PI_DELAY_MS
    : 0
}

/** Everything that happens to a datagram between the socket it came from and the socket a reply leaves by. */
export class Handler {
  readonly addresses: AddressBook = new AddressBook()
  readonly #settings: Settings
  readonly #notices = new Notices()
  readonly #clients: Limiter
  readonly #relays: Limiter
  readonly #total: Limiter
  /** Decisions by request, `undefined` while one is under way. */
  readonly #decided = new BoundedMap<{ decision?: BootDecision }>(MAX_REMEMBERED, RETRANSMISSION_MS)
  /** What can be called off when the server closes. */
  readonly #pending = new Set<() => void>()
  readonly #ownAddresses: ReadonlySet<string>
  #exchanges = 0
  #closed = false

  constructor(settings: Settings) {
    this.#settings = settings
    const { limits } = settings
    this.#clients = new Limiter(limits.client, CLIENT_SLOTS, seed())
    this.#relays = new Limiter(limits.relay, RELAY_SLOTS, seed())
    this.#total = new Limiter(limits.total, 1, 0)
    this.#ownAddresses = new Set(settings.interfaces.map(({ address }) => address))
  }

  get #nowMs(): number {
    return this.#settings.clock.now()
  }

  onDatagram(bytes: Uint8Array, source: Source, service: 67 | 68 | 4011, served: Served): void {
    if (this.#closed) return
    if (service === 68) this.#hearServer(bytes, source, served)
    else
      this.#receive(bytes, source, {
        id: ++this.#exchanges,
        served,
        port: service,
        startedMs: this.#nowMs,
      })
  }

  notice(notice: Notice, interfaceName: string): void {
    const nowMs = this.#nowMs
    if (!this.#notices.isNew(notice, nowMs)) return
    log('%s', notice.message)
    const record: NoticeRecord = {
      timeMs: nowMs,
      server: this.#settings.id,
      interface: interfaceName,
      ...notice,
    }
    noticeChannel.publish(record)
  }

  reached(mac: string): void {
    this.#notices.reached(mac, this.#nowMs)
  }

  close(): void {
    this.#closed = true
    for (const cancel of this.#pending) cancel()
    this.#pending.clear()
  }

  #receive(bytes: Uint8Array, source: Source, exchange: Exchange): void {
    if (!this.#total.take('', exchange.startedMs)) {
      this.#drop(exchange, undefined, {
        reason: 'rate-total',
        detail: 'the limit of all packets is reached',
      })
      return
    }
    const { packet, error } = decode(bytes)
    if (packetChannel.hasSubscribers) {
      const record: PacketRecord = {
        ...recordOf(this.#settings.id, exchange.startedMs, exchange),
        source,
        bytes: bytes.length,
        ...(packet && { summary: summary(packet) }),
      }
      packetChannel.publish(record)
    }
    if (!packet) {
      this.#drop(exchange, undefined, { reason: 'malformed', detail: error })
      return
    }
    this.#learn(packet, exchange)
    const { served, port } = exchange
    const arrival = { port, source, interface: served.interface, localAddress: served.address }
    const read = readRequest(packet, arrival, this.#settings)
    if ('drop' in read) {
      if (packet.op === 2) this.#hearPacket(packet, source, served)
      this.#drop(exchange, undefined, read.drop)
      return
    }
    const { request } = read
    const limited = this.#limit(request, exchange.startedMs)
    if (limited) this.#drop(exchange, request, limited)
    else this.#consider(exchange, request)
  }

  #limit({ relay, hardwareAddress }: BootRequest, nowMs: number): Drop | undefined {
    if (!this.#clients.take(hardwareAddress, nowMs)) {
      return { reason: 'rate-client', detail: 'the limit of this hardware address is reached' }
    }
    if (relay?.address !== undefined && !this.#relays.take(relay.address, nowMs)) {
      return { reason: 'rate-relay', detail: `the limit of relay ${relay.address} is reached` }
    }
    return undefined
  }

  /** Finds the decision of a request, asking only once for all its retransmissions. */
  #consider(exchange: Exchange, request: BootRequest): void {
    const { hardwareAddress, xid, port, type, firmware, bootItem } = request
    const key = `${hardwareAddress} ${xid} ${port} ${type} ${firmware} ${bootItem?.type ?? ''} ${request.interface}`
    const known = this.#decided.get(key, exchange.startedMs)
    if (known?.decision) {
      this.#conclude(exchange, request, known.decision, 'cached')
    } else if (known) {
      this.#drop(exchange, request, {
        reason: 'retransmission',
        detail: 'the decision is under way',
      })
    } else if (this.#pending.size >= this.#settings.limits.pending) {
      this.#drop(exchange, request, {
        reason: 'busy',
        detail: `${this.#pending.size} replies are under way`,
      })
    } else {
      this.#decide(exchange, request, key)
    }
  }

  #decide(exchange: Exchange, request: BootRequest, key: string): void {
    const { decide, decideTimeoutMs, clock, fallback } = this.#settings
    let controller: AbortController | undefined
    const context = {
      get signal(): AbortSignal {
        controller ??= new AbortController()
        return controller.signal
      },
    }
    const entry: { decision?: BootDecision } = {}
    const remember = (decision: BootDecision, by: By): void => {
      entry.decision = decision
      this.#conclude(exchange, request, decision, by)
    }
    const fail = (error: unknown): void => {
      this.#decided.delete(key)
      this.#drop(exchange, request, { reason: 'decide-failed', detail: String(error) })
    }
    this.#decided.set(key, entry, exchange.startedMs)
    let result: BootDecision | Promise<BootDecision>
    try {
      result = decide(request, context)
    } catch (error) {
      fail(error)
      return
    }
    if (!(result instanceof Promise)) {
      remember(result, 'decide')
      return
    }
    let settled = false
    const settle = (): boolean => {
      if (settled) return false
      settled = true
      cancelTimer()
      this.#pending.delete(cancel)
      return true
    }
    const cancel = (): void => {
      if (settle()) controller?.abort(new DhcpError('ERR_DHCP_CLOSED', 'the server was closed'))
    }
    const cancelTimer = clock.after(decideTimeoutMs, () => {
      if (!settle()) return
      // The next retransmission asks again.
      this.#decided.delete(key)
      controller?.abort(
        new DhcpError('ERR_DHCP_DECISION', `no decision within ${decideTimeoutMs} ms`),
      )
      const detail = `no decision within ${decideTimeoutMs} ms`
      if (fallback.action === 'boot') this.#conclude(exchange, request, fallback, 'fallback')
      else this.#drop(exchange, request, { reason: 'decide-late', detail }, fallback.context)
    })
    this.#pending.add(cancel)
    void this.#await(result, settle, (decision) => remember(decision, 'decide'), fail)
  }

  async #await(
    result: Promise<BootDecision>,
    settle: () => boolean,
    decided: (decision: BootDecision) => void,
    failed: (error: unknown) => void,
  ): Promise<void> {
    try {
      const decision = await result
      if (settle()) decided(decision)
    } catch (error) {
      if (settle()) failed(error)
    }
  }

  #conclude(exchange: Exchange, request: BootRequest, decision: BootDecision, by: By): void {
    const { context } = decision
    if (decisionChannel.hasSubscribers) this.#publishDecision(exchange, request, decision, by)
    if (decision.action === 'ignore') {
      this.#drop(
        exchange,
        request,
        { reason: 'ignored', detail: decision.reasons?.at(-1)?.why ?? '' },
        context,
      )
      return
    }
    if (wouldLoop(request, decision, this.#settings.isIpxeBinary)) {
      const detail = `this is iPXE already, and ${decision.bootFile} is iPXE again`
      this.#drop(exchange, request, { reason: 'loop-guard', detail }, context)
      return
    }
    let reply: Reply | undefined
    try {
      reply = buildReply(request, decision)
    } catch (error) {
      this.#drop(exchange, request, { reason: 'unanswerable', detail: String(error) }, context)
      return
    }
    if (!reply) {
      const detail = `boot item ${request.bootItem?.type} layer ${request.bootItem?.layer} is not in the menu`
      this.#drop(exchange, request, { reason: 'boot-item', detail }, context)
      return
    }
    const delayMs = delayOf(request, decision)
    if (delayMs === 0) this.#send(exchange, request, reply, context)
    else this.#later(delayMs, () => this.#send(exchange, request, reply, context))
  }

  #later(ms: number, action: () => void): void {
    const cancel = this.#settings.clock.after(ms, () => {
      this.#pending.delete(cancel)
      action()
    })
    this.#pending.add(cancel)
  }

  #send(exchange: Exchange, request: BootRequest, reply: Reply, context: unknown): void {
    exchange.served.send(reply.bytes, reply.fromPort, reply.to, (error) => {
      if (error) {
        this.#drop(exchange, request, { reason: 'send-failed', detail: error.message }, context)
        return
      }
      if (reply.type === 'offer') this.#offered(request, exchange)
      if (!replyChannel.hasSubscribers) return
      const nowMs = this.#nowMs
      const { type, profile, bootFile, nextServer, to, bytes } = reply
      const record: ReplyRecord = {
        ...recordOf(this.#settings.id, nowMs, exchange, request),
        type,
        firmware: request.firmware,
        profile,
        ...(bootFile !== undefined && { bootFile }),
        nextServer,
        to,
        bytes: bytes.length,
        tookMs: nowMs - exchange.startedMs,
        ...(context !== undefined && { context }),
      }
      replyChannel.publish(record)
    })
  }

  #offered(request: BootRequest, { served }: Exchange): void {
    const notice = this.#notices.offered(request, this.#nowMs)
    if (notice) this.notice(notice, served.interface)
  }

  #publishDecision(exchange: Exchange, request: BootRequest, decision: BootDecision, by: By): void {
    const nowMs = this.#nowMs
    const { action, reasons = [], context } = decision
    const record: DecisionRecord = {
      ...recordOf(this.#settings.id, nowMs, exchange, request),
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

  #drop(
    exchange: Exchange,
    request: BootRequest | undefined,
    { reason, detail }: Drop,
    context?: unknown,
  ): void {
    if (!dropChannel.hasSubscribers) return
    const record: DropRecord = {
      ...recordOf(this.#settings.id, this.#nowMs, exchange, request),
      reason: reason satisfies DropReason,
      detail,
      ...(context !== undefined && { context }),
    }
    dropChannel.publish(record)
  }

  #learn(packet: DhcpPacket, { served, port, startedMs }: Exchange): void {
    const heard = readHeardAddress(packet)
    if (!heard || !this.addresses.learn(heard, startedMs)) return
    const record: AddressRecord = {
      timeMs: startedMs,
      server: this.#settings.id,
      interface: served.interface,
      port,
      ...heard,
    }
    addressChannel.publish(record)
  }

  #hearServer(bytes: Uint8Array, source: Source, served: Served): void {
    const { packet } = decode(bytes)
    if (packet) this.#hearPacket(packet, source, served)
  }

  #hearPacket(packet: DhcpPacket, source: Source, served: Served): void {
    for (const notice of readOtherServer(packet, source.address, this.#ownAddresses)) {
      this.notice(notice, served.interface)
    }
  }
}

const decode = (
  bytes: Uint8Array,
): { packet: DhcpPacket; error?: never } | { packet?: never; error: string } => {
  try {
    return { packet: decodePacket(bytes) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}
