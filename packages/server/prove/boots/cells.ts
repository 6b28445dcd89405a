import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { unpackedFolder, unpackedVersion } from '../../../../scripts/debian.mjs'
import type { MachineOptions } from '../../test/lan/lan.ts'
import { ARM_KERNEL_ARGS, KERNEL_ARGS, type Architecture } from '../../test/lan/payload.ts'

/** One boot of the table. */
export interface Cell {
  readonly firmware: string
  readonly program: string
  readonly path: 'PXE' | 'HTTP Boot' | 'Secure Boot by PXE' | 'Secure Boot by HTTP'
  readonly machine: MachineOptions
  readonly architecture: Architecture
  /** The daemon's YAML. */
  readonly config: string
  readonly prepare?: (folder: string) => void
  /** What counts as booted: Linux' init, or the script where there is no payload for the processor. */
  readonly until: 'init' | 'script'
}

interface Binaries {
  readonly title: string
  readonly folder: () => string
}

const HOST = '/usr/lib/ipxe'
const IPXE: readonly Binaries[] = [
  { title: "this release's iPXE", folder: () => HOST },
  { title: 'iPXE of 2025', folder: () => unpackedFolder('ipxe2025', 'usr/lib/ipxe') },
  { title: 'iPXE 2.0', folder: () => unpackedFolder('ipxe2', 'usr/lib/ipxe') },
]
const NEWER = IPXE.slice(1)

const configOf = (binaries: string, args: string): string => `
assets: assets
ipxe: { ${binaries} }
profiles:
  payload: { kernel: vmlinuz, initrd: initrd.img, args: ${args} }
groups:
  - { name: everyone, match: { mac: { regex: . } }, profile: payload }
`

const x86 = (
  firmware: string,
  path: Cell['path'],
  machine: MachineOptions,
  file: string,
  slot: string,
): Cell[] =>
  IPXE.map(({ title, folder }) => ({
    firmware,
    program: title,
    path,
    machine,
    architecture: 'x86_64',
    config: configOf(`${slot}: ${join(folder(), file)}`, KERNEL_ARGS),
    until: 'init',
  }))

const arm = (firmware: string, path: Cell['path'], machine: MachineOptions): Cell[] =>
  NEWER.map(({ title, folder }) => ({
    firmware,
    program: title,
    path,
    machine: { ...machine, memoryMiB: 1024 },
    architecture: 'arm64',
    config: configOf(`efi-arm64: ${join(folder(), 'ipxe-arm64.efi')}`, ARM_KERNEL_ARGS),
    until: 'init',
  }))

const rom = (program: string, file?: string): Cell => ({
  firmware: 'SeaBIOS',
  program: `${program}, in the card's ROM`,
  path: 'PXE',
  machine: { firmware: 'bios-ipxe', ...(file !== undefined && { rom: file }) },
  architecture: 'x86_64',
  config: configOf('', KERNEL_ARGS),
  until: 'init',
})

const MENU = `set timeout=0
menuentry payload {
  linux /vmlinuz ${KERNEL_ARGS}
  initrd /initrd.img
}
`
const SIGNED = `
assets: assets
profiles:
  signed: { efi: secure/shimx64.efi, httpBoot: secure/shimx64.efi }
groups:
  - { name: everyone, match: { mac: { regex: . } }, profile: signed }
`

const signed =
  (shim: string, grub: string) =>
  (folder: string): void => {
    const secure = join(folder, 'assets/secure')
    mkdirSync(secure)
    mkdirSync(join(folder, 'assets/grub'))
    const shimFile = join(unpackedFolder(shim, 'usr/lib/shim'), 'shimx64.efi.signed')
    const signedFolder = unpackedFolder(grub, 'usr/lib/grub/x86_64-efi-signed')
    copyFileSync(shimFile, join(secure, 'shimx64.efi'))
    copyFileSync(join(signedFolder, 'grubnetx64.efi.signed'), join(secure, 'grubx64.efi'))
    for (const menu of ['grub/grub.cfg', 'secure/grub.cfg'])
      writeFileSync(join(folder, 'assets', menu), MENU)
  }

const secure = (firmware: string, secureFolder?: string): Cell[] =>
  (
    [
      ['shim', 'signedGrub'],
      ['shim16', 'signedGrub212'],
      ['shim16', 'signedGrub214'],
    ] as const
  ).flatMap(([shim, grub]) =>
    (['uefi', 'uefi-http'] as const).map((kind): Cell => ({
      firmware,
      program: `shim ${unpackedVersion(shim) ?? '?'}, GRUB ${unpackedVersion(grub) ?? '?'}`,
      path: kind === 'uefi' ? 'Secure Boot by PXE' : 'Secure Boot by HTTP',
      machine: { firmware: kind, secureBoot: true, ...(secureFolder && { secureFolder }) },
      architecture: 'x86_64',
      config: SIGNED,
      prepare: signed(shim, grub),
      until: 'init',
    })),
  )

/** A processor for which `ipxe:` has no place: its program is an asset that a profile names. */
const byProfile = (firmware: string, machine: MachineOptions, file: string): Cell => ({
  firmware,
  program: 'iPXE 2.0',
  path: 'PXE',
  machine: { ...machine, memoryMiB: 1024 },
  architecture: 'x86_64',
  config: `
assets: assets
profiles:
  own: { efi: ${file} }
groups:
  - { name: everyone, match: { mac: { regex: . } }, profile: own }
`,
  prepare: (folder) =>
    copyFileSync(join(unpackedFolder('ipxe2', 'usr/lib/ipxe'), file), join(folder, 'assets', file)),
  until: 'script',
})

/** Rows of scripts/debian/table.mjs that the table needs beside those that `npm test` brings. */
export const NEEDED = [
  'ipxe2025',
  'ipxe2',
  'ipxeQemu2',
  'shim',
  'signedGrub',
  'shim16',
  'signedGrub212',
  'signedGrub214',
  'ovmf2026',
  'aavmf2026',
  'edk2Riscv64',
  'qemuRiscv',
  'ubootQemu',
  'kernel',
  'kernelArm64',
  'busyboxArm64',
]

/** Every boot of the table. */
export const cells = (): readonly Cell[] => {
  const ovmf = join(unpackedFolder('ovmf2026', 'usr/share/ovmf'), 'OVMF.fd')
  const aavmf = join(unpackedFolder('aavmf2026', 'usr/share/qemu-efi-aarch64'), 'QEMU_EFI.fd')
  const secure2026 = unpackedFolder('ovmf2026', 'usr/share/OVMF')
  const rom2 = join(unpackedFolder('ipxeQemu2', 'usr/lib/ipxe/qemu'), 'pxe-virtio.rom')
  return [
    rom("this release's iPXE"),
    rom('iPXE 2.0', rom2),
    ...x86('a plain PXE ROM', 'PXE', { firmware: 'bios-pxe' }, 'undionly.kpxe', 'bios'),
    ...x86("this release's OVMF", 'PXE', { firmware: 'uefi' }, 'ipxe.efi', 'efi-x64'),
    ...x86("this release's OVMF", 'HTTP Boot', { firmware: 'uefi-http' }, 'ipxe.efi', 'efi-x64'),
    ...x86('OVMF 2026', 'PXE', { firmware: 'uefi', image: ovmf }, 'ipxe.efi', 'efi-x64'),
    ...x86('OVMF 2026', 'HTTP Boot', { firmware: 'uefi-http', image: ovmf }, 'ipxe.efi', 'efi-x64'),
    ...arm("this release's AAVMF", 'PXE', { firmware: 'arm64' }),
    ...arm("this release's AAVMF", 'HTTP Boot', { firmware: 'arm64-http' }),
    ...arm('AAVMF 2026', 'PXE', { firmware: 'arm64', image: aavmf }),
    ...arm('AAVMF 2026', 'HTTP Boot', { firmware: 'arm64-http', image: aavmf }),
    ...secure("this release's OVMF"),
    ...secure('OVMF 2026', secure2026),
    byProfile('EDK2 2026 for RISC-V 64', { firmware: 'riscv64' }, 'ipxe-riscv64.efi'),
    byProfile('U-Boot 2025.01 for ARM 64', { firmware: 'arm64-u-boot' }, 'ipxe-arm64.efi'),
  ]
}
