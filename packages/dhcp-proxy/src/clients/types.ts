import type { Endpoint } from '../endpoint.ts'

/** One UDP datagram, as it is on the wire. */
export interface Datagram {
  readonly from: Endpoint
  readonly to: Endpoint
  readonly payload: Uint8Array
}

/** What a client model can be told. A timer event before the time that the model asked for is ignored. */
export type ClientEvent =
  | { readonly type: 'start' }
  | { readonly type: 'packet'; readonly datagram: Datagram }
  | { readonly type: 'timer' }

/** What a client model asks for. It has one timer: a later `timer` replaces an earlier one. */
export type ClientAction =
  | { readonly type: 'send'; readonly datagram: Datagram }
  | { readonly type: 'timer'; readonly atMs: number }
  | { readonly type: 'verdict'; readonly verdict: Verdict }
  | { readonly type: 'outcome'; readonly outcome: Outcome }

/** What the client did with one packet, and why: the material of every diagnosis. */
export interface Verdict {
  readonly datagram: Datagram
  readonly accepted: boolean
  /** What the packet is to this client: `ProxyPxe10`, `DhcpOnly`, ... */
  readonly role: string
  readonly why: string
}

/** One wait of the client, in the order they happened. */
export interface Wait {
  readonly what: string
  readonly ms: number
}

/** Why a client gave up. */
export type GaveUpCode =
  /** Nobody offered an address. */
  | 'NO_ADDRESS'
  /** Offers came, but none, or no pair of them, that this firmware selects. */
  | 'NO_USABLE_OFFER'
  /** The chosen DHCP server did not confirm. */
  | 'NO_ACK'
  /** The boot server on port 4011 did not answer, or not with what was asked. */
  | 'NO_BOOT_SERVER'
  /** A boot server list has no entry for the chosen menu item. */
  | 'BAD_BOOT_SERVER_LIST'
  /** Everything was answered, yet no file was named. */
  | 'NO_BOOT_FILE'
  /** The item chosen is type 0: boot from the local disk. */
  | 'LOCAL_BOOT'
  /** A host name has to be resolved and nobody named a DNS server. */
  | 'NO_DNS'

/** Where a client ended. */
export type Outcome =
  | {
      readonly type: 'download'
      readonly protocol: 'tftp' | 'http'
      readonly server: string
      /** A path for TFTP, a whole URL for HTTP. */
      readonly file: string
      readonly atMs: number
      readonly waits: readonly Wait[]
    }
  | {
      readonly type: 'gave-up'
      readonly code: GaveUpCode
      readonly because: string
      readonly atMs: number
      readonly waits: readonly Wait[]
    }

/** A client as a state machine on a clock that the caller keeps. It holds state, but no clock, timer or socket. */
export interface ClientModel {
  /** For people: `EDK2 PXE (x64)`. */
  readonly name: string
  handle(event: ClientEvent, nowMs: number): readonly ClientAction[]
}

/** One sentence: `downloads ipxe.efi from 10.0.0.2 (tftp)` or `gave up because ... after 60000 ms`. */
export const describeOutcome = (outcome: Outcome): string => {
  return outcome.type === 'download'
    ? `downloads ${outcome.file} from ${outcome.server} (${outcome.protocol})`
    : `gave up because ${outcome.because} after ${outcome.atMs} ms`
}
