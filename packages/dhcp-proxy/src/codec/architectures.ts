/** Processor families of {@link ARCHITECTURES}. */
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
  | 'loong32'
  | 'loong64'

/** One row of IANA's "Processor Architecture Types", with what iPXE calls it. */
export interface Architecture {
  /** The number in option 93. */
  readonly code: number
  /** For people: `x64 UEFI`. */
  readonly name: string
  readonly cpu: Cpu
  /** As iPXE's `${platform}` says it; absent for what is neither a PC BIOS nor EFI. */
  readonly platform?: 'bios' | 'efi'
  /** Width of an address, in bits. */
  readonly busBits: number
  /** How its boot file comes: `pxe` by TFTP, `http` by UEFI HTTP Boot and its like. */
  readonly protocol: 'pxe' | 'http'
  /** iPXE's `${buildarch}` on this processor; absent where iPXE does not run. */
  readonly buildarch?: string
  /** File name of the iPXE binary that this firmware loads; absent where there is none. */
  readonly ipxeBinary?: string
}

interface Row {
  readonly name: string
  readonly cpu: Cpu
  readonly platform?: 'bios' | 'efi'
  readonly http?: true
}

/** Every processor once: address width, iPXE's name for it, and the iPXE binary for EFI. */
const CPUS: Readonly<Record<Cpu, readonly [busBits: number, buildarch?: string, efi?: string]>> = {
  x86: [32, 'i386', 'ipxe-i386.efi'],
  x64: [64, 'x86_64', 'ipxe.efi'],
  itanium: [64],
  alpha: [64],
  // Byte code for any processor; what says so today is x64 firmware that never learnt code 7.
  ebc: [64, 'x86_64', 'ipxe.efi'],
  arm32: [32, 'arm32', 'ipxe-arm32.efi'],
  arm64: [64, 'arm64', 'ipxe-arm64.efi'],
  powerpc: [64],
  riscv32: [32, 'riscv32', 'ipxe-riscv32.efi'],
  riscv64: [64, 'riscv64', 'ipxe-riscv64.efi'],
  riscv128: [128],
  s390: [64],
  mips32: [32],
  mips64: [64],
  sunway32: [32],
  sunway64: [64],
  loong32: [32],
  loong64: [64, 'loong64', 'ipxe-loong64.efi'],
}

const efi = (name: string, cpu: Cpu): Row => ({ name: `${name} UEFI`, cpu, platform: 'efi' })
const efiHttp = (name: string, cpu: Cpu): Row => ({
  name: `${name} UEFI HTTP`,
  cpu,
  platform: 'efi',
  http: true,
})
const other = (name: string, cpu: Cpu): Row => ({ name, cpu })

/** By code, from 0. */
const ROWS: readonly Row[] = [
  { name: 'x86 BIOS', cpu: 'x86', platform: 'bios' },
  other('NEC PC-98', 'x86'),
  { name: 'Itanium', cpu: 'itanium', platform: 'efi' },
  other('DEC Alpha', 'alpha'),
  other('Arc x86', 'x86'),
  other('Intel Lean Client', 'x86'),
  efi('x86', 'x86'),
  // RFC 4578 had 7 and 9 the other way round; erratum 4624, IANA, EDK2 and iPXE agree on this.
  efi('x64', 'x64'),
  efi('XScale', 'arm32'),
  efi('EBC', 'ebc'),
  efi('ARM 32-bit', 'arm32'),
  efi('ARM 64-bit', 'arm64'),
  other('PowerPC Open Firmware', 'powerpc'),
  other('PowerPC ePAPR', 'powerpc'),
  other('POWER OPAL v3', 'powerpc'),
  efiHttp('x86', 'x86'),
  efiHttp('x64', 'x64'),
  efiHttp('EBC', 'ebc'),
  efiHttp('ARM 32-bit', 'arm32'),
  efiHttp('ARM 64-bit', 'arm64'),
  { name: 'x86 BIOS HTTP', cpu: 'x86', platform: 'bios', http: true },
  other('ARM 32-bit U-Boot', 'arm32'),
  other('ARM 64-bit U-Boot', 'arm64'),
  { ...other('ARM 32-bit U-Boot HTTP', 'arm32'), http: true },
  { ...other('ARM 64-bit U-Boot HTTP', 'arm64'), http: true },
  efi('RISC-V 32-bit', 'riscv32'),
  efiHttp('RISC-V 32-bit', 'riscv32'),
  efi('RISC-V 64-bit', 'riscv64'),
  efiHttp('RISC-V 64-bit', 'riscv64'),
  efi('RISC-V 128-bit', 'riscv128'),
  efiHttp('RISC-V 128-bit', 'riscv128'),
  other('s390 Basic', 's390'),
  other('s390 Extended', 's390'),
  efi('MIPS 32-bit', 'mips32'),
  efi('MIPS 64-bit', 'mips64'),
  efi('Sunway 32-bit', 'sunway32'),
  efi('Sunway 64-bit', 'sunway64'),
  efi('LoongArch 32-bit', 'loong32'),
  efiHttp('LoongArch 32-bit', 'loong32'),
  efi('LoongArch 64-bit', 'loong64'),
  efiHttp('LoongArch 64-bit', 'loong64'),
  other('Raspberry Pi boot', 'arm64'),
]

/** A PC BIOS loads a NIC-driverless iPXE through its own ROM. */
const BIOS_BINARY = 'undionly.kpxe'

const rowOf = ({ name, cpu, platform, http }: Row, code: number): Architecture => {
  const [busBits, buildarch, efiBinary] = CPUS[cpu]
  // PC-98, Arc and Lean Client have x86 processors and are no PC; XScale EFI was never built for.
  const runsIpxe = cpu !== 'x86' || platform !== undefined
  const binary = platform === 'bios' ? BIOS_BINARY : platform === 'efi' ? efiBinary : undefined
  return {
    code,
    name,
    cpu,
    ...(platform && { platform }),
    busBits,
    protocol: http ? 'http' : 'pxe',
    ...(runsIpxe && buildarch !== undefined && { buildarch }),
    ...(binary !== undefined && { ipxeBinary: binary }),
  }
}

/** IANA "Processor Architecture Types" by code, all 42 of them; option 93 carries these codes. */
export const ARCHITECTURES: ReadonlyMap<number, Architecture> = new Map(
  ROWS.map((row, code) => [code, rowOf(row, code)]),
)

const byName = new Map([...ARCHITECTURES.values()].map((row) => [row.name, row.code]))

/** The architecture of the same machine when its boot file comes by `protocol`: 7 and 16 are one, 11 and 19 are one. */
export const architectureFor = (code: number, protocol: Architecture['protocol']): number => {
  const row = ARCHITECTURES.get(code)
  if (!row || row.protocol === protocol) return code
  return (
    byName.get(protocol === 'http' ? `${row.name} HTTP` : row.name.replace(/ HTTP$/, '')) ?? code
  )
}
