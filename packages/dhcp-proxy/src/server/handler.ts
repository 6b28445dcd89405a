import { randomInt } from 'node:crypto'

import { TokenBuckets } from '@bootwire-internal/common'

import { MessageType, OptionCode, type DhcpPacket } from '../codec/packet.ts'
import { hexOf } from '../codec/text.ts'
import type { PacketView } from '../codec/view.ts'
import type { BootDecision } from '../decide/decision.ts'
import { done, drop, type Drop, type Result } from '../decide/drop.ts'
import { receive, viewOrDrop } from '../decide/intake.ts'
import type { ReceivedRequest } from '../decide/received.ts'
import { buildReply, wouldLoop, type Reply } from '../decide/reply.ts'
import type { Endpoint, Service } from '../endpoint.ts'
import { AddressBook, readHeardAddress } from '../session/address-book.ts'
import { Notices, type Notice } from '../session/notices.ts'
import { readOtherServer, type OwnAddresses } from '../session/other-servers.ts'
import { Decider, type Decided } from './decider.ts'
import type { Served } from './interfaces.ts'
import type { Settings } from './options.ts'
import { Pending } from './pending.ts'
import { Publisher, type Exchange } from './publisher.ts'

const CLIENT_SLOTS = 65_536
const RELAY_SLOTS = 1024
const CHADDR = 28

const OVER_TOTAL: Drop = { reason: 'rate-total', detail: 'the limit of all packets is reached' }

/** As `identityOf` tells it of a request. */
const machineOf = (view: PacketView): string => {
  const clientId = view.startOf(OptionCode.CLIENT_ID)
  return view.hlen > 0
    ? hexOf(view.bytes, ':', CHADDR, CHADDR + view.hlen)
    : hexOf(view.bytes, ':', clientId, clientId + view.lengthOf(OptionCode.CLIENT_ID))
}

const seed = (): number => randomInt(2 ** 31)

/** Everything that happens to a datagram between the socket it came from and the socket a reply leaves by. */
export class Handler {
  readonly addresses: AddressBook = new AddressBook()
  readonly #settings: Settings
  readonly #publish: Publisher
  readonly #pending: Pending
  readonly #decider: Decider
  readonly #notices = new Notices()
  readonly #clients: TokenBuckets
  readonly #relays: TokenBuckets
  readonly #total: TokenBuckets
  #own: OwnAddresses = { served: new Set(), host: new Set() }
  #exchanges = 0
  #isClosed = false

  constructor(settings: Settings) {
    const { limits, clock, instance } = settings
    this.#settings = settings
    this.#publish = new Publisher(instance, clock)
    this.#pending = new Pending(clock, limits.maxPending)
    this.#decider = new Decider(settings, this.#pending)
    this.#clients = new TokenBuckets(
      { perSecond: limits.clientPerSecond, burst: limits.clientBurst },
      CLIENT_SLOTS,
      seed(),
    )
    this.#relays = new TokenBuckets(
      { perSecond: limits.relayPerSecond, burst: limits.relayBurst },
      RELAY_SLOTS,
      seed(),
    )
    this.#total = new TokenBuckets(
      { perSecond: limits.totalPerSecond, burst: limits.totalBurst },
      1,
      0,
    )
  }

  /** Which addresses are our own from now on. */
  know(own: OwnAddresses): void {
    this.#own = own
  }

  onDatagram(bytes: Uint8Array, peer: Endpoint, service: Service | 68, served: Served): void {
    if (this.#isClosed) return
    if (service === 68) {
      this.#hearServer(bytes, peer, served)
      return
    }
    const startedMs = this.#settings.clock.now()
    this.#receive(bytes, { id: ++this.#exchanges, served, port: service, peer, startedMs })
  }

  notice(notice: Notice, interfaceName: string): void {
    if (this.#notices.isNew(notice, this.#settings.clock.now()))
      this.#publish.notice(notice, interfaceName)
  }

  /** It may be told again. */
  forget(code: Notice['code'], subject: string): void {
    this.#notices.forget(code, subject)
  }

  reached(machine: string): void {
    this.#notices.reached(machine, this.#settings.clock.now())
  }

  close(): void {
    this.#isClosed = true
    this.#pending.close()
    this.#publish.close()
  }

  #receive(bytes: Uint8Array, exchange: Exchange): void {
    const nowMs = exchange.startedMs
    if (!this.#total.take('', nowMs)) return this.#publish.drop(exchange, OVER_TOTAL)
    const view = viewOrDrop(bytes)
    if (view.ok) exchange.view = view.value
    this.#publish.packet(exchange, bytes.length)
    if (!view.ok) return this.#publish.drop(exchange, view.drop)
    this.#overhear(view.value, exchange)

    const { served, port, peer } = exchange
    const arrival = { port, peer, interface: served.interface, localAddress: served.address }
    const request = receive(view.value, arrival, this.#settings)
    if (!request.ok) return this.#refuse(exchange, view.value, request.drop)
    const allowed = this.#limit(request.value, nowMs)
    if (!allowed.ok) return this.#publish.drop(exchange, allowed.drop)
    return this.#decider.ask(request.value, nowMs, (decided) =>
      this.#conclude(exchange, request.value, decided),
    )
  }

  #conclude(exchange: Exchange, request: ReceivedRequest, decided: Result<Decided>): void {
    if (!decided.ok) return this.#publish.drop(exchange, decided.drop)
    const { decision, by } = decided.value
    this.#publish.decision(exchange, request, decision, by)
    const reply = this.#reply(request, decision)
    if (!reply.ok) return this.#publish.drop(exchange, reply.drop, decision)
    const { delayMs } = reply.value
    if (delayMs === 0) return this.#send(exchange, request, reply.value, decision)
    if (this.#pending.isFull) return this.#publish.drop(exchange, this.#pending.busy, decision)
    this.#pending.start(delayMs, () => this.#send(exchange, request, reply.value, decision))
  }

  #reply(request: ReceivedRequest, decision: BootDecision): Result<Reply> {
    if (decision.action === 'ignore')
      return drop('ignored', decision.reasons?.at(-1)?.why ?? 'the decision is to say nothing')
    let reply: Reply | undefined
    try {
      reply = buildReply(request, decision)
    } catch (error) {
      return drop('unanswerable', String(error))
    }
    if (!reply) {
      const { type, layer } = request.bootItem ?? {}
      return drop('boot-item', `boot item ${type}, layer ${layer}, is not in the menu`)
    }
    return wouldLoop(request, decision, reply, this.#settings.isIpxeBinary)
      ? drop('loop-guard', `this is iPXE already, and ${reply.file} is iPXE again`)
      : done(reply)
  }

  #send(exchange: Exchange, request: ReceivedRequest, reply: Reply, decision: BootDecision): void {
    const { served } = exchange
    served.send(reply.bytes, reply.fromPort, reply.to, (error) => {
      if (error) {
        const failed: Drop = { reason: 'send-failed', detail: error.message }
        this.#publish.drop(exchange, failed, decision)
        return
      }
      this.#publish.reply(exchange, request, reply, decision)
      if (reply.type !== 'offer') return
      const notice = this.#notices.offered(request, this.#settings.clock.now())
      if (notice) this.notice(notice, served.interface)
    })
  }

  #limit(request: ReceivedRequest, nowMs: number): Result<true> {
    const { view } = request
    const { bytes, hlen } = view
    // Where there is no hardware address (RFC 4390) the client id tells machines apart.
    const from = hlen > 0 ? CHADDR : view.startOf(OptionCode.CLIENT_ID)
    const length = hlen > 0 ? hlen : view.lengthOf(OptionCode.CLIENT_ID)
    if (!this.#clients.takeOf(bytes, from, from + length, nowMs))
      return drop('rate-client', 'the limit of this machine is reached')
    const relay = request.relay?.address
    return relay !== undefined && !this.#relays.take(relay, nowMs)
      ? drop('rate-relay', `the limit of relay ${relay} is reached`)
      : done(true)
  }

  /** A machine that asks for a boot and is not let in is told of: its user waits for an answer. */
  #refuse(exchange: Exchange, view: PacketView, refused: Drop): void {
    this.#publish.drop(exchange, refused)
    const asksForBoot =
      view.startOf(OptionCode.ARCHITECTURE) !== 0 ||
      view.startOf(OptionCode.NETWORK_INTERFACE) !== 0
    if (refused.reason !== 'not-pxe' || !asksForBoot || view.messageType !== MessageType.DISCOVER)
      return
    const message = `a machine asks for a boot (options 93, 94) with ${refused.detail}, which is not served; vendorClasses lets its option 60 in`
    this.notice(
      { code: 'client-not-served', subject: refused.detail, message },
      exchange.served.interface,
    )
  }

  /** What a packet tells beyond its request: who has which address, who took an offer, which other servers there are. */
  #overhear(view: PacketView, exchange: Exchange): void {
    const { startedMs, peer, served } = exchange
    if (view.op === 2) this.#hearPacket(view.packet, peer, served)
    const heard = readHeardAddress(view)
    if (heard && this.addresses.learn(heard, startedMs)) this.#publish.address(exchange, heard)
    if (view.op === 1 && view.messageType === MessageType.REQUEST)
      this.#notices.requested(machineOf(view), startedMs)
  }

  #hearServer(bytes: Uint8Array, peer: Endpoint, served: Served): void {
    // The kernel hands our own broadcasts back.
    if (this.#own.served.has(peer.address)) return
    const view = viewOrDrop(bytes)
    if (view.ok) this.#hearPacket(view.value.packet, peer, served)
  }

  #hearPacket(packet: DhcpPacket, peer: Endpoint, served: Served): void {
    for (const notice of readOtherServer(packet, peer.address, this.#own))
      this.notice(notice, served.interface)
    const isOffer = packet.options.get(OptionCode.MESSAGE_TYPE)?.[0] === MessageType.OFFER
    if (isOffer && packet.yiaddr !== '0.0.0.0')
      this.#notices.heardOffer(
        hexOf(packet.chaddr, ':', 0, packet.hlen),
        this.#settings.clock.now(),
      )
  }
}
