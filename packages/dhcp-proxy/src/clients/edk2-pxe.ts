import { ask, discover, type Asker } from './edk2-boot-server.ts'
import { dora, type Dora } from './edk2-dora.ts'
import {
  choose,
  fileOf,
  hasDiscovery,
  serverOf,
  sort,
  vendorOf,
  type PxeKind,
} from './edk2-offers.ts'
import { edk2Option } from './edk2-options.ts'
import { uuidOption, vendorClass, word, type Machine } from './machine.ts'
import type { PxeVendorOptions } from './pxe-vendor.ts'
import { download, gaveUp, modelOf, pause, type Journal, type Script } from './script.ts'
import type { ClientModel, Outcome } from './types.ts'
import { addressAt, type RawOption, type Reply } from './wire.ts'

/** Option 55 of NetworkPkg/UefiPxeBcDxe. */
const PARAMETERS = [
  1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18, 22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 66, 67,
  97, 128, 129, 130, 131, 132, 133, 134, 135,
]
const MAX_MENU_ITEMS = 24
const DEFAULT_ARCHITECTURE = 7

export interface Edk2PxeOptions extends Machine {
  /** Which menu item a person chooses, counted from 0. Absent: nobody touches the keyboard. */
  readonly choose?: number
  /** How long the person takes, in milliseconds. Default: 0. */
  readonly chooseAfterMs?: number
}

/** Where EDK2 PXE ended, and the packets it leaves for the program it starts. */
export interface Edk2PxeEnd {
  readonly outcome: Outcome
  readonly ack?: Reply
  readonly proxyOffer?: Reply
  readonly pxeReply?: Reply
}

// The script of {@link edk2Pxe}.
export function* edk2PxeScript(journal: Journal, settings: Edk2PxeOptions): Script<Edk2PxeEnd> {
  const architecture = settings.architecture ?? DEFAULT_ARCHITECTURE
  const options: RawOption[] = [
    [55, PARAMETERS],
    uuidOption(settings),
    [94, [1, 3, 0]],
    [93, word(architecture)],
    vendorClass('PXEClient', architecture, '003000'),
  ]
  const lease = yield* dora(journal, {
    machine: settings,
    options,
    requestLimit: 0xff00,
    sort,
    choose,
  })
  if (!lease.ok) return { outcome: gaveUp(journal, lease.code, lease.because) }
  const { ack } = lease
  const client: Asker = { journal, machine: settings, options, station: ack.yiaddr, asked: 0 }

  const proxyOffer = yield* proxyOf(client, lease)
  if (proxyOffer === 'silent') {
    return {
      outcome: gaveUp(
        journal,
        'NO_BOOT_SERVER',
        'no boot server named a file on port 4011 (PXE-E16)',
      ),
      ack,
    }
  }
  const cache = proxyOffer ?? ack
  const left = proxyOffer ? { ack, proxyOffer } : { ack }
  const end = (source: Reply, server: string): Outcome => {
    const file = fileOf(source)
    if (file === undefined)
      return gaveUp(journal, 'NO_BOOT_FILE', 'no boot file was named (PXE-E16)')
    return download(journal, 'tftp', server, file)
  }

  const vendor = vendorOf(cache)
  if (!hasDiscovery(cache) || (vendor.control & 8 && fileOf(cache) !== undefined)) {
    return { outcome: end(cache, serverOf(cache)), ...left }
  }
  const type = yield* pick(journal, vendor, settings)
  if (type === 0) {
    return {
      outcome: gaveUp(journal, 'LOCAL_BOOT', 'the chosen item is type 0, boot from the local disk'),
      ...left,
    }
  }
  const found = yield* discover(client, vendor, type)
  if ('code' in found) return { outcome: gaveUp(journal, found.code, found.because), ...left }
  // The file comes from the server that was asked, whatever siaddr says (seen in OVMF 2022.11).
  const outcome = end(found.reply, found.server ?? serverOf(found.reply))
  return { outcome, ...left, pxeReply: found.reply }
}

/** EDK2 PXE over IPv4 (NetworkPkg/UefiPxeBcDxe): OVMF and most UEFI firmware that derives from it. */
export const edk2Pxe = (settings: Edk2PxeOptions = {}): ClientModel => {
  const name = `EDK2 PXE, architecture ${settings.architecture ?? DEFAULT_ARCHITECTURE}`
  return modelOf(name, function* (journal): Script {
    return (yield* edk2PxeScript(journal, settings)).outcome
  })
}

// The packet with the boot part: an offer that is complete, or the answer of the first boot server that names a file.
function* proxyOf(
  client: Asker,
  { chosen, offers }: Extract<Dora<PxeKind>, { ok: true }>,
): Script<Reply | 'silent' | undefined> {
  if (chosen.kind !== 'DhcpBinl' && chosen.kind !== 'DhcpOnly') return undefined
  const complete =
    chosen.kind === 'DhcpOnly' ? offers.find((offer) => offer.kind === 'ProxyPxe10') : undefined
  if (complete) return complete.reply
  const candidates =
    chosen.kind === 'DhcpBinl' ? [chosen] : offers.filter((offer) => offer.kind === 'ProxyBinl')
  for (const { reply } of candidates) {
    const server = reply.siaddr.startsWith('0.')
      ? addressAt(edk2Option(reply, 54)!.value, 0)
      : reply.siaddr
    const answer = yield* ask(client, { server })
    if (answer && (hasDiscovery(answer) || fileOf(answer) !== undefined)) return answer
  }
  return candidates.length > 0 ? 'silent' : undefined
}

// Prompt and menu. Without a menu (43.9) the type stays 0, which is the local disk.
function* pick(
  journal: Journal,
  vendor: PxeVendorOptions,
  { choose: chosen, chooseAfterMs }: Edk2PxeOptions,
): Script<number> {
  const seconds = vendor.prompt?.seconds ?? 0
  const shown = seconds === 255 || (seconds > 0 && chosen !== undefined)
  if (shown) yield* pause(journal, chooseAfterMs ?? 0, 'choice')
  else yield* pause(journal, seconds * 1000, 'menu prompt')
  if (!vendor.menu) return 0
  const items = vendor.menu.slice(0, MAX_MENU_ITEMS)
  return items[shown ? Math.min(chosen ?? 0, items.length - 1) : 0]?.type ?? 0
}
