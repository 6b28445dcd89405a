import type { Bytes } from './bytes.ts'

/** A request for a file. */
export interface FetchRequest {
  readonly uri: string
  /** What `params --method` says; else POST where there are parameters, and GET where there are none but headers. */
  readonly method: string
  /** The parameters of `param`, where the URI asked for them with `##params`. */
  readonly parameters: readonly { readonly name: string; readonly value: string }[]
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  /** Milliseconds since the script began, on the virtual clock. */
  readonly atMs: number
}

/**
 * What a request gives: the file; `true` for some program that boots, whatever is in it; nothing where there is no
 * such file; `timeout` for a server that does not answer.
 */
export type FetchReply =
  | string
  | Uint8Array
  | true
  | undefined
  | { readonly error: 'timeout' | 'unreachable' }

export type Fetch = (request: FetchRequest) => FetchReply | Promise<FetchReply>

/** The network: files by their URI, or a function. */
export type Network = Readonly<Record<string, FetchReply>> | Fetch

export const fetchFrom = (network: Network): Fetch =>
  typeof network === 'function'
    ? network
    : ({ uri }) => (Object.hasOwn(network, uri) ? network[uri] : undefined)

/** What iPXE takes an image for. `program`: said to boot by the network's owner. */
export type ImageType = 'script' | 'bzImage' | 'ELF' | 'Multiboot' | 'EFI' | 'PXE-NBP' | 'program'

/** Largest image that BIOS takes for a raw boot program: what fits below 640 KiB. */
const MAX_NBP = 0xa0000 - 0x7c00

const isBzImage = (data: Bytes): boolean =>
  data.length > 0x264 &&
  data.slice(0x1fe, 0x200) === '\x55\xaa' &&
  data.slice(0x202, 0x206) === 'HdrS'

const MULTIBOOT = '\x02\xb0\xad\x1b'

/** iPXE's probes in their order: the first that accepts the image decides. */
export const typeOf = (data: Bytes, platform: string): ImageType | undefined => {
  if (/^#![ig]pxe[ \t\n\v\f\r]/.test(data)) return 'script'
  if (platform === 'efi') return data.startsWith('MZ') ? 'EFI' : undefined
  if (isBzImage(data)) return 'bzImage'
  if (data.slice(0, 8192).includes(MULTIBOOT)) return 'Multiboot'
  if (data.startsWith('\x7fELF')) return 'ELF'
  return data.length <= MAX_NBP ? 'PXE-NBP' : undefined
}
