export type ArchitectureKind =
  | 'bios'
  | 'bios-http'
  | 'uefi'
  | 'uefi-http'
  | 'u-boot'
  | 'u-boot-http'
  | 'raspberry-pi'
  | 'other'

export type Cpu =
  | 'x86'
  | 'x64'
  | 'itanium'
  | 'alpha'
  | 'ebc'
  | 'arm32'
  | 'arm64'
  | 'powerpc'
  | 'riscv32'
  | 'riscv64'
  | 'riscv128'
  | 's390'
  | 'mips32'
  | 'mips64'
  | 'sunway32'
  | 'sunway64'
  | 'loongarch32'
  | 'loongarch64'

export interface Architecture {
  readonly code: number
  readonly name: string
  readonly kind: ArchitectureKind
  readonly cpu: Cpu
}

const rows: readonly (readonly [code: number, name: string, kind: ArchitectureKind, cpu: Cpu])[] = [
  [0, 'x86 BIOS', 'bios', 'x86'],
  [1, 'NEC PC-98', 'other', 'x86'],
  [2, 'Itanium', 'other', 'itanium'],
  [3, 'DEC Alpha', 'other', 'alpha'],
  [4, 'Arc x86', 'other', 'x86'],
  [5, 'Intel Lean Client', 'other', 'x86'],
  [6, 'x86 UEFI', 'uefi', 'x86'],
  // RFC 4578 had 7 and 9 the other way round; erratum 4624, IANA, EDK2 and iPXE agree on this.
  [7, 'x64 UEFI', 'uefi', 'x64'],
  [8, 'XScale EFI', 'uefi', 'arm32'],
  [9, 'EBC', 'uefi', 'ebc'],
  [10, 'ARM 32-bit UEFI', 'uefi', 'arm32'],
  [11, 'ARM 64-bit UEFI', 'uefi', 'arm64'],
  [12, 'PowerPC Open Firmware', 'other', 'powerpc'],
  [13, 'PowerPC ePAPR', 'other', 'powerpc'],
  [14, 'POWER OPAL v3', 'other', 'powerpc'],
  [15, 'x86 UEFI HTTP', 'uefi-http', 'x86'],
  [16, 'x64 UEFI HTTP', 'uefi-http', 'x64'],
  [17, 'EBC HTTP', 'uefi-http', 'ebc'],
  [18, 'ARM 32-bit UEFI HTTP', 'uefi-http', 'arm32'],
  [19, 'ARM 64-bit UEFI HTTP', 'uefi-http', 'arm64'],
  [20, 'x86 BIOS HTTP', 'bios-http', 'x86'],
  [21, 'ARM 32-bit U-Boot', 'u-boot', 'arm32'],
  [22, 'ARM 64-bit U-Boot', 'u-boot', 'arm64'],
  [23, 'ARM 32-bit U-Boot HTTP', 'u-boot-http', 'arm32'],
  [24, 'ARM 64-bit U-Boot HTTP', 'u-boot-http', 'arm64'],
  [25, 'RISC-V 32-bit UEFI', 'uefi', 'riscv32'],
  [26, 'RISC-V 32-bit UEFI HTTP', 'uefi-http', 'riscv32'],
  [27, 'RISC-V 64-bit UEFI', 'uefi', 'riscv64'],
  [28, 'RISC-V 64-bit UEFI HTTP', 'uefi-http', 'riscv64'],
  [29, 'RISC-V 128-bit UEFI', 'uefi', 'riscv128'],
  [30, 'RISC-V 128-bit UEFI HTTP', 'uefi-http', 'riscv128'],
  [31, 's390 Basic', 'other', 's390'],
  [32, 's390 Extended', 'other', 's390'],
  [33, 'MIPS 32-bit UEFI', 'uefi', 'mips32'],
  [34, 'MIPS 64-bit UEFI', 'uefi', 'mips64'],
  [35, 'Sunway 32-bit UEFI', 'uefi', 'sunway32'],
  [36, 'Sunway 64-bit UEFI', 'uefi', 'sunway64'],
  [37, 'LoongArch 32-bit UEFI', 'uefi', 'loongarch32'],
  [38, 'LoongArch 32-bit UEFI HTTP', 'uefi-http', 'loongarch32'],
  [39, 'LoongArch 64-bit UEFI', 'uefi', 'loongarch64'],
  [40, 'LoongArch 64-bit UEFI HTTP', 'uefi-http', 'loongarch64'],
  [41, 'Raspberry Pi boot', 'raspberry-pi', 'arm64'],
]

/** IANA "Processor Architecture Types" by code, all 42 of them; option 93 carries these codes. */
export const ARCHITECTURES: ReadonlyMap<number, Architecture> = new Map(
  rows.map(([code, name, kind, cpu]) => [code, { code, name, kind, cpu }]),
)
