import { ACK, CLIENT_PORT, DISCOVER, NAK, OFFER, REQUEST, SERVER_PORT } from './dhcp-ports.ts'
import { edk2Complaint, edk2Option } from './edk2-options.ts'
import { chaddrOf, word, xidOf, type Machine } from './machine.ts'
import { judge, nextDatagram, noteWait, send, type Journal, type Script } from './script.ts'
import type { Datagram, GaveUpCode } from './types.ts'
import {
  addressAt,
  addressBytes,
  BROADCAST,
  NO_ADDRESS,
  readReply,
  sameBytes,
  writePacket,
  type RawOption,
  type Reply,
} from './wire.ts'

/** Seconds EDK2 waits for offers, and again for the ACK: a try, then a longer one. */
const TRIES_SECONDS = [4, 8, 16, 32]
/** Offers EDK2 has room for. */
const MAX_OFFERS = 16
const MAX_PACKET_BYTES = 1472

/** One offer that EDK2 keeps. */
export interface Offer<Kind extends string> {
  readonly kind: Kind
  readonly datagram: Datagram
  readonly reply: Reply
}

/** What differs between the drivers that run on EDK2's DHCP. */
export interface Driver<Kind extends string> {
  readonly machine: Machine
  readonly options: readonly RawOption[]
  /** Option 57 of the REQUEST; that of the DISCOVER is 1472. */
  readonly requestLimit: number
  /** Sorts an offer by kind, or says why it is not kept. */
  readonly sort: (
    reply: Reply,
    kept: readonly Offer<Kind>[],
  ) => { kind: Kind; why: string } | { not: string }
  /** Chooses among the offers, when a wait for offers is over. */
  readonly choose: (offers: readonly Offer<Kind>[]) => Offer<Kind> | undefined
}

/** A lease, or why there is none. */
export type Dora<Kind extends string> =
  | {
      readonly ok: true
      readonly chosen: Offer<Kind>
      readonly ack: Reply
      readonly offers: readonly Offer<Kind>[]
    }
  | { readonly ok: false; readonly code: GaveUpCode; readonly because: string }

/** Reads a datagram as EDK2 does: undefined when it is not for us, a complaint when it is dropped. */
export const readForEdk2 = (
  datagram: Datagram,
  xid: number,
  chaddr: Uint8Array,
): Reply | string | undefined => {
  const reply = readReply(datagram.payload)
  if (!reply || reply.op !== 2 || reply.xid !== xid) return undefined
  // As many bytes as the reply's own hlen says.
  if (!sameBytes(reply.chaddr.subarray(0, reply.hlen), chaddr.subarray(0, reply.hlen)))
    return undefined
  if (reply.bytes.length > MAX_PACKET_BYTES)
    return `${reply.bytes.length} bytes, more than ${MAX_PACKET_BYTES}`
  return reply.hasCookie ? (edk2Complaint(reply) ?? reply) : reply
}

const messageType = (reply: Reply): number => edk2Option(reply, 53)?.value[0] ?? 0
const serverId = (reply: Reply): string =>
  addressAt(edk2Option(reply, 54)?.value ?? new Uint8Array(4), 0)

// DISCOVER, offers, REQUEST, ACK as NetworkPkg/Dhcp4Dxe does them. Offers add up over the tries.
export function* dora<Kind extends string>(
  journal: Journal,
  driver: Driver<Kind>,
): Script<Dora<Kind>> {
  const chaddr = chaddrOf(driver.machine)
  const xid = xidOf(driver.machine)
  const offers: Offer<Kind>[] = []

  const packet = (secs: number, options: readonly RawOption[]): Datagram => ({
    from: { address: NO_ADDRESS, port: CLIENT_PORT },
    to: { address: BROADCAST, port: SERVER_PORT },
    payload: writePacket({ xid, secs, flags: 0x8000, chaddr, options }),
  })

  function* collect(untilMs: number): Script<void> {
    for (let got = yield* nextDatagram(untilMs); got; got = yield* nextDatagram(untilMs)) {
      if (got.to.port !== CLIENT_PORT) continue
      const reply = readForEdk2(got, xid, chaddr)
      if (reply === undefined) continue
      if (typeof reply === 'string') {
        yield* judge(got, false, 'dropped', reply)
        continue
      }
      const type = messageType(reply)
      if (type !== 0 && type !== OFFER) continue
      if (type === OFFER && serverId(reply) === NO_ADDRESS) {
        yield* judge(got, false, 'dropped', 'an offer without a server identifier (option 54)')
        continue
      }
      const sorted =
        offers.length < MAX_OFFERS
          ? driver.sort(reply, offers)
          : { not: `no room after ${MAX_OFFERS} offers` }
      if ('not' in sorted) yield* judge(got, false, 'ignored', sorted.not)
      else {
        offers.push({ kind: sorted.kind, datagram: got, reply })
        yield* judge(got, true, sorted.kind, sorted.why)
      }
    }
  }

  let chosen: Offer<Kind> | undefined
  let discoverSecs = 0
  for (const seconds of TRIES_SECONDS) {
    const sinceMs = journal.nowMs
    discoverSecs = Math.floor(sinceMs / 1000)
    yield* send(packet(discoverSecs, [[53, [DISCOVER]], [57, [5, 192]], ...driver.options]))
    yield* collect(sinceMs + seconds * 1000)
    noteWait(journal, 'offers', sinceMs)
    chosen = driver.choose(offers)
    if (chosen) break
  }
  if (!chosen) {
    const addressed = offers.some((offer) => offer.reply.yiaddr !== NO_ADDRESS)
    const kinds = [...new Set(offers.map((offer) => offer.kind))].join(', ')
    return addressed
      ? { ok: false, code: 'NO_USABLE_OFFER', because: `none of the offers can be used (${kinds})` }
      : {
          ok: false,
          code: 'NO_ADDRESS',
          because: `nobody offered an address (offers: ${kinds || 'none'})`,
        }
  }

  const server = serverId(chosen.reply)
  const request = packet(discoverSecs, [
    [53, [REQUEST]],
    [54, addressBytes(server)],
    [50, addressBytes(chosen.reply.yiaddr)],
    [57, word(driver.requestLimit)],
    ...driver.options,
  ])
  for (const seconds of TRIES_SECONDS) {
    const sinceMs = journal.nowMs
    yield* send(request)
    const untilMs = sinceMs + seconds * 1000
    for (let got = yield* nextDatagram(untilMs); got; got = yield* nextDatagram(untilMs)) {
      const reply = readForEdk2(got, xid, chaddr)
      if (got.to.port !== CLIENT_PORT || typeof reply !== 'object') continue
      const type = messageType(reply)
      if ((type !== ACK && type !== NAK) || serverId(reply) !== server) continue
      noteWait(journal, 'ACK', sinceMs)
      if (type === NAK)
        return {
          ok: false,
          code: 'NO_ACK',
          because: `${server} refused the address it had offered`,
        }
      if (!edk2Option(reply, 1))
        return { ok: false, code: 'NO_ACK', because: `${server} gave no subnet mask` }
      return { ok: true, chosen, ack: reply, offers }
    }
    noteWait(journal, 'ACK', sinceMs)
  }
  return {
    ok: false,
    code: 'NO_ACK',
    because: `${server} did not confirm the address it had offered`,
  }
}
