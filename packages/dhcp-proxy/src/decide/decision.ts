import type { IpxeSettings } from '../codec/options/ipxe.ts'
import type { OptionValue } from '../codec/value.ts'
import type { BootMenu } from './menu.ts'
import type { BootRequest } from './request.ts'

/** How a reply is laid out; the firmware's own is used where a decision names none. */
export type Profile = 'direct' | 'binl' | 'menu' | 'http-boot' | 'raspberry-pi' | 'u-boot' | 'ipxe'

/** One rule that was looked at, for people and for tools. */
export interface Reason {
  readonly rule: string
  readonly matched: boolean
  /** `architecture is 7, not 0` and the like. */
  readonly why: string
}

/** Boot this machine. Either `bootFile` or `menu` is given; a Raspberry Pi needs neither. */
export interface BootAnswer {
  readonly action: 'boot'
  /** File name or URL, up to 254 bytes of printable ASCII. */
  readonly bootFile?: string
  /** IPv4 address of the TFTP server. Default: the address of the interface that the request came in on. */
  readonly nextServer?: string
  /** Default: by firmware. */
  readonly profile?: Profile
  readonly menu?: BootMenu
  /** More options by code, such as 128–135, 150 or 208–211; those the server sets itself are refused. */
  readonly options?: Readonly<Record<number, OptionValue>>
  /** Option 175. */
  readonly ipxe?: IpxeSettings
  /** How long to wait before replying, in ms, 0–10000. Default: 0; 1000 for a Raspberry Pi's OFFER. */
  readonly delayMs?: number
  /** Let iPXE load an iPXE binary once more: switches the loop guard off. Default: false. */
  readonly chainAgain?: boolean
  /** Anything that survives JSON: comes back in every channel record of this exchange. */
  readonly context?: unknown
  readonly reasons?: readonly Reason[]
}

/** Say nothing to this machine. */
export interface BootIgnore {
  readonly action: 'ignore'
  readonly context?: unknown
  readonly reasons?: readonly Reason[]
}

export type BootDecision = BootAnswer | BootIgnore

/** Decides what a machine boots. `signal` fires when the deadline has passed or the server closes. */
export type Decide = (
  request: BootRequest,
  context: { readonly signal: AbortSignal },
) => BootDecision | PromiseLike<BootDecision>
