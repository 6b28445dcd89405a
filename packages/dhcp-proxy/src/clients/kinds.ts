import type { Firmware } from '../decide/firmware.ts'
import { biosRom } from './bios-rom.ts'
import { edk2Http } from './edk2-http.ts'
import { edk2Pxe } from './edk2-pxe.ts'
import { huaweiUefi } from './huawei-uefi.ts'
import { ipxe } from './ipxe.ts'
import type { Machine } from './machine.ts'
import { raspberryPi } from './raspberry-pi.ts'
import type { ClientModel } from './types.ts'
import { uBoot } from './u-boot.ts'

/** Name of a kind of client, the same everywhere: on command lines, in configurations, in reports. */
export type ClientKind =
  | 'bios'
  | 'uefi-ia32'
  | 'uefi-x64'
  | 'uefi-arm32'
  | 'uefi-arm64'
  | 'uefi-riscv64'
  | 'uefi-loong64'
  | 'uefi-ia32-http'
  | 'uefi-x64-http'
  | 'uefi-arm32-http'
  | 'uefi-arm64-http'
  | 'uefi-riscv64-http'
  | 'uefi-loong64-http'
  | 'huawei-uefi'
  | 'ipxe'
  | 'ipxe-ia32'
  | 'ipxe-x64'
  | 'ipxe-arm64'
  | 'rpi3'
  | 'rpi4'
  | 'rpi5'
  | 'u-boot'
  | 'u-boot-arm32'
  | 'u-boot-riscv64'

/** One kind of client. */
export interface ClientKindRow {
  /** For people. */
  readonly what: string
  /** The firmware that this package takes it for. */
  readonly firmware: Firmware
  /** What it boots as: a code of option 93. Undefined where it does not say it. */
  readonly architecture: number | undefined
  /** The model that acts as it. */
  readonly model: (machine: Machine) => ClientModel
}

const pxe = (architecture: number, what: string): ClientKindRow => ({
  what: `UEFI PXE, ${what}`,
  firmware: 'uefi-pxe',
  architecture,
  model: (machine) => edk2Pxe({ architecture, ...machine }),
})

const http = (architecture: number, what: string): ClientKindRow => ({
  what: `UEFI HTTP Boot, ${what}`,
  firmware: 'uefi-http',
  architecture,
  model: (machine) => edk2Http({ architecture, ...machine }),
})

const ipxeOn = (architecture: number, what: string): ClientKindRow => ({
  what: `iPXE on ${what}`,
  firmware: 'ipxe',
  architecture,
  model: (machine) => ipxe({ architecture, ...machine }),
})

const pi = (model: 3 | 4 | 5): ClientKindRow => ({
  what: `Raspberry Pi ${model}`,
  firmware: 'raspberry-pi',
  architecture: 41,
  model: (machine) => raspberryPi({ ...machine, model }),
})

/** Every kind of client that there is a model of, by its name. */
export const CLIENT_KINDS: Readonly<Record<ClientKind, ClientKindRow>> = {
  bios: {
    what: 'PXE boot ROM of a BIOS machine',
    firmware: 'bios-pxe',
    architecture: 0,
    model: (machine) => biosRom(machine),
  },
  'uefi-ia32': pxe(6, '32-bit x86'),
  'uefi-x64': pxe(7, 'x64'),
  'uefi-arm32': pxe(10, '32-bit ARM'),
  'uefi-arm64': pxe(11, '64-bit ARM'),
  'uefi-riscv64': pxe(27, '64-bit RISC-V'),
  'uefi-loong64': pxe(39, '64-bit LoongArch'),
  'uefi-ia32-http': http(15, '32-bit x86'),
  'uefi-x64-http': http(16, 'x64'),
  'uefi-arm32-http': http(18, '32-bit ARM'),
  'uefi-arm64-http': http(19, '64-bit ARM'),
  'uefi-riscv64-http': http(28, '64-bit RISC-V'),
  'uefi-loong64-http': http(40, '64-bit LoongArch'),
  'huawei-uefi': {
    what: 'UEFI PXE of a Huawei TaiShan server',
    firmware: 'huawei-uefi',
    architecture: 11,
    model: (machine) => huaweiUefi(machine),
  },
  ipxe: ipxeOn(0, 'a BIOS machine'),
  'ipxe-ia32': ipxeOn(6, 'a 32-bit UEFI machine'),
  'ipxe-x64': ipxeOn(7, 'an x64 UEFI machine'),
  'ipxe-arm64': ipxeOn(11, 'a 64-bit ARM UEFI machine'),
  rpi3: pi(3),
  rpi4: pi(4),
  rpi5: pi(5),
  'u-boot': {
    what: 'U-Boot, 64-bit ARM',
    firmware: 'u-boot',
    architecture: 22,
    model: (machine) => uBoot({ architecture: 22, ...machine }),
  },
  'u-boot-arm32': {
    what: 'U-Boot, 32-bit ARM',
    firmware: 'u-boot',
    architecture: 21,
    model: (machine) => uBoot({ architecture: 21, vendorClass: 'U-Boot.armv7', ...machine }),
  },
  'u-boot-riscv64': {
    what: 'U-Boot of a RISC-V board such as the VisionFive 2, which says no architecture',
    firmware: 'u-boot',
    architecture: undefined,
    model: (machine) => uBoot({ ...machine, vendorClass: 'U-Boot', saysArchitecture: false }),
  },
}

/** The kind of client of a name that somebody gave. */
export const clientKindOf = (name: string): ClientKindRow | undefined =>
  Object.entries(CLIENT_KINDS).find(([kind]) => kind === name)?.[1]
