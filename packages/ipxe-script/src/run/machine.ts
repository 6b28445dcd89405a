/** A network card, and what DHCP tells it. */
export interface NetworkCard {
  /** Default: `52:54:00:12:34:56`, the last octet counted up for further cards. */
  readonly mac?: string
  /** iPXE's driver. Default: `82540em`. */
  readonly chip?: string
  /** Bus type, vendor and device. Default: `01:80:86:10:0e`. */
  readonly busId?: string
  /** Default: `true`. Without a link nothing answers. */
  readonly link?: boolean
  /**
   * The main DHCP server's answer, by setting name: `{ ip: '10.0.0.7', 'next-server': '10.0.0.2', '175.200': 'x' }`.
   * `false`: nobody answers. Default: an address, and a next server at 10.0.2.2.
   */
  readonly dhcp?: Readonly<Record<string, string>> | false
  /** What a ProxyDHCP server adds. */
  readonly proxyDhcp?: Readonly<Record<string, string>>
}

/** What the script can find out about the machine. */
export interface Machine {
  /** Shorthand for the first card's address. */
  readonly mac?: string
  /** Default: one card. */
  readonly cards?: readonly NetworkCard[]
  /** Default: what the profile's firmware is; `pcbios` where it has both. */
  readonly platform?: 'pcbios' | 'efi'
  /** CPU that iPXE was built for. Default: `i386` on BIOS, `x86_64` on EFI. */
  readonly buildarch?: string
  readonly version?: string
  readonly uuid?: string
  readonly manufacturer?: string
  readonly product?: string
  readonly serial?: string
  readonly asset?: string
  readonly boardSerial?: string
  /** Whether the CPU knows 64-bit mode, which `cpuid --ext 29` tells. Default: `true`. */
  readonly longMode?: boolean
  /** Local drives that boot. Default: the first, `[0x80]`. */
  readonly drives?: readonly number[]
  /** Seconds since 1970 when the script begins. Default: 0. */
  readonly unixTime?: number
  /** Further settings by name, `block/name:type` too, set before the script begins. */
  readonly settings?: Readonly<Record<string, string>>
}

const DEFAULT_DHCP = { ip: '10.0.2.15', netmask: '255.255.255.0', 'next-server': '10.0.2.2' }

const addressOf = (index: number): string => `52:54:00:12:34:${(0x56 + index).toString(16)}`

/** The machine's cards with every default filled in. */
export const cardsOf = (machine: Machine): readonly Required<NetworkCard>[] =>
  (machine.cards ?? [{}]).map((card, index) => ({
    mac: (index === 0 ? machine.mac : undefined) ?? addressOf(index),
    chip: '82540em',
    busId: '01:80:86:10:0e',
    link: true,
    dhcp: DEFAULT_DHCP,
    proxyDhcp: {},
    ...card,
  }))
