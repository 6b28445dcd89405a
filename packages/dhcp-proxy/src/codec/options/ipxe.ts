import { DhcpError } from '../../errors.ts'
import { valueBytes, type OptionValue } from '../value.ts'

// Option 175, iPXE's own: sub-option code, length, value … (255). A client tells its features (16 and up), its
// version (235) and where its network card sits (177); a server sends settings.

/** What iPXE says it was built with, by sub-option code. */
const FEATURES: ReadonlyMap<number, string> = new Map([
  [0x10, 'pxe-extensions'],
  [0x11, 'iscsi'],
  [0x12, 'aoe'],
  [0x13, 'http'],
  [0x14, 'https'],
  [0x15, 'tftp'],
  [0x16, 'ftp'],
  [0x17, 'dns'],
  [0x18, 'bzimage'],
  [0x19, 'multiboot'],
  [0x1a, 'slam'],
  [0x1b, 'srp'],
  [0x20, 'nbi'],
  [0x21, 'pxe'],
  [0x22, 'elf'],
  [0x23, 'comboot'],
  [0x24, 'efi'],
  [0x25, 'fcoe'],
  [0x26, 'vlan'],
  [0x27, 'menu'],
  [0x28, 'sdi'],
  [0x29, 'nfs'],
])

export interface IpxeInfo {
  readonly features: readonly string[]
  /** `1.21.1` of 235, or of whatever version the build names. */
  readonly version?: string
  /** Where the card sits: bus type 1 is PCI. */
  readonly busId?: { readonly type: number; readonly vendor: number; readonly device: number }
  /** Every sub-option as it came, the ones above included. */
  readonly options: ReadonlyMap<number, Uint8Array>
}

/** Reads what is well formed; undefined where nothing is. */
export const decodeIpxe = (bytes: Uint8Array): IpxeInfo | undefined => {
  const options = new Map<number, Uint8Array>()
  const features: string[] = []
  for (let at = 0; at < bytes.length;) {
    const code = bytes[at++]!
    if (code === 0) continue
    if (code === 255 || at === bytes.length) break
    const end = at + 1 + bytes[at]!
    if (end > bytes.length) break
    const value = bytes.subarray(at + 1, end)
    options.set(code, value)
    const feature = FEATURES.get(code)
    if (feature && value.length > 0 && value[0] !== 0) features.push(feature)
    at = end
  }
  if (options.size === 0) return undefined
  const version = options.get(235)
  const bus = options.get(177)
  return {
    features,
    ...(version?.length === 3 && { version: version.join('.') }),
    ...(bus?.length === 5 && {
      busId: { type: bus[0]!, vendor: (bus[1]! << 8) | bus[2]!, device: (bus[3]! << 8) | bus[4]! },
    }),
    options,
  }
}

/** The settings a server can send to iPXE in option 175, https://ipxe.org/howto/dhcpd. */
export interface IpxeSettings {
  /** 175.1, −128 to 127: how this offer ranks among others. */
  readonly priority?: number
  /** 175.8: keep the SAN device when booting from it fails. */
  readonly keepSan?: boolean
  /** 175.9: attach the SAN device and do not boot from it. */
  readonly skipSanBoot?: boolean
  /** 175.176: do not wait for a ProxyDHCP server. */
  readonly noProxyDhcp?: boolean
  /** Any other sub-option; a script reads text at 200 as `${175.200:string}`. */
  readonly options?: Readonly<Record<number, OptionValue>>
}

const refuse = (message: string): never => {
  throw new DhcpError('ERR_DHCP_OPTION', message)
}

const settingBytes = (code: number, value: OptionValue): Uint8Array => {
  if (!Number.isInteger(code) || code < 1 || code > 254)
    refuse(`sub-option 175.${code} is outside 1–254`)
  const bytes = valueBytes(value)
  if (!bytes) {
    const seen = JSON.stringify(value)
    return refuse(`sub-option 175.${code} ${seen} is neither Latin-1 text nor bytes (0–255)`)
  }
  if (bytes.length > 255) {
    throw new DhcpError(
      'ERR_DHCP_OPTION_TOO_LONG',
      `sub-option 175.${code} of ${bytes.length} bytes is longer than 255`,
    )
  }
  return bytes
}

/** @throws {DhcpError} `ERR_DHCP_OPTION` or `ERR_DHCP_OPTION_TOO_LONG` */
export const encodeIpxe = (settings: IpxeSettings): Uint8Array => {
  const { priority } = settings
  const list: [number, Uint8Array][] = []
  if (priority !== undefined) {
    if (!Number.isInteger(priority) || priority < -128 || priority > 127) {
      refuse(`iPXE priority ${priority} is outside -128–127`)
    }
    list.push([1, Uint8Array.of(priority & 0xff)])
  }
  const flags = [
    [8, settings.keepSan],
    [9, settings.skipSanBoot],
    [176, settings.noProxyDhcp],
  ] as const
  for (const [code, on] of flags) if (on !== undefined) list.push([code, Uint8Array.of(on ? 1 : 0)])
  for (const [key, value] of Object.entries(settings.options ?? {})) {
    list.push([Number(key), settingBytes(Number(key), value)])
  }
  return Uint8Array.from(list.flatMap(([code, value]) => [code, value.length, ...value]))
}
