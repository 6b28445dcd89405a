/** The kinds of firmware that get an iPXE binary of their own. */
const IPXE_SLOTS = ['bios', 'efi-x64', 'efi-ia32', 'efi-arm64'] as const

export type IpxeSlot = (typeof IPXE_SLOTS)[number]

/** The iPXE binary for one kind of firmware, or what to do where there is none. */
export interface IpxeBinary {
  readonly slot: IpxeSlot
  readonly title: string
  /** Name on TFTP and HTTP. */
  readonly file: string
  readonly architectures: readonly number[]
  /** Where it is on this host; absent when it was not found. */
  readonly path?: string
  readonly sizeBytes?: number
  /** What to install when it was not found. */
  readonly missing?: string
}

/** One kind of firmware, the name under which its iPXE binary is served, and where distributions put it. */
export interface Slot {
  readonly slot: IpxeSlot
  readonly title: string
  /** Name on TFTP and HTTP. */
  readonly file: string
  /** DHCP option 93 (RFC 4578 section 2.1, IANA registry). */
  readonly architectures: readonly number[]
  /** Relative to each folder of {@link FOLDERS}, best first. */
  readonly candidates: readonly string[]
}

export const SLOTS: readonly Slot[] = [
  {
    slot: 'bios',
    title: 'PC BIOS',
    file: 'undionly.kpxe',
    architectures: [0],
    candidates: ['undionly.kpxe', 'bios/undionly.kpxe', 'i386-pcbios/undionly.kpxe'],
  },
  {
    slot: 'efi-x64',
    title: 'UEFI x64 and EBC',
    file: 'ipxe.efi',
    architectures: [7, 9, 16, 17],
    candidates: [
      'ipxe-x86_64.efi',
      'x86_64/ipxe.efi',
      'x86_64-efi/ipxe.efi',
      'ipxe.efi',
      'snponly.efi',
    ],
  },
  {
    slot: 'efi-ia32',
    title: 'UEFI 32-bit x86',
    file: 'ipxe-i386.efi',
    architectures: [6, 15],
    candidates: ['ipxe-i386.efi', 'i386/ipxe.efi', 'i386-efi/ipxe.efi', 'ipxe32.efi'],
  },
  {
    slot: 'efi-arm64',
    title: 'UEFI ARM 64',
    file: 'ipxe-arm64.efi',
    architectures: [11, 19],
    candidates: [
      'ipxe-arm64.efi',
      'ipxe-aarch64.efi',
      'arm64/ipxe.efi',
      'arm64-efi/ipxe.efi',
      'arm64-efi/snponly.efi',
      'snponly-arm64.efi',
    ],
  },
]

/** Debian and Ubuntu, Fedora and RHEL, Alpine, Arch, and iPXE's own `make install` places. */
export const FOLDERS: readonly string[] = [
  '/usr/lib/ipxe',
  '/boot',
  '/usr/share/ipxe',
  '/usr/share/ipxe/x86_64',
  '/usr/lib/ipxe/x86_64',
  '/var/lib/tftpboot',
  '/srv/tftp',
]

/** What to install, by distribution; shown for firmware that cannot be served. */
export const WHERE_FROM: Readonly<Record<IpxeSlot, string>> = {
  bios: 'Debian and Ubuntu: ipxe; Fedora: ipxe-bootimgs-x86; Alpine and Arch: ipxe',
  'efi-x64': 'Debian and Ubuntu: ipxe; Fedora: ipxe-bootimgs-x86; Alpine and Arch: ipxe',
  'efi-ia32':
    'Fedora: ipxe-bootimgs-x86; else build bin-i386-efi/ipxe.efi and name it under `ipxe: efi-ia32`',
  'efi-arm64':
    'Fedora: ipxe-bootimgs-aarch64; else build bin-arm64-efi/ipxe.efi and name it under `ipxe: efi-arm64`',
}
