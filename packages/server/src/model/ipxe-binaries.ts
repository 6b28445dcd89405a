/** The kinds of firmware that get an iPXE binary of their own. */
const IPXE_SLOTS = [
  'bios',
  'efi-x64',
  'efi-ia32',
  'efi-arm64',
  'efi-arm32',
  'efi-riscv64',
  'efi-loong64',
] as const

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
  /** So few have such machines that nobody is told where there is none. */
  readonly isRare?: true
}

/** One kind of firmware: the name under which its iPXE binary is served, and where distributions put it. */
export interface Slot {
  readonly slot: IpxeSlot
  readonly title: string
  /** For the reference of the configuration. */
  readonly described: string
  /** Name on TFTP and HTTP. */
  readonly file: string
  /** DHCP option 93 (RFC 4578 section 2.1, IANA registry). */
  readonly architectures: readonly number[]
  /** Relative to each folder of {@link FOLDERS}, best first. */
  readonly candidates: readonly string[]
  /** Machine field of its PE image (PE format, COFF header): a 32-bit binary is also called ipxe.efi. */
  readonly peMachine?: number
  /** What to install, by distribution; shown for firmware that cannot be served. */
  readonly whereFrom: string
  /** So few have such machines that nobody is told where there is none. */
  readonly isRare?: true
}

const X86 = 'Debian and Ubuntu: ipxe; Fedora: ipxe-bootimgs-x86; Alpine and Arch: ipxe'

const build = (platform: string, slot: IpxeSlot): string =>
  `build bin-${platform}/ipxe.efi and name it under \`ipxe: ${slot}\``

export const SLOTS: readonly Slot[] = [
  {
    slot: 'bios',
    title: 'PC BIOS',
    described: 'for PC BIOS: undionly.kpxe',
    file: 'undionly.kpxe',
    architectures: [0],
    candidates: ['undionly.kpxe', 'bios/undionly.kpxe', 'i386-pcbios/undionly.kpxe'],
    whereFrom: X86,
  },
  {
    slot: 'efi-x64',
    title: 'UEFI x64 and EBC',
    described: 'for 64-bit UEFI on x86, also EBC: ipxe.efi',
    file: 'ipxe.efi',
    architectures: [7, 9, 16, 17],
    candidates: [
      'ipxe-x86_64.efi',
      'x86_64/ipxe.efi',
      'x86_64-efi/ipxe.efi',
      'ipxe.efi',
      'snponly.efi',
    ],
    peMachine: 0x8664,
    whereFrom: X86,
  },
  {
    slot: 'efi-ia32',
    title: 'UEFI 32-bit x86',
    described: 'for 32-bit UEFI on x86',
    file: 'ipxe-i386.efi',
    architectures: [6, 15],
    candidates: ['ipxe-i386.efi', 'i386/ipxe.efi', 'i386-efi/ipxe.efi', 'ipxe32.efi'],
    peMachine: 0x014c,
    whereFrom: `Fedora: ipxe-bootimgs-x86; else ${build('i386-efi', 'efi-ia32')}`,
  },
  {
    slot: 'efi-arm64',
    title: 'UEFI ARM 64',
    described: 'for 64-bit UEFI on ARM',
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
    peMachine: 0xaa64,
    whereFrom: `Debian 13 and newer: ipxe; Fedora: ipxe-bootimgs-aarch64; else ${build('arm64-efi', 'efi-arm64')}`,
  },
  {
    slot: 'efi-arm32',
    title: 'UEFI ARM 32',
    described: 'for 32-bit UEFI on ARM',
    file: 'ipxe-arm32.efi',
    architectures: [10, 18],
    candidates: ['ipxe-arm32.efi', 'arm32/ipxe.efi', 'arm32-efi/ipxe.efi'],
    peMachine: 0x01c2,
    whereFrom: build('arm32-efi', 'efi-arm32'),
    isRare: true,
  },
  {
    slot: 'efi-riscv64',
    title: 'UEFI RISC-V 64',
    described: 'for 64-bit UEFI on RISC-V',
    file: 'ipxe-riscv64.efi',
    architectures: [27, 28],
    candidates: ['ipxe-riscv64.efi', 'riscv64/ipxe.efi', 'riscv64-efi/ipxe.efi'],
    peMachine: 0x5064,
    whereFrom: `Debian 14 (iPXE 2.0): ipxe; else ${build('riscv64-efi', 'efi-riscv64')}`,
    isRare: true,
  },
  {
    slot: 'efi-loong64',
    title: 'UEFI LoongArch 64',
    described: 'for 64-bit UEFI on LoongArch',
    file: 'ipxe-loong64.efi',
    architectures: [39, 40],
    candidates: ['ipxe-loong64.efi', 'loong64/ipxe.efi', 'loong64-efi/ipxe.efi'],
    peMachine: 0x6264,
    whereFrom: `Debian 14 (iPXE 2.0): ipxe; else ${build('loong64-efi', 'efi-loong64')}`,
    isRare: true,
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
