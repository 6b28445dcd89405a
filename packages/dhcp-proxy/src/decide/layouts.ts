import type { VendorOptions } from '../codec/options/vendor.ts'
import { encodeVendorOptions } from '../codec/options/vendor.ts'

/** Every {@link ReplyLayout}. */
export const REPLY_LAYOUTS = [
  'direct',
  'direct-prompt',
  'binl',
  'menu',
  'http-boot',
  'raspberry-pi',
  'u-boot',
  'ipxe',
] as const

/** How a reply is laid out; the firmware's own is used where a decision names none. */
export type ReplyLayout = (typeof REPLY_LAYOUTS)[number]

/** Bit 3: take the boot file of this very offer, no prompt, no menu, no discovery. */
const BOOT_FROM_OFFER = 8
const DIRECT: VendorOptions = { discoveryControl: BOOT_FROM_OFFER }

/** What boot ROMs of the Pi look for: a menu with this text. The ROM of a Pi 3 compares with three spaces behind it. */
export const piMenu = (text: string): VendorOptions => ({
  discoveryControl: 3,
  menuPrompt: { timeoutSeconds: 0, text: 'PXE' },
  bootMenu: [{ type: 0, text }],
})

/**
 * Option 43 of each layout. BINL has none: that is what makes EDK2 ask on port 4011. HTTP Boot and U-Boot read none,
 * and a menu's is made of the menu.
 */
export const LAYOUT_VENDOR_OPTIONS: Readonly<Record<ReplyLayout, Uint8Array | undefined>> = {
  direct: encodeVendorOptions(DIRECT),
  'direct-prompt': encodeVendorOptions({
    ...DIRECT,
    menuPrompt: { timeoutSeconds: 0, text: 'PXE' },
  }),
  binl: undefined,
  menu: undefined,
  'http-boot': undefined,
  'raspberry-pi': encodeVendorOptions(piMenu('Raspberry Pi Boot')),
  'u-boot': undefined,
  ipxe: encodeVendorOptions(DIRECT),
}
