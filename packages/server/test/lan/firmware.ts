import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { unpackedFolder } from '../../../../scripts/debian.mjs'

/**
 * What a machine starts with:
 *
 * - `bios-ipxe`: SeaBIOS and the iPXE of the network card's ROM;
 * - `bios-pxe`: a BIOS machine whose boot ROM is not iPXE, see {@link PLAIN_ROM};
 * - `uefi`: OVMF and its own PXE client;
 * - `uefi-http`: OVMF and its own HTTP Boot client;
 * - `arm64`, `arm64-http`: the same on an ARM machine, AAVMF;
 * - `riscv64`: EDK2 on a RISC-V machine;
 * - `arm64-u-boot`: U-Boot on an ARM machine.
 */
export type Firmware =
  | 'bios-ipxe'
  | 'bios-pxe'
  | 'uefi'
  | 'uefi-http'
  | 'arm64'
  | 'arm64-http'
  | 'riscv64'
  | 'arm64-u-boot'

/**
 * Stands in for a plain PXE ROM, which no Debian package has: iPXE that denies its name. It still sends option 175,
 * so that only the user class may tell a server what it is.
 *
 * The false name is set in the block that the main server's answer replaces. Set without a block, it would live on in
 * the cached answer that this ROM hands to undionly.kpxe, which would then deny its name as well and be sent
 * undionly.kpxe a second time; a real ROM hands on nothing of the kind.
 */
const PLAIN_ROM = `#!ipxe
set net0.dhcp/user-class NotIPXE
autoboot
`

const OVMF = '/usr/share/ovmf/OVMF.fd'
const AAVMF = '/usr/share/qemu-efi-aarch64/QEMU_EFI.fd'
/** It starts only what somebody has signed whose key is in its variables; its build needs SMM, which only q35 has. */
const SECURE_OVMF = 'OVMF_CODE_4M.secboot.fd'
/** Variables in which Microsoft's keys are enrolled, as on a machine from a shop: shim is signed with these. */
const SHOP_KEYS = 'OVMF_VARS_4M.ms.fd'
const SECURE_FOLDER = '/usr/share/OVMF'

/** What a machine differs in beside its kind of firmware. */
export interface FirmwareOptions {
  /** Whether UEFI starts only what is signed with the keys of a machine from a shop. Default: false. */
  readonly secureBoot?: boolean | undefined
  /** Another image of the firmware than this release's. */
  readonly image?: string | undefined
  /** Another folder with Secure Boot's firmware and variables than this release's. */
  readonly secureFolder?: string | undefined
  /** Another boot ROM of the network card than this release's. */
  readonly rom?: string | undefined
}

const flash = (unit: number, file: string, more: string = ''): string[] => [
  '-drive',
  `if=pflash,format=raw,unit=${unit},file=${file}${more}`,
]

const copyOf = (file: string, mac: string, folder: string): string => {
  const copy = join(folder, `variables-${mac.replaceAll(':', '-')}.fd`)
  copyFileSync(file, copy)
  return copy
}

const secureFirmware = (mac: string, folder: string, source: string): string[] => {
  const variables = copyOf(join(source, SHOP_KEYS), mac, folder)
  const guarded = ['-global', 'driver=cfi.pflash01,property=secure,value=on']
  const machine = ['-machine', 'q35,smm=on', ...guarded]
  const code = flash(0, join(source, SECURE_OVMF), ',readonly=on')
  return [...machine, ...code, ...flash(1, variables)]
}

const withoutPxe = (version: 4 | 6): string[] => [
  '-fw_cfg',
  `name=opt/org.tianocore/IPv${version}PXESupport,string=n`,
]
const onlyHttp = [...withoutPxe(4), ...withoutPxe(6)]

const nic = (mac: string, ...more: string[]): string[] => [
  '-device',
  ['virtio-net-pci', 'netdev=lan', `mac=${mac}`, ...more].join(','),
]
const uefiNic = (mac: string): string[] => [
  ...nic(mac, 'romfile=', 'bootindex=1'),
  '-device',
  'virtio-rng-pci',
]

const ARM = ['-machine', 'virt', '-cpu', 'cortex-a57']

const block = (name: string, file: string, more: string): string[] => [
  '-blockdev',
  `node-name=${name},driver=file,filename=${file}${more}`,
]

const riscvFlash = (mac: string, folder: string): string[] => {
  const source = unpackedFolder('edk2Riscv64', 'usr/share/qemu-efi-riscv64')
  const variables = copyOf(join(source, 'RISCV_VIRT_VARS.fd'), mac, folder)
  const machine = ['-machine', 'virt,pflash0=code,pflash1=variables,acpi=off', '-cpu', 'rv64']
  const code = block('code', join(source, 'RISCV_VIRT_CODE.fd'), ',read-only=on')
  return [...machine, ...code, ...block('variables', variables, '')]
}

const uBoot = (): string =>
  join(unpackedFolder('ubootQemu', 'usr/lib/u-boot/qemu_arm64'), 'u-boot.bin')

type Own = (mac: string, folder: string, options: FirmwareOptions) => string[]

const ovmf: Own = (mac, folder, { secureBoot, image = OVMF, secureFolder = SECURE_FOLDER }) => [
  ...(secureBoot ? secureFirmware(mac, folder, secureFolder) : ['-bios', image]),
  ...uefiNic(mac),
]
const aavmf: Own = (mac, _folder, { image = AAVMF }) => [...ARM, '-bios', image, ...uefiNic(mac)]

const plainRom: Own = (mac, folder) => {
  const script = join(folder, 'plain-rom.ipxe')
  writeFileSync(script, PLAIN_ROM)
  return ['-kernel', '/usr/lib/ipxe/ipxe.lkrn', '-initrd', script, ...nic(mac, 'romfile=')]
}

const OWN: Readonly<Record<Firmware, Own>> = {
  'bios-ipxe': (mac, _folder, { rom }) =>
    nic(mac, 'bootindex=1', ...(rom === undefined ? [] : [`romfile=${rom}`])),
  'bios-pxe': plainRom,
  uefi: ovmf,
  'uefi-http': (...all) => [...ovmf(...all), ...onlyHttp],
  arm64: aavmf,
  'arm64-http': (...all) => [...aavmf(...all), ...onlyHttp],
  riscv64: (mac, folder) => [...riscvFlash(mac, folder), ...uefiNic(mac)],
  'arm64-u-boot': (mac) => [...ARM, '-bios', uBoot(), ...nic(mac, 'romfile=')],
}

/** QEMU's arguments that make a machine of this kind; files it needs are written to `folder`. */
export const firmwareArguments = (
  firmware: Firmware,
  mac: string,
  folder: string,
  options: FirmwareOptions = {},
): string[] => OWN[firmware](mac, folder, options)

/** The newest QEMU's, with the libraries that it was unpacked with: older ones do not start this firmware. */
const riscvEmulator = (): string[] => {
  const root = unpackedFolder('qemuRiscv', '.')
  const libraries = join(root, 'usr/lib/x86_64-linux-gnu')
  const linker = [join(root, 'lib64/ld-linux-x86-64.so.2'), '--library-path', libraries]
  return [...linker, join(root, 'usr/bin/qemu-system-riscv64'), '-L', join(root, 'usr/share/qemu')]
}

/** The program that emulates such a machine, with its first arguments. */
export const emulatorOf = (firmware: Firmware): readonly string[] => {
  if (firmware === 'riscv64') return riscvEmulator()
  return [firmware.startsWith('arm64') ? 'qemu-system-aarch64' : 'qemu-system-x86_64']
}
