import { askProxy, listedOr, menu, noFile, type Choice } from './bios-rom-boot-servers.ts'
import {
  exchange,
  fileOf,
  isPxe,
  request,
  serverIdOf,
  serverOf,
  typeOf,
  vendorOf,
  type Rom,
} from './bios-rom-exchange.ts'
import { collectOffers } from './bios-rom-offers.ts'
import { ACK, NAK, SERVER_PORT } from './dhcp-ports.ts'
import { chaddrOf, uuidOption, vendorClass, word, xidOf, type Machine } from './machine.ts'
import { download, gaveUp, modelOf, type Journal, type Script } from './script.ts'
import type { ClientModel } from './types.ts'
import { addressBytes, BROADCAST } from './wire.ts'

const PARAMETERS = [
  1, 2, 3, 5, 6, 11, 12, 13, 15, 16, 17, 18, 22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 66,
  67, 128, 129, 130, 131, 132, 133, 134, 135,
]

export interface BiosRomOptions extends Machine, Choice {}

/**
 * A BIOS boot ROM in the manner of Intel's Boot Agent, after PXE 2.1. Unlike the other models it has no capture to be
 * held against: no such ROM is free software.
 */
export const biosRom = (settings: BiosRomOptions = {}): ClientModel => {
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
