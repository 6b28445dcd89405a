import { ACK, CLIENT_PORT, DISCOVER, OFFER, REQUEST, SERVER_PORT } from './dhcp-ports.ts'
import { chaddrOf, vendorClass, word, xidOf, type Machine } from './machine.ts'
import { readPxeVendorOptions } from './pxe-vendor.ts'
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
  cString,
  NO_ADDRESS,
  optionOf,
  readReply,
  writePacket,
  type RawOption,
  type Reply,
} from './wire.ts'

/** The ROM of the Pi 3 sends this in every request of every board (raspberrypi/documentation, boot-net). */
const PI_3_XID = 0x26_f3_03_39
const TRIES = 5
const TRY_MS = 5000
/** What the menu (43.9) must hold. */
const MAGIC = 'Raspberry Pi Boot'

export interface RaspberryPiOptions extends Machine {
  /** Default: 4. */
  readonly model?: 3 | 4 | 5
  /** Eight hexadecimal digits, the folder on the TFTP server. Default: 00000000. */
  readonly serial?: string
}

interface Pi {
  readonly journal: Journal
  readonly model: 3 | 4 | 5
  readonly xid: number
  readonly chaddr: Uint8Array
  readonly options: readonly RawOption[]
}

/** Option 97: the Pi 3 sends 0x44 sixteen times, the others `RPi4` or `RPi5`, their board revision, their address and their serial number. */
const identity = (settings: RaspberryPiOptions, model: 3 | 4 | 5): RawOption => {
  if (model === 3) return [97, [0, ...Array.from({ length: 16 }, () => 0x44)]]
  const serial = Number.parseInt(settings.serial ?? '0', 16)
  const tail = [serial >>> 24, serial >>> 16, serial >>> 8, serial].map((byte) => byte & 255)
  return [
    97,
    [
      0,
      0x52,
      0x50,
      0x69,
      0x30 + model,
      0x14,
      0x31,
      0xd0,
      0,
      ...chaddrOf(settings).subarray(2, 6),
      ...tail,
    ],
  ]
}

const packetOf = (pi: Pi, type: number, more: readonly RawOption[] = []): Datagram => ({
  from: { address: NO_ADDRESS, port: CLIENT_PORT },
  to: { address: BROADCAST, port: SERVER_PORT },
  payload: writePacket({
    xid: pi.xid,
    chaddr: pi.chaddr,
    options: [[53, [type]], ...more, ...pi.options],
    padTo: 300,
  }),
})

const readFor = (pi: Pi, { to, payload }: Datagram): Reply | undefined => {
  const reply = readReply(payload)
  if (to.port !== CLIENT_PORT || !reply?.hasCookie || reply.op !== 2 || reply.xid !== pi.xid)
    return undefined
  return reply.chaddr.subarray(0, 6).every((byte, i) => byte === pi.chaddr[i]) ? reply : undefined
}

const isForPi = (reply: Reply): boolean =>
  readPxeVendorOptions(optionOf(reply, 43)).menu?.some((item) => item.label.startsWith(MAGIC)) ??
  false

interface Offers {
  main?: Reply
  proxy?: Datagram
}

function* collect(pi: Pi): Script<Offers> {
  const { journal, model } = pi
  const offers: Offers = {}
  for (let tries = 0; tries < TRIES && !(offers.main && offers.proxy); tries += 1) {
    const sinceMs = journal.nowMs
    yield* send(packetOf(pi, DISCOVER))
    const untilMs = sinceMs + TRY_MS
    for (let got = yield* nextDatagram(untilMs); got; got = yield* nextDatagram(untilMs)) {
      const reply = readFor(pi, got)
      if (!reply || optionOf(reply, 53)?.[0] !== OFFER) continue
      if (reply.yiaddr !== NO_ADDRESS) {
        yield* judge(got, true, 'DHCP', 'an address')
        offers.main ??= reply
      }
      if (isForPi(reply)) {
        // The ROM of the Pi 3 looks for a proxy only after it has an address (raspberrypi/firmware#859, #862).
        const tooEarly = model === 3 && !offers.main
        yield* judge(
          got,
          !tooEarly,
          'ProxyDHCP',
          tooEarly ? 'it came before an address' : `a menu with "${MAGIC}"`,
        )
        if (!tooEarly) offers.proxy ??= got
      } else if (reply.yiaddr === NO_ADDRESS) {
        yield* judge(got, false, 'ignored', `no menu (43.9) with "${MAGIC}"`)
      }
      if (offers.main && offers.proxy) break
    }
    noteWait(journal, 'offers', sinceMs)
  }
  return offers
}

/** A Raspberry Pi 3 (boot ROM), 4 or 5 (EEPROM boot loader) on the network. It reads no boot file name at all. */
export const raspberryPi = (settings: RaspberryPiOptions = {}): ClientModel => {
  const model = settings.model ?? 4
  const serial = settings.serial ?? '00000000'
  return modelOf(`Raspberry Pi ${model}`, function* (journal): Script {
    const pi: Pi = {
      journal,
      model,
      xid: model === 3 ? PI_3_XID : xidOf(settings),
      chaddr: chaddrOf(settings),
      options: [
        [55, [1, 3, 43, 60, 66, 67, 128, 129, 130, 131, 132, 133, 134, 135]],
        [93, word(settings.architecture ?? 0)],
        [94, [1, 2, 1]],
        identity(settings, model),
        vendorClass('PXEClient', 0, '002001'),
      ],
    }
    const { main, proxy } = yield* collect(pi)
    if (!main) return gaveUp(journal, 'NO_ADDRESS', 'nobody offered an address')
    if (!proxy)
      return gaveUp(journal, 'NO_USABLE_OFFER', `no offer had a menu (43.9) with "${MAGIC}"`)
    // The Pi 3 takes the address without asking for it.
    if (model !== 3 && !(yield* lease(pi, main)))
      return gaveUp(journal, 'NO_ACK', 'the DHCP server did not confirm the address')
    const file = fileOf(model, serial)
    return download(journal, 'tftp', tftpServer(proxy, model), file)
  })
}

/** The first file: the Pi 5 has its firmware in the EEPROM and begins with the configuration. */
const fileOf = (model: 3 | 4 | 5, serial: string): string =>
  model === 3 ? 'bootcode.bin' : model === 4 ? `${serial}/start4.elf` : `${serial}/config.txt`

/** The Pi 3 takes the proxy itself (option 54, else the sender); the Pi 4 option 66 where it is an address, else siaddr. */
const tftpServer = (proxy: Datagram, model: 3 | 4 | 5): string => {
  const reply = readReply(proxy.payload)!
  const named = optionOf(reply, 54)
  const sender = named?.length === 4 ? addressAt(named, 0) : proxy.from.address
  if (model === 3) return sender
  const option66 = cString(optionOf(reply, 66) ?? new Uint8Array())
  if (/^\d+\.\d+\.\d+\.\d+$/.test(option66)) return option66
  return reply.siaddr === NO_ADDRESS ? sender : reply.siaddr
}

// The Pi 4's REQUEST has no option 60 (raspberrypi/rpi-eeprom#82).
function* lease(pi: Pi, offer: Reply): Script<boolean> {
  const server = optionOf(offer, 54)
  const options = pi.options.filter(([tag]) => tag !== 60)
  const more: RawOption[] = [
    [50, addressBytes(offer.yiaddr)],
    ...(server ? [[54, server] as RawOption] : []),
  ]
  for (let tries = 0; tries < TRIES; tries += 1) {
    const sinceMs = pi.journal.nowMs
    yield* send(packetOf({ ...pi, options }, REQUEST, more))
    for (
      let got = yield* nextDatagram(sinceMs + TRY_MS);
      got;
      got = yield* nextDatagram(sinceMs + TRY_MS)
    ) {
      const reply = readFor(pi, got)
      if (reply && optionOf(reply, 53)?.[0] === ACK && reply.yiaddr === offer.yiaddr) return true
    }
    noteWait(pi.journal, 'ACK', sinceMs)
  }
  return false
}
