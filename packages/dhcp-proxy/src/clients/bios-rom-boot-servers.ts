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
import { ACK, PXE_PORT, SERVER_PORT } from './dhcp-ports.ts'
import { word } from './machine.ts'
import type { PxeVendorOptions } from './pxe-vendor.ts'
import { download, gaveUp, pause, type Journal, type Script } from './script.ts'
import type { Outcome } from './types.ts'
import { BROADCAST, type Reply } from './wire.ts'

/** What the person at the keyboard does. */
export interface Choice {
  /** Which menu item a person chooses, counted from 0. Absent: nobody touches the keyboard. */
  readonly choose?: number
  /** How long the person takes, in milliseconds. Default: 0. */
  readonly chooseAfterMs?: number
}

export const noFile = (journal: Journal): Outcome =>
  gaveUp(journal, 'NO_BOOT_FILE', 'no boot file was named (PXE-E53)')
export const listedOr = (reply: Reply): string =>
  vendorOf(reply).servers?.[0]?.addresses[0] ?? serverOf(reply)

// Asks the proxy on port 4011 for what its offer left out.
export function* askProxy(rom: Rom, settings: Choice, offer: Reply, station: string): Script {
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

// Shows the menu, then asks the boot servers of the item: multicast, broadcast, the list.
export function* menu(
  rom: Rom,
  settings: Choice,
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
