import {
  biosRom,
  edk2Http,
  edk2Pxe,
  ipxe,
  raspberryPi,
  uBoot,
  type ClientModel,
  type Machine,
} from '../clients/index.ts'

/** Who `--as` can be, and what that is. */
export const CLIENT_KINDS: Readonly<
  Record<string, { readonly what: string; readonly model: (machine: Machine) => ClientModel }>
> = {
  'uefi-x64': {
    what: 'UEFI PXE, x64',
    model: (machine) => edk2Pxe({ ...machine, architecture: 7 }),
  },
  'uefi-ia32': {
    what: 'UEFI PXE, 32-bit x86',
    model: (machine) => edk2Pxe({ ...machine, architecture: 6 }),
  },
  'uefi-arm64': {
    what: 'UEFI PXE, 64-bit ARM',
    model: (machine) => edk2Pxe({ ...machine, architecture: 11 }),
  },
  'http-x64': {
    what: 'UEFI HTTP Boot, x64',
    model: (machine) => edk2Http({ ...machine, architecture: 16 }),
  },
  'http-arm64': {
    what: 'UEFI HTTP Boot, 64-bit ARM',
    model: (machine) => edk2Http({ ...machine, architecture: 19 }),
  },
  bios: { what: 'PXE boot ROM of a BIOS machine', model: (machine) => biosRom(machine) },
  ipxe: {
    what: 'iPXE on a BIOS machine',
    model: (machine) => ipxe({ ...machine, architecture: 0 }),
  },
  'ipxe-efi': {
    what: 'iPXE on a UEFI machine, x64',
    model: (machine) => ipxe({ ...machine, architecture: 7 }),
  },
  rpi3: { what: 'Raspberry Pi 3', model: (machine) => raspberryPi({ ...machine, model: 3 }) },
  rpi: { what: 'Raspberry Pi 4', model: (machine) => raspberryPi({ ...machine, model: 4 }) },
  'u-boot': {
    what: 'U-Boot, 64-bit ARM',
    model: (machine) => uBoot({ ...machine, architecture: 22 }),
  },
}
