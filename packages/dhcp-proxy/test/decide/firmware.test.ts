import { expect, it } from 'vitest'

import { type FirmwareFacts, firmwareOf } from '../../src/index.ts'

it.each<[string, Partial<FirmwareFacts>, string]>([
  ['a BIOS ROM', { architectures: [0] }, 'bios-pxe'],
  ['x64 UEFI', { architectures: [7] }, 'uefi-pxe'],
  ['x64 UEFI that says EBC', { architectures: [9] }, 'uefi-pxe'],
  ['arm64 UEFI', { architectures: [11] }, 'uefi-pxe'],
  ['UEFI HTTP Boot by its class', { architectures: [7], vendorClass: 'HTTPClient' }, 'uefi-http'],
  ['UEFI HTTP Boot by its code', { architectures: [16] }, 'uefi-http'],
  ['iPXE whatever else it says', { architectures: [7], userClasses: ['gPXE', 'iPXE'] }, 'ipxe'],
  [
    'another user class that has iPXE in it',
    { architectures: [0], userClasses: ['NotiPXE'] },
    'bios-pxe',
  ],
  ['U-Boot by its class', { vendorClass: 'U-Boot.armv8' }, 'u-boot'],
  ['U-Boot by its code', { architectures: [22] }, 'u-boot'],
  ['a Pi by its code', { architectures: [41] }, 'raspberry-pi'],
  ['a Pi by its address', { architectures: [0], mac: 'b8:27:eb:00:00:01' }, 'raspberry-pi'],
  [
    'a Pi 4 by the FourCC in its id',
    { architectures: [0], machineId: '34695052-1234-0000-0000-000000000000' },
    'raspberry-pi',
  ],
  [
    'a Pi 3 by its constant id',
    { architectures: [0], machineId: '44444444-4444-4444-4444-444444444444' },
    'raspberry-pi',
  ],
  ['UEFI on a Pi', { architectures: [11], mac: 'dc:a6:32:00:00:01' }, 'uefi-pxe'],
  ['PowerPC, which is no UEFI', { architectures: [13] }, 'other'],
  ['a code nobody has registered', { architectures: [0xffff] }, 'other'],
  ['no code at all', {}, 'other'],
])('%s', (_name, facts, firmware) => {
  expect(firmwareOf({ architectures: [], userClasses: [], ...facts })).toBe(firmware)
})
