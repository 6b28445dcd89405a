import { ACK, CLIENT_PORT, DISCOVER, OFFER, PXE_PORT, REQUEST, SERVER_PORT } from './dhcp-ports.ts'
import { locate, menu } from './ipxe-menu.ts'
import { exchange, packetOf, readFor, type Session } from './ipxe-session.ts'
import { hasPxeOptions, ipxeOption, ipxeSubOption, type IpxePacket } from './ipxe-settings.ts'
import { chaddrOf, uuidOption, vendorClass, word, xidOf, type Machine } from './machine.ts'
import { readPxeVendorOptions } from './pxe-vendor.ts'
import {
  gaveUp,
  judge,
  modelOf,
  nextDatagram,
  noteWait,
  pause,
  send,
  type Script,
} from './script.ts'
import type { ClientModel, Datagram } from './types.ts'
import { addressBytes, BROADCAST, NO_ADDRESS, text, type RawOption } from './wire.ts'

/** Option 55 of iPXE 1.0.0+ (Debian's build of 2019). */
const PARAMETERS = [
  1, 3, 6, 7, 12, 15, 17, 26, 43, 60, 66, 67, 119, 128, 129, 130, 131, 132, 133, 134, 135, 175, 203,
]
/** 175 of Debian's BIOS build: bus id (PCI 1af4:1000, virtio), version 1.0.0, features. */
const BIOS_FEATURES = [
  0xb1, 5, 1, 0x1a, 0xf4, 0x10, 0x00, 0xeb, 3, 1, 0, 0, 0x17, 1, 1, 0x22, 1, 1, 0x13, 1, 1, 0x11, 1,
  1, 0x27, 1, 1, 0x19, 1, 1, 0x29, 1, 1, 0x10, 1, 2, 0x21, 1, 1, 0x15, 1, 1, 0x18, 1, 1, 0x12, 1, 1,
]
/** The same for UEFI: no bzImage, no PXE, but EFI. */
const EFI_FEATURES = [
  0xb1, 5, 1, 0x1a, 0xf4, 0x10, 0, 0xeb, 3, 1, 0, 0, 0x17, 1, 1, 0x24, 1, 1, 0x13, 1, 1, 0x11, 1, 1,
  0x27, 1, 1, 0x29, 1, 1, 0x15, 1, 1, 0x1b, 1, 1, 0x12, 1, 1,
]

/** Time-outs in milliseconds: each try waits twice as long as the one before, and the last one fails. */
const DISCOVER_MS = [1000, 2000, 4000, 8000]
const REQUEST_MS = [250, 500, 1000, 2000, 4000, 8000]
/** How long an address alone is not enough, looked at when a time-out is over or a packet comes. */
const PROXY_WINDOW_MS = 2000
/** Four router solicitations and their time-outs, from the start on. */
const IPV6_WITHOUT_ROUTER_MS = 16_000

export interface IpxeOptions extends Machine {
  /** Option 77. Default: `iPXE`, without a length byte. */
  readonly userClass?: string
  /** Which menu item a person chooses, counted from 0. Absent: nobody touches the keyboard. */
  readonly choose?: number
  /** How long the person takes, in milliseconds. Default: 0. */
  readonly chooseAfterMs?: number
  /** The network has IPv6 but no router: this build solicits for 16 s before it boots. Default: false. */
  readonly ipv6WithoutRouter?: boolean
}

// DISCOVER until there is an address and a proxy, or an address and two seconds have gone.
function* discoverOffers(session: Session): Script<boolean> {
  const { journal } = session
  const startMs = journal.nowMs
  const isEnough = (): boolean => {
    if (!session.offer) return false
    return (
      session.offer.noProxy ||
      session.proxy !== undefined ||
      journal.nowMs - startMs > PROXY_WINDOW_MS
    )
  }
  for (const waitMs of DISCOVER_MS) {
    const untilMs = journal.nowMs + waitMs
    yield* send({
      from: { address: NO_ADDRESS, port: CLIENT_PORT },
      to: { address: BROADCAST, port: SERVER_PORT },
      payload: packetOf(session, DISCOVER, []),
    })
    for (let got = yield* nextDatagram(untilMs); got; got = yield* nextDatagram(untilMs)) {
      const packet = readFor(session, got)
      if (!packet) continue
      yield* sortOffer(session, packet)
      if (isEnough()) break
    }
    if (isEnough()) {
      // Left by its timer it counts one packet more than it sends (seen in the build of 2019).
      if (!session.proxy && !session.offer?.noProxy && journal.nowMs === untilMs) session.count += 1
      break
    }
  }
  noteWait(journal, 'offers', startMs)
  return session.offer !== undefined
}

function* sortOffer(session: Session, packet: IpxePacket): Script<void> {
  const { datagram, reply, type, priority } = packet
  const gives =
    reply.yiaddr !== NO_ADDRESS &&
    datagram.from.port === SERVER_PORT &&
    (type === OFFER || type === 0)
  const roles: string[] = []
  if (gives && priority >= (session.offer?.priority ?? -128)) {
    session.offer = packet
    roles.push('DHCP')
  }
  if (packet.isPxeClient && priority >= (session.proxy?.priority ?? -128)) {
    session.proxy = packet
    roles.push('ProxyDHCP')
  }
  const complete = hasPxeOptions(packet) ? 'complete' : 'to be asked again on port 4011'
  const what = roles.includes('ProxyDHCP') ? `PXEClient, ${complete}` : 'an address'
  const not =
    packet.isPxeClient || gives
      ? `its priority ${priority} is too low`
      : 'neither an address nor PXEClient'
  yield* judge(
    datagram,
    roles.length > 0,
    roles.join(' and ') || 'ignored',
    roles.length > 0 ? what : not,
  )
}

/** iPXE: undionly.kpxe, ipxe.efi, ipxe.lkrn and the ROMs of virtual machines. */
export const ipxe = (settings: IpxeOptions = {}): ClientModel => {
  const architecture = settings.architecture ?? 0
  const isBios = architecture === 0
  const options: RawOption[] = [
    [93, word(architecture)],
    [94, isBios ? [1, 2, 1] : [1, 3, 10]],
    vendorClass('PXEClient', architecture, isBios ? '002001' : '003010'),
    [77, text(settings.userClass ?? 'iPXE')],
    [55, PARAMETERS],
    [175, isBios ? BIOS_FEATURES : EFI_FEATURES],
    [61, [1, ...chaddrOf(settings).subarray(0, 6)]],
    uuidOption(settings),
  ]
  return modelOf(`iPXE, architecture ${architecture}`, function* (journal): Script {
    const session: Session = {
      journal,
      chaddr: chaddrOf(settings),
      options,
      xid: xidOf(settings),
      count: 0,
    }
    if (!(yield* discoverOffers(session)))
      return gaveUp(journal, 'NO_ADDRESS', 'nobody offered an address')
    const offer = session.offer!
    const station = offer.reply.yiaddr
    const request = (): Datagram => ({
      from: { address: NO_ADDRESS, port: CLIENT_PORT },
      to: { address: BROADCAST, port: SERVER_PORT },
      payload: packetOf(session, REQUEST, [
        [54, addressBytes(offer.serverId)],
        [50, addressBytes(station)],
      ]),
    })
    const ack = yield* exchange(session, REQUEST_MS, request, (packet) => {
      if (packet.datagram.from.port !== SERVER_PORT)
        return `it comes from port ${packet.datagram.from.port}`
      if (packet.type !== ACK && packet.type !== 0) return `message type ${packet.type}`
      if (packet.serverId !== offer.serverId)
        return `it is of ${packet.serverId}, not of ${offer.serverId}`
      return packet.reply.yiaddr === station ? undefined : `it is for ${packet.reply.yiaddr}`
    })
    if (!ack)
      return gaveUp(
        journal,
        'NO_ACK',
        `${offer.serverId} did not confirm the address it had offered`,
      )

    const offered = offer.noProxy ? undefined : session.proxy
    const proxy =
      offered && !hasPxeOptions(offered) ? yield* askProxy(session, offered, ack) : offered
    if (settings.ipv6WithoutRouter) {
      yield* pause(journal, Math.max(0, IPV6_WITHOUT_ROUTER_MS - journal.nowMs), 'IPv6 router')
    }
    return yield* boot(session, settings, { ack, station, ...(proxy && { proxy }) })
  })
}

// Port 4011 for an offer without server, file or menu. After four tries iPXE goes on without.
function* askProxy(
  session: Session,
  offered: IpxePacket,
  ack: IpxePacket,
): Script<IpxePacket | undefined> {
  const server = offered.pseudoId
  const station = ack.reply.yiaddr
  const vendor = ipxeOption(ack.reply, 60)
  const request = (): Datagram => ({
    from: { address: station, port: CLIENT_PORT },
    to: { address: server, port: PXE_PORT },
    payload: packetOf(session, REQUEST, [[54, addressBytes(server)]], {
      ciaddr: station,
      ...(vendor && { vendor }),
    }),
  })
  return yield* exchange(session, REQUEST_MS.slice(0, 4), request, (packet) => {
    if (packet.datagram.from.port !== PXE_PORT)
      return `it comes from port ${packet.datagram.from.port}, not ${PXE_PORT}`
    if (packet.type !== OFFER && packet.type !== ACK) return `message type ${packet.type}`
    if (packet.pseudoId !== server) return `it is of ${packet.pseudoId}, not of ${server}`
    return hasPxeOptions(packet) ? undefined : 'it has neither siaddr and a file nor a menu'
  })
}

// The menu if there is one, else the file: the main server's own before the proxy's, seen in the build of 2019.
function* boot(
  session: Session,
  settings: IpxeOptions,
  { ack, proxy, station }: { ack: IpxePacket; proxy?: IpxePacket; station: string },
): Script {
  const { journal } = session
  const blocks = [ack, ...(proxy ? [proxy] : [])]
  const withMenu = blocks.find((block) => ipxeSubOption(block.reply, 43, 9) !== undefined)
  const named = blocks.find((block) => block.filename !== '')
  if (withMenu && blocks.some((block) => block.isPxeClient)) {
    const vendor = readPxeVendorOptions(ipxeOption(withMenu.reply, 43))
    if (!(vendor.control & 8) || !named) return yield* menu(session, settings, withMenu, station)
  }
  if (!named) return gaveUp(journal, 'NO_BOOT_FILE', 'nothing to boot: no file was named')
  return locate(journal, named)
}
