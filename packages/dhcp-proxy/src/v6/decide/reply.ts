import { DhcpError } from '../../errors.ts'
import { MessageType6, OptionCode6, valueOf, type Dhcp6Option } from '../codec/message.ts'
import { encodeBootFileUrl } from '../codec/options/boot-file-url.ts'
import { encodePreference } from '../codec/options/preference.ts'
import { encodeVendorClass6, PXE_ENTERPRISE } from '../codec/options/vendor-class.ts'
import { encodeRelayed } from '../codec/relay.ts'
import type { BootRequest6 } from './request.ts'

/** A reply ready to be sent. */
export interface Reply6 {
  readonly type: 'advertise' | 'reply'
  /** What it names; an ADVERTISE for PXE names nothing yet. */
  readonly url?: string
  readonly bytes: Uint8Array
}

/** IPv6 hands on 1280 bytes everywhere (RFC 8200 section 5): so much of them is left by its header and UDP's. */
const MAX_REPLY_BYTES = 1232

const SCHEMES = { pxe: /^tftp:\/\//i, http: /^https?:\/\//i } as const
const CLASSES = { pxe: 'PXEClient:', http: 'HTTPClient' } as const
const ZONE = /^[a-z]+:\/\/\[[^\]]*%/i

const checkUrl = (url: string, protocol: BootRequest6['protocol']): void => {
  if (!SCHEMES[protocol].test(url))
    throw new DhcpError(
      'ERR_DHCP_DECISION',
      `URL ${JSON.stringify(url)} is not the ${protocol === 'pxe' ? 'tftp://' : 'http:// or https://'} URL that ${CLASSES[protocol].replace(':', '')} needs`,
    )
  if (ZONE.test(url))
    throw new DhcpError(
      'ERR_DHCP_DECISION',
      `URL ${JSON.stringify(url)} has a zone, which means nothing to another host; use an address without one`,
    )
}

/**
 * The exact reply to a request. Pure. HTTP Boot takes the URL from the ADVERTISE. PXE firmware asks a second time, on port 4011:
 * where the ADVERTISE names a URL it asks that host, from an address that it may not have yet, and otherwise all servers of
 * the link, which always works; so the URL is in the second answer alone. There is no address in either: the main server's
 * business. Options in this order: EDK2 looks for the NUL behind a URL, and 7, which is last, begins with one.
 * @throws {DhcpError} `ERR_DHCP_DECISION`, `ERR_DHCP_BOOT_FILE`, `ERR_DHCP_REPLY_TOO_LARGE`
 */
export const buildReply6 = (request: BootRequest6, url: string, serverDuid: Uint8Array): Reply6 => {
  const { message, protocol, relays, port } = request
  checkUrl(url, protocol)
  const encodedUrl = encodeBootFileUrl(url)
  const isAdvertise = port === 547
  const isNamed = !isAdvertise || protocol === 'http'
  const vendorClass = { enterprise: PXE_ENTERPRISE, classes: [CLASSES[protocol]] }
  const options: readonly Dhcp6Option[] = [
    { code: OptionCode6.CLIENTID, value: valueOf(message.options, OptionCode6.CLIENTID)! },
    { code: OptionCode6.SERVERID, value: serverDuid },
    { code: OptionCode6.VENDOR_CLASS, value: encodeVendorClass6(vendorClass) },
    ...(isNamed ? [{ code: OptionCode6.BOOTFILE_URL, value: encodedUrl }] : []),
    { code: OptionCode6.PREFERENCE, value: encodePreference(0) },
  ]
  const type = isAdvertise ? MessageType6.ADVERTISE : MessageType6.REPLY
  const bytes = encodeRelayed({ message: { type, xid: message.xid, options }, relays })
  if (bytes.length > MAX_REPLY_BYTES)
    throw new DhcpError(
      'ERR_DHCP_REPLY_TOO_LARGE',
      `a reply of ${bytes.length} bytes is larger than ${MAX_REPLY_BYTES}, what IPv6 hands on everywhere`,
    )
  return { type: isAdvertise ? 'advertise' : 'reply', ...(isNamed && { url }), bytes }
}
