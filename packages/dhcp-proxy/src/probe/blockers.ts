import { isBootServerClass } from '../decide/firmware.ts'
import type { SeenOffer } from './offers.ts'

/** Something on this network that keeps machines from booting, or will when something else changes. */
export interface Blocker {
  readonly code:
    | 'NO_ADDRESS'
    | 'NO_PROXY'
    | 'ECHOED_VENDOR_CLASS'
    | 'SECOND_PROXY'
    | 'FOREIGN_BOOT_FILE'
    | 'FOREIGN_NEXT_SERVER'
    | 'SECOND_DHCP_SERVER'
  /** Who is the cause, by address; empty where nobody is. */
  readonly from: readonly string[]
  readonly text: string
}

const serverOf = ({ serverId, from }: SeenOffer): string => serverId ?? from
const distinct = (offers: readonly SeenOffer[]): string[] => [...new Set(offers.map(serverOf))]

/**
 * Names what stands in the way of this client, from the offers alone.
 * @param clientClass its option 60: a PXE client does not mind what is said to HTTP clients, nor the other way round
 */
export const findBlockers = (
  offers: readonly SeenOffer[],
  clientClass: string,
): readonly Blocker[] => {
  const mains = offers.filter(({ kind }) => kind === 'address')
  const proxies = offers.filter(({ kind }) => kind === 'proxy')
  const blockers: Blocker[] = []

  if (mains.length === 0) {
    blockers.push({
      code: 'NO_ADDRESS',
      from: [],
      text: 'no DHCP server offered an address: nothing can boot without one',
    })
  }
  const [spoken = ''] = clientClass.split(':', 1)
  const echoing = mains.filter(
    ({ vendorClass = '' }) => isBootServerClass(vendorClass) && vendorClass.startsWith(spoken),
  )
  if (proxies.length === 0 && echoing.length === 0) {
    blockers.push({
      code: 'NO_PROXY',
      from: [],
      text: 'no server answered with the boot part (option 60 PXEClient or HTTPClient)',
    })
  }
  for (const main of echoing) {
    const server = serverOf(main)
    blockers.push({
      code: 'ECHOED_VENDOR_CLASS',
      from: [server],
      text: `the DHCP server ${server} says option 60 "${main.vendorClass}" itself, so firmware takes it for the boot server and ignores every ProxyDHCP: remove option 60 there`,
    })
  }
  const proxyServers = distinct(proxies)
  if (proxyServers.length > 1) {
    const text = `${proxyServers.length} ProxyDHCP servers answer (${proxyServers.join(', ')}): each firmware chooses in its own way, so switch all but one off`
    blockers.push({ code: 'SECOND_PROXY', from: proxyServers, text })
  }
  for (const main of mains.filter((offer) => !echoing.includes(offer))) {
    const server = serverOf(main)
    if (main.file !== undefined) {
      const text = `the DHCP server ${server} names the boot file "${main.file}"${main.nextServer ? ` on ${main.nextServer}` : ''}: iPXE takes that before the file of any ProxyDHCP, and so do the second stages of shim and GRUB`
      blockers.push({ code: 'FOREIGN_BOOT_FILE', from: [server], text })
    } else if (
      main.nextServer !== undefined &&
      main.nextServer !== server &&
      !proxyServers.includes(main.nextServer)
    ) {
      const text = `the DHCP server ${server} names ${main.nextServer} as next server: the files of GRUB before 2.12, and of old iPXE scripts that use \${next-server}, are asked for there; take GRUB 2.12 or newer`
      blockers.push({ code: 'FOREIGN_NEXT_SERVER', from: [server], text })
    }
  }
  const mainServers = distinct(mains)
  if (mainServers.length > 1) {
    const text = `${mainServers.length} DHCP servers offer addresses (${mainServers.join(', ')}): which one a machine takes is chance`
    blockers.push({ code: 'SECOND_DHCP_SERVER', from: mainServers, text })
  }
  return blockers
}
