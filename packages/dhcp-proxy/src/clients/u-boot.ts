import { ACK, CLIENT_PORT, DISCOVER, OFFER, REQUEST, SERVER_PORT } from './dhcp-ports.ts'
import { chaddrOf, uuidOption, word, xidOf, type Machine } from './machine.ts'
import {
  download,
  gaveUp,
  judge,
  modelOf,
  nextDatagram,
  noteWait,
  send,
  type Journal,
  type Script,
} from './script.ts'
import type { ClientModel, Datagram } from './types.ts'
import {
  addressAt,
  addressBytes,
  BROADCAST,
  fileField,
  NO_ADDRESS,
  optionOf,
  readReply,
  text,
  writePacket,
  type Reply,
} from './wire.ts'

/** The first wait; each is twice as long as the one before, up to {@link LONGEST_MS}. */
const FIRST_MS = 250
const LONGEST_MS = 2000
/** After that long without a lease `dhcp` gives up. */
const LIMIT_MS = 28_000
/** CONFIG_SERVERIP_FROM_PROXYDHCP_DELAY_MS: how long a proxy may come after the address. */
const PROXY_DELAY_MS = 100

export interface UBootOptions extends Machine {
  /** Built with CONFIG_SERVERIP_FROM_PROXYDHCP; without it ProxyDHCP is not looked at. Default: true. */
  readonly readsProxy?: boolean
  /** Whether it was built to send option 93. Default: true. */
  readonly saysArchitecture?: boolean
  /** Option 60. Default: `U-Boot.armv8`. */
  readonly vendorClass?: string
}

interface Board {
  readonly journal: Journal
  readonly settings: UBootOptions
  readonly chaddr: Uint8Array
  readonly xid: number
}

const packetOf = (
  { settings, chaddr, xid }: Board,
  type: number,
  lease?: { station: string; server: string },
): Datagram => ({
  from: { address: NO_ADDRESS, port: CLIENT_PORT },
  to: { address: BROADCAST, port: SERVER_PORT },
  payload: writePacket({
    xid,
    chaddr,
    options: [
      [53, [type]],
      [57, [2, 64]],
      ...(lease
        ? ([
            [54, addressBytes(lease.server)],
            [50, addressBytes(lease.station)],
          ] as const)
        : []),
      uuidOption(settings),
      ...(settings.saysArchitecture === false
        ? []
        : ([[93, word(settings.architecture ?? 22)]] as const)),
      [60, text(settings.vendorClass ?? 'U-Boot.armv8')],
      [55, [1, 3, 6, 12, 15, 17, 66, 67]],
    ],
    padTo: 300,
  }),
})

/** Ethernet, six bytes, from port 67 to 68; anything else is not looked at. */
const readFor = ({ xid, chaddr }: Board, { from, to, payload }: Datagram): Reply | undefined => {
  const reply = readReply(payload)
  const isDhcp = from.port === SERVER_PORT && to.port === CLIENT_PORT
  if (!isDhcp || !reply?.hasCookie || reply.op !== 2 || payload[1] !== 1 || reply.hlen !== 6)
    return undefined
  return reply.xid === xid && reply.chaddr.subarray(0, 6).every((byte, i) => byte === chaddr[i])
    ? reply
    : undefined
}

/** U-Boot's `dhcp` command. Of a proxy it takes the header fields siaddr and file, nothing else; it never uses 4011. */
export const uBoot = (settings: UBootOptions = {}): ClientModel => {
  const readsProxy = settings.readsProxy ?? true
  return modelOf('U-Boot', function* (journal): Script {
    const board: Board = { journal, settings, chaddr: chaddrOf(settings), xid: xidOf(settings) }
    let offer: Reply | undefined
    let proxy: Reply | undefined

    for (
      let waitMs = FIRST_MS;
      !offer && journal.nowMs < LIMIT_MS;
      waitMs = Math.min(waitMs * 2, LONGEST_MS)
    ) {
      const sinceMs = journal.nowMs
      yield* send(packetOf(board, DISCOVER))
      let untilMs = sinceMs + waitMs
      for (let got = yield* nextDatagram(untilMs); got; got = yield* nextDatagram(untilMs)) {
        const reply = readFor(board, got)
        if (!reply || optionOf(reply, 53)?.[0] !== OFFER) continue
        if (reply.yiaddr === NO_ADDRESS) {
          yield* judge(
            got,
            readsProxy,
            'ProxyDHCP',
            readsProxy ? 'siaddr and file are taken' : 'built without ProxyDHCP',
          )
          if (readsProxy) proxy = reply
        } else {
          yield* judge(
            got,
            !offer,
            'DHCP',
            offer ? 'another server offered an address first' : 'an address',
          )
          offer ??= reply
          untilMs = Math.min(untilMs, journal.nowMs + (readsProxy && !proxy ? PROXY_DELAY_MS : 0))
        }
        if (offer && (proxy || !readsProxy)) break
      }
      noteWait(journal, 'offers', sinceMs)
    }
    if (!offer) return gaveUp(journal, 'NO_ADDRESS', 'nobody offered an address')

    const named = optionOf(offer, 54)
    const lease = { station: offer.yiaddr, server: named ? addressAt(named, 0) : offer.siaddr }
    const ack = yield* acknowledged(board, lease)
    if (!ack)
      return gaveUp(journal, 'NO_ACK', `${lease.server} did not confirm the address it had offered`)
    const source = [proxy, ack, offer].find((reply) => reply && fileField(reply) !== '')
    if (!source)
      return gaveUp(
        journal,
        'NO_BOOT_FILE',
        'no reply had the header field file, the only one that is read',
      )
    const server = source.siaddr === NO_ADDRESS ? ack.siaddr : source.siaddr
    return download(journal, 'tftp', server, fileField(source))
  })
}

function* acknowledged(
  board: Board,
  lease: { station: string; server: string },
): Script<Reply | undefined> {
  const { journal } = board
  for (let waitMs = FIRST_MS; journal.nowMs < LIMIT_MS; waitMs = Math.min(waitMs * 2, LONGEST_MS)) {
    const sinceMs = journal.nowMs
    yield* send(packetOf(board, REQUEST, lease))
    for (
      let got = yield* nextDatagram(sinceMs + waitMs);
      got;
      got = yield* nextDatagram(sinceMs + waitMs)
    ) {
      const reply = readFor(board, got)
      if (!reply || optionOf(reply, 53)?.[0] !== ACK || reply.yiaddr !== lease.station) continue
      noteWait(journal, 'ACK', sinceMs)
      return reply
    }
    noteWait(journal, 'ACK', sinceMs)
  }
  return undefined
}
