import {
  ACK,
  CLIENT_PORT,
  DISCOVER,
  NAK,
  OFFER,
  PXE_PORT,
  REQUEST,
  SERVER_PORT,
} from './dhcp-ports.ts'
import { chaddrOf, uuidOption, vendorClass, word, xidOf, type Machine } from './machine.ts'
import { readPxeVendorOptions, type PxeVendorOptions } from './pxe-vendor.ts'
import {
  download,
  gaveUp,
  judge,
  modelOf,
  nextDatagram,
  noteWait,
  pause,
  send,
  type Journal,
  type Script,
} from './script.ts'
import type { ClientModel, Datagram, Outcome } from './types.ts'
import {
  addressAt,
  addressBytes,
  BROADCAST,
  cString,
  fileField,
  NO_ADDRESS,
  optionOf,
  readReply,
  sameBytes,
  writePacket,
  type RawOption,
  type Reply,
} from './wire.ts'

/** PXE 2.1: four DISCOVERs, each waited for twice as long. */
const DISCOVER_SECONDS = [4, 8, 16, 32]
/** An address alone is not enough until the first two of these are over. */
const PROXY_TRIES = 2
const REQUEST_SECONDS = [1, 2, 3, 4]
const PARAMETERS = [
  1, 2, 3, 5, 6, 11, 12, 13, 15, 16, 17, 18, 22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 66,
  67, 128, 129, 130, 131, 132, 133, 134, 135,
]

export interface BiosRomOptions extends Machine {
  /** Which menu item a person chooses, counted from 0. Absent: nobody touches the keyboard. */
  readonly choose?: number
  /** How long the person takes, in milliseconds. Default: 0. */
  readonly chooseAfterMs?: number
}

interface Rom {
  readonly journal: Journal
  readonly xid: number
  readonly chaddr: Uint8Array
  readonly options: readonly RawOption[]
}

const isPxe = (reply: Reply): boolean =>
  cString((optionOf(reply, 60) ?? new Uint8Array()).subarray(0, 9)) === 'PXEClient'
const typeOf = (reply: Reply): number => optionOf(reply, 53)?.[0] ?? 0
const serverIdOf = (reply: Reply): string => {
  const value = optionOf(reply, 54)
  return value?.length === 4 ? addressAt(value, 0) : NO_ADDRESS
}
const fileOf = (reply: Reply): string =>
  fileField(reply) || cString(optionOf(reply, 67) ?? new Uint8Array())
const vendorOf = (reply: Reply): PxeVendorOptions => readPxeVendorOptions(optionOf(reply, 43))
const serverOf = (reply: Reply): string =>
  reply.siaddr === NO_ADDRESS ? serverIdOf(reply) : reply.siaddr

const readFor = (rom: Rom, datagram: Datagram): Reply | undefined => {
  const reply = readReply(datagram.payload)
  if (
    datagram.to.port !== CLIENT_PORT ||
    !reply?.hasCookie ||
    reply.op !== 2 ||
    reply.xid !== rom.xid
  )
    return undefined
  return sameBytes(reply.chaddr.subarray(0, 6), rom.chaddr.subarray(0, 6)) ? reply : undefined
}

function* request(
  rom: Rom,
  to: { address: string; port: number },
  more: readonly RawOption[],
  station = NO_ADDRESS,
): Script<void> {
  const payload = writePacket({
    xid: rom.xid,
    secs: Math.floor(rom.journal.nowMs / 1000),
    flags: station === NO_ADDRESS ? 0x8000 : 0,
    ciaddr: station,
    chaddr: rom.chaddr,
    options: [[53, [REQUEST]], ...more, [57, [4, 236]], ...rom.options],
    padTo: 548,
  })
  yield* send({ from: { address: station, port: CLIENT_PORT }, to, payload })
}

// Sends four times, until an answer is accepted.
function* exchange(
  rom: Rom,
  ask: () => Script<void>,
  accept: (reply: Reply, datagram: Datagram) => string | undefined,
): Script<Reply | undefined> {
  const { journal } = rom
  for (const seconds of REQUEST_SECONDS) {
    const sinceMs = journal.nowMs
    yield* ask()
    const untilMs = sinceMs + seconds * 1000
    for (let got = yield* nextDatagram(untilMs); got; got = yield* nextDatagram(untilMs)) {
      const reply = readFor(rom, got)
      if (!reply) continue
      const why = accept(reply, got)
      yield* judge(got, why === undefined, 'answer', why ?? 'what was asked for')
      if (why !== undefined) continue
      noteWait(journal, 'answer', sinceMs)
      return reply
    }
    noteWait(journal, 'answer', sinceMs)
  }
  return undefined
}

interface Offers {
  main?: Reply
  proxy?: Reply
}

function* collectOffers(rom: Rom): Script<Offers> {
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

/**
 * A BIOS boot ROM in the manner of Intel's Boot Agent, after PXE 2.1. Unlike the other models it has no capture to be
 * held against: no such ROM is free software.
 */
export function biosRom(settings: BiosRomOptions = {}): ClientModel {
  const architecture = settings.architecture ?? 0
  const rom = (journal: Journal): Rom => ({
    journal,
    xid: xidOf(settings),
    chaddr: chaddrOf(settings),
    options: [
      [55, PARAMETERS],
      uuidOption(settings),
      [93, word(architecture)],
      [94, [1, 2, 1]],
      vendorClass('PXEClient', architecture, '002001'),
    ],
  })
  return modelOf('BIOS boot ROM', function* (journal): Script {
    const self = rom(journal)
    const { main, proxy } = yield* collectOffers(self)
    if (!main && proxy) return gaveUp(journal, 'NO_ADDRESS', 'only ProxyDHCP offers came (PXE-E52)')
    if (!main) return gaveUp(journal, 'NO_ADDRESS', 'no DHCP or ProxyDHCP offers came (PXE-E51)')
    const station = main.yiaddr
    const server = serverIdOf(main)
    const lease = (): Script<void> =>
      request(self, { address: BROADCAST, port: SERVER_PORT }, [
        [50, addressBytes(station)],
        [54, addressBytes(server)],
      ])
    const ack = yield* exchange(self, lease, (reply) => {
      if (serverIdOf(reply) !== server) return `it is of ${serverIdOf(reply)}, not of ${server}`
      return typeOf(reply) === ACK || typeOf(reply) === NAK
        ? undefined
        : `message type ${typeOf(reply)}`
    })
    if (!ack || typeOf(ack) === NAK)
      return gaveUp(journal, 'NO_ACK', `${server} did not confirm the address (PXE-E51)`)

    // A main server that says PXEClient is taken for the boot server too.
    const boot = isPxe(main) ? main : proxy
    if (!boot)
      return fileOf(ack) ? download(journal, 'tftp', serverOf(ack), fileOf(ack)) : noFile(journal)
    const vendor = vendorOf(boot)
    if (vendor.control & 8 && fileOf(boot) !== '')
      return download(journal, 'tftp', listedOr(boot), fileOf(boot))
    if (vendor.menu) return yield* menu(self, settings, vendor, station)
    return yield* askProxy(self, settings, boot, station)
  })
}

const noFile = (journal: Journal): Outcome =>
  gaveUp(journal, 'NO_BOOT_FILE', 'no boot file was named (PXE-E53)')
const listedOr = (reply: Reply): string =>
  vendorOf(reply).servers?.[0]?.addresses[0] ?? serverOf(reply)

function* askProxy(rom: Rom, settings: BiosRomOptions, offer: Reply, station: string): Script {
  const address = serverOf(offer)
  const ask = (): Script<void> => request(rom, { address, port: PXE_PORT }, [], station)
  const answer = yield* exchange(rom, ask, (reply, { from }) => {
    if (from.port !== PXE_PORT) return `it comes from port ${from.port}, not ${PXE_PORT}`
    return typeOf(reply) === ACK && isPxe(reply) ? undefined : 'it is no ACK with PXEClient'
  })
  if (!answer)
    return gaveUp(rom.journal, 'NO_BOOT_SERVER', `${address} did not answer on port 4011 (PXE-E55)`)
  const vendor = vendorOf(answer)
  if (vendor.menu && !(vendor.control & 8)) return yield* menu(rom, settings, vendor, station)
  return fileOf(answer) === ''
    ? noFile(rom.journal)
    : download(rom.journal, 'tftp', listedOr(answer), fileOf(answer))
}

function* menu(
  rom: Rom,
  settings: BiosRomOptions,
  vendor: PxeVendorOptions,
  station: string,
): Script {
  const { journal } = rom
  const seconds = vendor.prompt?.seconds
  if (seconds === undefined)
    return gaveUp(journal, 'NO_BOOT_FILE', 'a menu without a prompt (PXE-E74)')
  const shown = seconds === 255 || (seconds > 0 && settings.choose !== undefined)
  if (shown) yield* pause(journal, settings.chooseAfterMs ?? 0, 'choice')
  else yield* pause(journal, seconds * 1000, 'menu prompt')
  const type = vendor.menu?.[shown ? (settings.choose ?? 0) : 0]?.type ?? 0
  if (type === 0)
    return gaveUp(journal, 'LOCAL_BOOT', 'the chosen item is type 0, boot from the local disk')
  const listed = vendor.servers?.find((entry) => entry.type === type)?.addresses ?? []
  const targets = [
    ...(vendor.control & 2 || !vendor.multicast ? [] : [vendor.multicast]),
    ...(vendor.control & 1 ? [] : [BROADCAST]),
    ...listed,
  ]
  if (targets.length === 0) {
    return gaveUp(
      journal,
      'BAD_BOOT_SERVER_LIST',
      `there is no boot server for boot item ${type} (PXE-E77)`,
    )
  }
  for (const address of targets) {
    const port = address === BROADCAST ? SERVER_PORT : PXE_PORT
    const ask = (): Script<void> =>
      request(rom, { address, port }, [[43, [71, 4, ...word(type), 0, 0, 255]]], station)
    const answer = yield* exchange(rom, ask, (reply) => {
      if (typeOf(reply) !== ACK) return `message type ${typeOf(reply)}`
      const { item } = vendorOf(reply)
      if (item !== type) return `it is for boot item ${item ?? 'none'}, not ${type}`
      return vendor.control & 4 && !listed.includes(serverIdOf(reply))
        ? 'its server is not listed in option 43.8'
        : undefined
    })
    if (answer)
      return fileOf(answer) === ''
        ? noFile(journal)
        : download(journal, 'tftp', serverOf(answer), fileOf(answer))
  }
  return gaveUp(
    journal,
    'NO_BOOT_SERVER',
    `no boot server answered for boot item ${type} (PXE-E78)`,
  )
}
