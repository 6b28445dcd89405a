import type { IpxeInfo } from '../codec/options/ipxe.ts'
import type { BootItem } from '../codec/options/vendor.ts'
import type { DhcpPacket } from '../codec/packet.ts'
import { hexOf } from '../codec/text.ts'
import type { Firmware } from './firmware.ts'

/** Where a packet came in, and from whom. */
export interface Arrival {
  /** Which service it reached: 67 (DHCP) or 4011 (PXE boot server), whatever port numbers are really bound. */
  readonly port: 67 | 4011
  readonly source: { readonly address: string; readonly port: number }
  readonly interface: string
  /** The address of that interface which replies advertise. */
  readonly localAddress: string
}

/** What a relay agent added (option 82). Ids are text where all of it is printable, else `0x…`. */
export interface RelayFacts {
  /** `giaddr`; absent where option 82 came without one. */
  readonly address?: string
  readonly circuitId?: string
  readonly remoteId?: string
  readonly subscriberId?: string
  /** RFC 3527. */
  readonly linkSelection?: string
  /** RFC 5107. */
  readonly serverIdOverride?: string
  /** RFC 5010: the relay got it by unicast. */
  readonly unicast?: boolean
}

/** Every fact that one request tells. Text from the wire has one character per byte and is not escaped. */
export interface BootRequest extends Arrival {
  readonly type: 'discover' | 'request' | 'inform'
  readonly xid: number
  /** Lower case, with colons; absent where the hardware is not Ethernet. */
  readonly mac?: string
  /** `chaddr` to its length, hex with colons, whatever the hardware; empty where the length is 0. */
  readonly hardwareAddress: string
  /** Option 97 as SMBIOS tools and iPXE's `${uuid}` print it. */
  readonly uuid?: string
  /** Option 93, most wanted first; where it is missing, the number in option 60. */
  readonly architectures: readonly number[]
  readonly firmware: Firmware
  readonly userClasses: readonly string[]
  readonly vendorClass?: string
  /** Option 61, hex with colons, type byte included. */
  readonly clientId?: string
  readonly relay?: RelayFacts
  /** `ciaddr`, where the client has an address. */
  readonly clientAddress?: string
  /** Option 43.71: what was chosen from a menu. */
  readonly bootItem?: BootItem
  /** Option 175 decoded. A fact, no proof that this is iPXE. */
  readonly ipxe?: IpxeInfo
  readonly packet: DhcpPacket
}

/** A MAC, or its first bytes, as requests have it: lower case, with colons. */
export const normalMac = (text: string): string => text.toLowerCase().replaceAll('-', ':')

const ETHERNET = 1

/** The hardware address of a packet, and the MAC where the hardware is Ethernet. */
export const hardwareOf = ({
  chaddr,
  hlen,
  htype,
}: DhcpPacket): { readonly hardwareAddress: string; readonly mac?: string } => {
  const hardwareAddress = hexOf(chaddr.subarray(0, hlen), ':')
  return htype === ETHERNET && hlen === 6
    ? { hardwareAddress, mac: hardwareAddress }
    : { hardwareAddress }
}
