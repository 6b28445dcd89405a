import type { IpxeSettings } from '../codec/options/ipxe.ts'
import type { VendorOptions } from '../codec/options/vendor.ts'
import type { OptionValue } from '../codec/value.ts'
import type { ReplyLayout } from './layouts.ts'
import type { BootMenu } from './menu.ts'
import type { BootRequest } from './request.ts'

/** One rule that was looked at, for people and for tools. */
export interface Reason {
  readonly rule: string
  readonly matched: boolean
  /** `architecture is 7, not 0` and the like. */
  readonly why: string
}

/** Boot this machine. Either `file` or `menu` is given; a Raspberry Pi and U-Boot need neither. */
export interface BootAnswer {
  readonly action: 'boot'
  /** File name or URL, up to 254 bytes of printable ASCII. */
  readonly file?: string
  /** IPv4 address of the TFTP server. Default: the address of the interface that the request came in on. */
  readonly nextServer?: string
  /** Default: by firmware. */
  readonly layout?: ReplyLayout
  readonly menu?: BootMenu
  /** Option 43 instead of the layout's: sub-options of PXE, or the bytes as they are, for who knows. */
  readonly vendorOptions?: VendorOptions | OptionValue
  /** Option 60 instead of the firmware's own: a text, `echo` for what the client said, `none` for no such option. */
  readonly vendorClass?: string
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
