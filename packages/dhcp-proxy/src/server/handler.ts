import { randomInt } from 'node:crypto'

import { messageOf, TokenBuckets } from '@bootwire-internal/common'

import { decodePacket } from '../codec/decode.ts'
import type { DhcpPacket } from '../codec/packet.ts'
import type { BootAnswer } from '../decide/decision.ts'
import type { Drop } from '../decide/drop.ts'
import { readRequest } from '../decide/intake.ts'
import { buildReply, profileOf, wouldLoop, type Reply } from '../decide/reply.ts'
import type { BootRequest } from '../decide/request.ts'
import { AddressBook, readHeardAddress } from '../session/address-book.ts'
import { Notices, readOtherServer, type Notice } from '../session/notices.ts'
import { Decider, type Outcome } from './decider.ts'
import type { Served } from './interfaces.ts'
import type { Settings } from './options.ts'
import { Pending } from './pending.ts'
import { Publisher, type Exchange } from './publisher.ts'

const CLIENT_SLOTS = 65_536
const RELAY_SLOTS = 1024
/** A Pi 3 takes the offer of a proxy only after that of the main DHCP server. */
const RASPBERRY_PI_DELAY_MS = 1000

interface Source {
  readonly address: string
  readonly port: number
}

const seed = (): number => randomInt(2 ** 31)

const delayOf = (request: BootRequest, answer: BootAnswer): number => {
  const { delayMs } = answer
  if (delayMs !== undefined) return delayMs
  return request.type === 'discover' && profileOf(request, answer) === 'raspberry-pi'
    ? RASPBERRY_PI_DELAY_MS
    : 0
}

const decode = (bytes: Uint8Array): { packet: DhcpPacket } | { drop: Drop } => {
  try {
    return { packet: decodePacket(bytes) }
  } catch (error) {
    return {
      drop: { reason: 'malformed', detail: messageOf(error) },
    }
  }
}

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
  readonly #ownAddresses: ReadonlySet<string>
  #exchanges = 0
  #closed = false

  constructor(settings: Settings) {
    const { limits, clock, id, interfaces } = settings
    this.#settings = settings
    this.#publish = new Publisher(id, clock)
    this.#pending = new Pending(clock, limits.pending)
    this.#decider = new Decider(settings, this.#pending)
    this.#clients = new TokenBuckets(limits.client, CLIENT_SLOTS, seed())
    this.#relays = new TokenBuckets(limits.relay, RELAY_SLOTS, seed())
    this.#total = new TokenBuckets(limits.total, 1, 0)
    this.#ownAddresses = new Set(interfaces.map(({ address }) => address))
  }

  onDatagram(bytes: Uint8Array, source: Source, service: 67 | 68 | 4011, served: Served): void {
    if (this.#closed) return
    const startedMs = this.#settings.clock.now()
    if (service === 68) this.#hearServer(bytes, source, served)
    else this.#receive(bytes, source, { id: ++this.#exchanges, served, port: service, startedMs })
  }

  notice(notice: Notice, interfaceName: string): void {
    if (this.#notices.isNew(notice, this.#settings.clock.now()))
      this.#publish.notice(notice, interfaceName)
  }

  reached(mac: string): void {
    this.#notices.reached(mac, this.#settings.clock.now())
  }

  close(): void {
    this.#closed = true
    this.#pending.close()
  }

  #receive(bytes: Uint8Array, source: Source, exchange: Exchange): void {
    const { served, port, startedMs } = exchange
    if (!this.#total.take('', startedMs)) {
      this.#publish.drop(exchange, {
        reason: 'rate-total',
        detail: 'the limit of all packets is reached',
      })
      return
    }
    const decoded = decode(bytes)
    if ('packet' in decoded) exchange.packet = decoded.packet
    this.#publish.packet(exchange, source, bytes.length)
    if ('drop' in decoded) {
      this.#publish.drop(exchange, decoded.drop)
      return
    }
    const { packet } = decoded
    if (packet.op === 2) this.#hearPacket(packet, source, served)
    const heard = readHeardAddress(packet)
    if (heard && this.addresses.learn(heard, startedMs)) this.#publish.address(exchange, heard)
    const arrival = { port, source, interface: served.interface, localAddress: served.address }
    const read = readRequest(packet, arrival, this.#settings)
    const drop = 'drop' in read ? read.drop : this.#limit(read.request, startedMs)
    if (drop) this.#publish.drop(exchange, drop)
    else if ('request' in read) {
      const { request } = read
      this.#decider.ask(request, startedMs, (outcome) => this.#conclude(exchange, request, outcome))
    }
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

  #conclude(exchange: Exchange, request: BootRequest, outcome: Outcome): void {
    if ('drop' in outcome) {
      this.#publish.drop(exchange, outcome.drop, outcome.context)
      return
    }
    const { decision, by } = outcome
    this.#publish.decision(exchange, request, decision, by)
    const { context } = decision
    if (decision.action === 'ignore') {
      const detail = decision.reasons?.at(-1)?.why ?? 'the decision is to say nothing'
      this.#publish.drop(exchange, { reason: 'ignored', detail }, context)
      return
    }
    const reply = this.#reply(request, decision)
    if ('reason' in reply) {
      this.#publish.drop(exchange, reply, context)
      return
    }
    const delayMs = delayOf(request, decision)
    if (delayMs === 0) this.#send(exchange, request, reply, context)
    else if (this.#pending.isFull) {
      this.#publish.drop(
        exchange,
        { reason: 'busy', detail: `${this.#pending.size} replies are under way` },
        context,
      )
    } else this.#pending.start(delayMs, () => this.#send(exchange, request, reply, context))
  }

  #reply(request: BootRequest, answer: BootAnswer): Reply | Drop {
    let reply: Reply | undefined
    try {
      reply = buildReply(request, answer)
    } catch (error) {
      return { reason: 'unanswerable', detail: String(error) }
    }
    if (!reply) {
      const { type, layer } = request.bootItem ?? {}
      const detail = `boot item ${type}, layer ${layer}, is not in the menu`
      return { reason: 'boot-item', detail }
    }
    if (wouldLoop(request, answer, reply, this.#settings.isIpxeBinary)) {
      const detail = `this is iPXE already, and ${reply.bootFile} is iPXE again`
      return { reason: 'loop-guard', detail }
    }
    return reply
  }

  #send(exchange: Exchange, request: BootRequest, reply: Reply, context: unknown): void {
    const { served } = exchange
    served.send(reply.bytes, reply.fromPort, reply.to, (error) => {
      if (error) {
        this.#publish.drop(exchange, { reason: 'send-failed', detail: error.message }, context)
        return
      }
      this.#publish.reply(exchange, request, reply, context)
      if (reply.type !== 'offer') return
      const notice = this.#notices.offered(request, this.#settings.clock.now())
      if (notice) this.notice(notice, served.interface)
    })
  }

  #hearServer(bytes: Uint8Array, source: Source, served: Served): void {
    // The kernel hands our own broadcasts back.
    if (this.#ownAddresses.has(source.address)) return
    const decoded = decode(bytes)
    if ('packet' in decoded) this.#hearPacket(decoded.packet, source, served)
  }

  #hearPacket(packet: DhcpPacket, source: Source, served: Served): void {
    for (const notice of readOtherServer(packet, source.address, this.#ownAddresses)) {
      this.notice(notice, served.interface)
    }
  }
}
