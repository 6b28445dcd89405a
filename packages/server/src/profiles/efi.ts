import { text } from './fields.ts'
import type { ProgramKind } from './program.ts'

/** UEFI's PXE client loads it by TFTP. */
export const efi: ProgramKind = {
  key: 'efi',
  field: text(
    'EFI program below `assets` that UEFI firmware gets instead of iPXE: shim or GRUB',
  ).optional(),
  firmware: 'uefi-pxe',
  compile: (file) => ({ key: 'efi', file, title: 'UEFI', over: 'tftp' }),
}
