import { dora, type Driver, type Offer } from './edk2-dora.ts'
import { edk2Option } from './edk2-options.ts'
import { uuidOption, vendorClass, word, type Machine } from './machine.ts'
import { download, gaveUp, modelOf, type Script } from './script.ts'
import type { ClientModel } from './types.ts'
import { cString, fileField, type RawOption, type Reply } from './wire.ts'

/** Option 55 of NetworkPkg/HttpBootDxe; its 25th byte is never set, so any value may stand there. */
const PARAMETERS = [
  1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18, 22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 0, 67,
  97,
]

/** What kind of offer EDK2's HTTP Boot sees. */
type Kind =
  | 'DhcpIpUri'
  | 'DhcpIpUriDns'
  | 'DhcpNameUri'
  | 'DhcpNameUriDns'
  | 'DhcpOnly'
  | 'DhcpDns'
  | 'ProxyIpUri'
  | 'ProxyNameUri'

const ADDRESS_URL = /^https?:\/\/\d{1,3}(?:\.\d{1,3}){3}(?=[:/]|$)/i

const isHttp = (reply: Reply): boolean =>
  cString(edk2Option(reply, 60)?.value.subarray(0, 10) ?? new Uint8Array()) === 'HTTPClient'

/** Option 67, else the header field unless it is overloaded with options. */
const urlOf = (reply: Reply): string => {
  const option = edk2Option(reply, 67)
  if (option) return cString(option.value)
  return (edk2Option(reply, 52)?.value[0] ?? 0) & 1 ? '' : fileField(reply)
}

const sort = (reply: Reply): ReturnType<Driver<Kind>['sort']> => {
  const proxy = reply.yiaddr.startsWith('0.')
  const dns = edk2Option(reply, 6) !== undefined
  if (!isHttp(reply)) {
    if (proxy) return { not: 'neither an address nor HTTPClient' }
    return {
      kind: dns ? 'DhcpDns' : 'DhcpOnly',
      why: `an address, not HTTPClient, ${dns ? 'with' : 'no'} DNS server`,
    }
  }
  const url = urlOf(reply)
  if (!URL.canParse(url)) return { not: `HTTPClient without a URL (${JSON.stringify(url)})` }
  const byAddress = ADDRESS_URL.test(url)
  if (proxy)
    return {
      kind: byAddress ? 'ProxyIpUri' : 'ProxyNameUri',
      why: `no address, HTTPClient, ${url}`,
    }
  const kind: Kind = byAddress
    ? dns
      ? 'DhcpIpUriDns'
      : 'DhcpIpUri'
    : dns
      ? 'DhcpNameUriDns'
      : 'DhcpNameUri'
  return { kind, why: `an address, HTTPClient, ${url}` }
}

/** The first combination that exists: an address offer, and the proxy offer that goes with it. */
const PREFERENCE: readonly (readonly [Kind, Kind?])[] = [
  ['DhcpIpUri'],
  ['DhcpIpUriDns'],
  ['DhcpNameUriDns'],
  ['DhcpOnly', 'ProxyIpUri'],
  ['DhcpDns', 'ProxyIpUri'],
  ['DhcpDns', 'ProxyNameUri'],
  ['DhcpDns', 'DhcpNameUri'],
]

const pairOf = (offers: readonly Offer<Kind>[]): [Offer<Kind>, Offer<Kind>] | undefined => {
  const first = (kind: Kind): Offer<Kind> | undefined => offers.find((offer) => offer.kind === kind)
  for (const [address, proxy] of PREFERENCE) {
    const chosen = first(address)
    const uri = proxy === undefined ? chosen : first(proxy)
    if (chosen && uri) return [chosen, uri]
  }
  return undefined
}

/** EDK2 HTTP Boot over IPv4 (NetworkPkg/HttpBootDxe), without a URL set by hand. It has no stage on port 4011. */
export const edk2Http = (settings: Machine = {}): ClientModel => {
  const architecture = settings.architecture ?? 16
  const options: RawOption[] = [
    [55, PARAMETERS],
    uuidOption(settings),
    [94, [1, 3, 0]],
    [93, word(architecture)],
    vendorClass('HTTPClient', architecture, '003000'),
  ]
  return modelOf(`EDK2 HTTP Boot, architecture ${architecture}`, function* (journal): Script {
    const choose = (offers: readonly Offer<Kind>[]): Offer<Kind> | undefined => pairOf(offers)?.[0]
    const lease = yield* dora(journal, {
      machine: settings,
      options,
      requestLimit: 1472,
      sort,
      choose,
    })
    if (!lease.ok) {
      const named = lease.code === 'NO_USABLE_OFFER' && lease.because.includes('NameUri')
      const hint = 'the URL has a host name and the DHCP server named no DNS server'
      return gaveUp(journal, named ? 'NO_DNS' : lease.code, named ? hint : lease.because)
    }
    const [, uri] = pairOf(lease.offers)!
    const url = urlOf(uri.reply)
    return download(journal, 'http', new URL(url).hostname, url)
  })
}
