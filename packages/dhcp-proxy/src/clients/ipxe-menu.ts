import { ACK, CLIENT_PORT, PXE_PORT, REQUEST, SERVER_PORT } from './dhcp-ports.ts'
import { exchange, packetOf, type Session } from './ipxe-session.ts'
import { ipxeOption, type IpxePacket } from './ipxe-settings.ts'
import { word } from './machine.ts'
import { readPxeVendorOptions } from './pxe-vendor.ts'
import { download, gaveUp, pause, type Journal, type Script } from './script.ts'
import type { Datagram, Outcome } from './types.ts'
import { BROADCAST, NO_ADDRESS } from './wire.ts'

/** Time-outs of a question to a boot server, in milliseconds. */
const BOOT_SERVER_MS = [1000, 2000, 4000]

/** A person at a menu. */
export interface MenuChoice {
  readonly choose?: number
  readonly chooseAfterMs?: number
}

/** A URL is taken as it is; anything else is a path on the server that named it. */
export const locate = (journal: Journal, { filename, nextServer }: IpxePacket): Outcome => {
  if (/^[a-z][a-z0-9+.-]*:/i.test(filename) && URL.canParse(filename)) {
    const url = new URL(filename)
    if (url.protocol !== 'tftp:') return download(journal, 'http', url.hostname, filename)
    return download(journal, 'tftp', url.hostname, url.pathname.slice(1))
  }
  if (nextServer === NO_ADDRESS)
    return gaveUp(journal, 'NO_BOOT_FILE', `no server (siaddr) for the file ${filename}`)
  return download(journal, 'tftp', nextServer, filename)
}

export function* menu(
  session: Session,
  settings: MenuChoice,
  block: IpxePacket,
  station: string,
): Script {
  const { journal } = session
  const vendor = readPxeVendorOptions(ipxeOption(block.reply, 43))
  const seconds = vendor.prompt?.seconds ?? 255
  const shown = seconds === 255 || (seconds > 0 && settings.choose !== undefined)
  if (shown) yield* pause(journal, settings.chooseAfterMs ?? 0, 'choice')
  else yield* pause(journal, seconds * 1000, 'menu prompt')
  const type = vendor.menu?.[shown ? (settings.choose ?? 0) : 0]?.type ?? 0
  if (type === 0)
    return gaveUp(journal, 'LOCAL_BOOT', 'the chosen item is type 0, boot from the local disk')

  const listed = (vendor.servers ?? [])
    .filter((entry) => entry.type === type)
    .flatMap((entry) => entry.addresses)
  const accept = vendor.control & 4 ? listed : undefined
  const targets = [
    ...(vendor.control & 2 || !vendor.multicast ? [] : [vendor.multicast]),
    ...(vendor.control & 1 ? [] : [BROADCAST]),
    ...listed,
  ]
  if (targets.length === 0)
    return gaveUp(journal, 'BAD_BOOT_SERVER_LIST', `there is no boot server for boot item ${type}`)
  const vendorClassSaid = ipxeOption(block.reply, 60)
  for (const address of targets) {
    const asking: Session = {
      journal,
      chaddr: session.chaddr,
      options: session.options,
      xid: 0,
      count: 0,
    }
    const request = (): Datagram => ({
      from: { address: station, port: CLIENT_PORT },
      to: { address, port: address === BROADCAST ? SERVER_PORT : PXE_PORT },
      payload: packetOf(asking, REQUEST, [[43, [71, 4, ...word(type), 0, 0, 255]]], {
        ciaddr: station,
        ...(vendorClassSaid && { vendor: vendorClassSaid }),
      }),
    })
    const reply = yield* exchange(asking, BOOT_SERVER_MS, request, (packet) => {
      const { port } = packet.datagram.from
      if (port !== SERVER_PORT && port !== PXE_PORT) return `it comes from port ${port}`
      if (packet.type !== ACK) return `message type ${packet.type}`
      const item = readPxeVendorOptions(ipxeOption(packet.reply, 43)).item ?? 0
      if (item !== type) return `it is for boot item ${item}, not ${type}`
      return accept && !accept.includes(packet.pseudoId)
        ? `${packet.pseudoId} is not listed in option 43.8`
        : undefined
    })
    if (reply)
      return reply.filename
        ? locate(journal, reply)
        : gaveUp(journal, 'NO_BOOT_FILE', 'the boot server named no file')
  }
  return gaveUp(journal, 'NO_BOOT_SERVER', `no boot server answered for boot item ${type}`)
}
