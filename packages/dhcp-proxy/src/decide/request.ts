import type { IpxeInfo } from '../codec/options/ipxe.ts'
import type { BootItem } from '../codec/options/vendor.ts'
import type { DhcpPacket } from '../codec/packet.ts'
import { hexOf } from '../codec/text.ts'
import type { Endpoint, Service } from '../endpoint.ts'
import type { Firmware } from './firmware.ts'

/** Where a packet came in, and from whom. */
export interface Arrival {
  /** The service it reached. */
  readonly port: Service
  /** Who sent it. */
  readonly peer: Endpoint
  /** Name of the interface. */
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

/**
 * Every fact that one request tells. Text from the wire has one character per byte and is not escaped. Facts are read
 * when somebody looks, so they are not copied by `{ ...request }`; `requestFacts` gives them as plain data.
 */
export interface BootRequest extends Arrival {
  readonly type: 'discover' | 'request' | 'inform'
  readonly xid: number
  /** Lower case, with colons; undefined where the hardware is not Ethernet. */
  readonly mac?: string | undefined
  /** `chaddr` to its length, hex with colons, whatever the hardware; empty where the length is 0 (InfiniBand, RFC 4390). */
  readonly hardwareAddress: string
  /** Option 97 as SMBIOS tools and iPXE's `${uuid}` print it; undefined where it is one that many machines share. */
  readonly uuid?: string | undefined
  /** The same 16 bytes read in the other byte order. */
  readonly swappedUuid?: string | undefined
  /** Option 97 where many machines have the same one: it names none of them. */
  readonly sharedUuid?: string | undefined
  /** Option 93, most wanted first; where it is missing, the number in option 60. */
  readonly architectures: readonly number[]
  /** What it boots as: the one of `architectures` that fits the protocol of option 60, or what the firmware is known for. */
  readonly architecture?: number | undefined
  readonly firmware: Firmware
  readonly userClasses: readonly string[]
  readonly vendorClass?: string | undefined
  /** Option 61, hex with colons, type byte included. */
  readonly clientId?: string | undefined
  readonly relay?: RelayFacts | undefined
  /** `ciaddr`, where the client has an address. */
  readonly clientAddress?: string | undefined
  /** Option 43.71: what was chosen from a menu. */
  readonly bootItem?: BootItem | undefined
  /** Option 175 decoded. A fact, no proof that this is iPXE. */
  readonly ipxe?: IpxeInfo | undefined
  readonly packet: DhcpPacket
}

/** A MAC, or its first bytes, as requests have it: lower case, with colons. */
export const normalMac = (text: string): string => text.toLowerCase().replaceAll('-', ':')

/** Hardware type of Ethernet, RFC 1700. */
export const ETHERNET = 1

/** What a machine is known by: its hardware address, or its client id where that is empty. */
export const identityOf = ({ hardwareAddress, clientId = '' }: BootRequest): string =>
  hardwareAddress === '' ? clientId : hardwareAddress

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
