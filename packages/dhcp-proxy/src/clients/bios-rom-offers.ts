import { fileOf, isPxe, readFor, serverIdOf, typeOf, type Rom } from './bios-rom-exchange.ts'
import { CLIENT_PORT, DISCOVER, OFFER, SERVER_PORT } from './dhcp-ports.ts'
import { judge, nextDatagram, noteWait, send, type Script } from './script.ts'
import type { Datagram } from './types.ts'
import { BROADCAST, NO_ADDRESS, writePacket, type Reply } from './wire.ts'

/** PXE 2.1: four DISCOVERs, each waited for twice as long. */
const DISCOVER_SECONDS = [4, 8, 16, 32]
/** An address alone is not enough until the first two of these are over. */
const PROXY_TRIES = 2

export interface Offers {
  main?: Reply
  proxy?: Reply
}

// Sends DISCOVERs and sorts the offers, until there are enough of them.
export function* collectOffers(rom: Rom): Script<Offers> {
  const { journal } = rom
  const offers: Offers = {}
  for (const [tries, seconds] of DISCOVER_SECONDS.entries()) {
    const sinceMs = journal.nowMs
    const payload = writePacket({
      xid: rom.xid,
      secs: Math.floor(sinceMs / 1000),
      flags: 0x8000,
      chaddr: rom.chaddr,
      options: [[53, [DISCOVER]], [57, [4, 236]], ...rom.options],
      padTo: 548,
    })
    const to = { address: BROADCAST, port: SERVER_PORT }
    yield* send({ from: { address: NO_ADDRESS, port: CLIENT_PORT }, to, payload })
    const untilMs = sinceMs + seconds * 1000
    for (let got = yield* nextDatagram(untilMs); got; got = yield* nextDatagram(untilMs)) {
      const reply = readFor(rom, got)
      if (reply) yield* sortOffer(offers, reply, got)
    }
    noteWait(journal, 'offers', sinceMs)
    const complete = offers.main && (isPxe(offers.main) || fileOf(offers.main) !== '')
    if (offers.main && (offers.proxy || complete || tries + 1 >= PROXY_TRIES)) break
  }
  return offers
}

function* sortOffer(offers: Offers, reply: Reply, got: Datagram): Script<void> {
  if (typeOf(reply) !== OFFER || serverIdOf(reply) === NO_ADDRESS) {
    yield* judge(got, false, 'ignored', 'no OFFER with a server identifier (options 53 and 54)')
  } else if (reply.yiaddr !== NO_ADDRESS) {
    yield* judge(
      got,
      !offers.main,
      'DHCP',
      offers.main ? 'another server offered an address first' : 'an address',
    )
    offers.main ??= reply
  } else if (isPxe(reply)) {
    yield* judge(
      got,
      !offers.proxy,
      'ProxyDHCP',
      offers.proxy ? 'another proxy was first' : 'PXEClient, no address',
    )
    offers.proxy ??= reply
  } else {
    yield* judge(got, false, 'ignored', 'neither an address nor PXEClient')
  }
}
