import type { Driver, Offer } from './edk2-dora.ts'
import { edk2Option } from './edk2-options.ts'
import { readPxeVendorOptions, type PxeVendorOptions } from './pxe-vendor.ts'
import { addressAt, cString, type Reply } from './wire.ts'

/** What kind of offer EDK2 sees; the order is the order of preference. */
export type PxeKind = 'DhcpPxe10' | 'DhcpOnly' | 'ProxyPxe10' | 'DhcpBinl' | 'ProxyBinl' | 'Bootp'

const isPxe = (reply: Reply): boolean =>
  cString(edk2Option(reply, 60)?.value.subarray(0, 9) ?? new Uint8Array()) === 'PXEClient'

export const vendorOf = (reply: Reply): PxeVendorOptions =>
  readPxeVendorOptions(isPxe(reply) ? edk2Option(reply, 43)?.value : undefined)

/** Without a NUL in its 128 bytes EDK2 reads on, through the cookie and into the options (seen in OVMF). */
const headerFile = (reply: Reply): string => cString(reply.bytes.subarray(108))

/** Option 67 wins over the header field. */
export const fileOf = (reply: Reply): string | undefined => {
  const option = edk2Option(reply, 67)
  const file = option ? cString(option.value) : headerFile(reply)
  return option || file ? file : undefined
}

const isProxy = (reply: Reply): boolean => reply.yiaddr.startsWith('0.')

export const sort = (
  reply: Reply,
  kept: readonly Offer<PxeKind>[],
): ReturnType<Driver<PxeKind>['sort']> => {
  const vendor = vendorOf(reply)
  const proxy = isProxy(reply)
  if (vendor.wraps)
    return {
      not: 'a part of option 43 runs past its end: an 8-bit offset wraps round and this firmware may never finish reading',
    }
  if (!edk2Option(reply, 53)) {
    if (fileOf(reply) === undefined) return { not: 'a BOOTP reply without a boot file' }
    return kept.some(({ kind }) => kind === 'Bootp')
      ? { not: 'only the first BOOTP reply is kept' }
      : { kind: 'Bootp', why: 'no message type (option 53), so it is taken for BOOTP' }
  }
  const discovery = [6, 7, 8, 9, 10].find((tag) => vendor.tags.has(tag))
  if (discovery !== undefined) {
    if (!proxy) return { kind: 'DhcpPxe10', why: `an address and option 43.${discovery}` }
    if (kept.some(({ kind }) => kind === 'ProxyPxe10'))
      return { not: 'only the first ProxyPxe10 offer is kept' }
    return { kind: 'ProxyPxe10', why: `no address, PXEClient, option 43.${discovery}` }
  }
  if ([1, 2, 3, 4, 5].some((tag) => vendor.tags.has(tag)))
    return { not: 'multicast TFTP (43.1-5) is not supported' }
  if (isPxe(reply)) {
    return proxy
      ? {
          kind: 'ProxyBinl',
          why: 'no address, PXEClient, no option 43.6-10: asked again on port 4011',
        }
      : { kind: 'DhcpBinl', why: 'an address and PXEClient: asked again on port 4011 itself' }
  }
  if (proxy) return { not: 'neither an address nor PXEClient' }
  return { kind: 'DhcpOnly', why: 'an address, not PXEClient' }
}

/** The first that exists wins. A main DHCP server that says PXEClient leaves no DhcpOnly offer: every proxy loses. */
export const choose = (offers: readonly Offer<PxeKind>[]): Offer<PxeKind> | undefined => {
  const first = (kind: PxeKind): Offer<PxeKind> | undefined =>
    offers.find((offer) => offer.kind === kind)
  const only = first('DhcpOnly')
  return (
    first('DhcpPxe10') ??
    (first('ProxyPxe10') && only) ??
    first('DhcpBinl') ??
    (first('ProxyBinl') && only) ??
    offers.find((offer) => offer.kind === 'DhcpOnly' && fileOf(offer.reply) !== undefined)
  )
}

export const hasDiscovery = (reply: Reply): boolean => {
  const { tags } = vendorOf(reply)
  return [6, 7, 8, 9, 10].some((tag) => tags.has(tag))
}

/** With bit 3 the first listed boot server, else siaddr, else option 54. */
export const serverOf = (reply: Reply): string => {
  const vendor = vendorOf(reply)
  const listed = vendor.control & 8 ? vendor.servers?.[0]?.addresses[0] : undefined
  if (listed !== undefined && !listed.startsWith('0.')) return listed
  return reply.siaddr.startsWith('0.')
    ? addressAt(edk2Option(reply, 54)?.value ?? new Uint8Array(4), 0)
    : reply.siaddr
}
