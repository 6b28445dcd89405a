import { encodeVendorOptions } from '../codec/options/vendor.ts'
import type { Profile } from './decision.ts'
import type { Firmware } from './firmware.ts'
import { menuVendorOptions, type BootMenu } from './menu.ts'
import type { BootRequest } from './request.ts'

/** What each firmware is sent unless the decision says otherwise: nothing here makes a client wait for port 4011. */
export const DEFAULT_PROFILES: Readonly<Record<Firmware, Profile>> = {
  'bios-pxe': 'direct',
  'uefi-pxe': 'direct',
  'uefi-http': 'http-boot',
  ipxe: 'ipxe',
  'u-boot': 'u-boot',
  'raspberry-pi': 'raspberry-pi',
  other: 'direct',
}

export const PROFILES: readonly Profile[] = [
  'direct',
  'binl',
  'menu',
  'http-boot',
  'raspberry-pi',
  'u-boot',
  'ipxe',
]

/** Bit 3: take the boot file of this very offer, no prompt, no menu, no discovery. */
const BOOT_FROM_OFFER = 8

const DIRECT = encodeVendorOptions({ discoveryControl: BOOT_FROM_OFFER })

/** What boot ROMs of the Pi look for. */
const raspberryPi = (text: string): Uint8Array =>
  encodeVendorOptions({
    discoveryControl: 3,
    menuPrompt: { timeoutSeconds: 0, text: 'PXE' },
    bootMenu: [{ type: 0, text }],
  })

const RASPBERRY_PI = raspberryPi('Raspberry Pi Boot')
/** The Pi 3's ROM compares with three spaces behind it; its constant id tells it from the others. */
const RASPBERRY_PI_3 = raspberryPi('Raspberry Pi Boot   ')
const RASPBERRY_PI_3_UUID = '44444444-4444-4444-4444-444444444444'

/** Option 43 of a reply by profile, or undefined for none. */
export const vendorOptionsOf = (
  profile: Profile,
  request: BootRequest,
  menu: BootMenu | undefined,
): Uint8Array | undefined => {
  switch (profile) {
    case 'direct':
    case 'ipxe':
      return DIRECT
    case 'raspberry-pi':
      return request.uuid === RASPBERRY_PI_3_UUID ? RASPBERRY_PI_3 : RASPBERRY_PI
    case 'menu':
      if (request.bootItem) return encodeVendorOptions({ bootItem: request.bootItem })
      return menu && encodeVendorOptions(menuVendorOptions(menu, request.localAddress))
    // BINL has no option 43: that is what makes EDK2 ask on port 4011. HTTP Boot and U-Boot read none.
    default:
      return undefined
  }
}
