import { ARCHITECTURES } from '../codec/architectures.ts'

/** What kind of program asks: decides how it wants to be answered. */
export type Firmware = (typeof FIRMWARE)[number]

/** Every {@link Firmware}. */
export const FIRMWARE = [
  'bios-pxe',
  'uefi-pxe',
  'uefi-http',
  'ipxe',
  'u-boot',
  'raspberry-pi',
  'other',
] as const

/** The facts {@link firmwareOf} looks at. */
export interface FirmwareFacts {
  readonly vendorClass?: string
  readonly userClasses: readonly string[]
  readonly architectures: readonly number[]
  readonly mac?: string
  readonly uuid?: string
}

/** The user class that iPXE sends. Option 175 is no proof of it: another boot program may send that too. */
const IPXE_USER_CLASS = 'iPXE'

/** Address blocks of Raspberry Pi boards, IEEE registry. */
const RASPBERRY_PI_OUIS: ReadonlySet<string> = new Set([
  'b8:27:eb',
  'dc:a6:32',
  'e4:5f:01',
  '28:cd:c1',
  'd8:3a:dd',
  '2c:cf:67',
  '88:a2:9e',
])

/** The Pi 3 ROM's constant id, and the FourCC `RPi3`, `RPi4`, `RPi5` at the head of option 97 from later EEPROMs. */
const RASPBERRY_PI_UUID = /^(?:44444444-4444-4444-4444-444444444444$|3\d695052-)/

const isRaspberryPi = ({ uuid, mac, architectures }: FirmwareFacts): boolean => {
  if (architectures.includes(41)) return true
  if (uuid !== undefined && RASPBERRY_PI_UUID.test(uuid)) return true
  // Its ROM says architecture 0, x86 BIOS; UEFI or U-Boot on the same board says otherwise and is what it says.
  const saysBios = architectures.length === 0 || architectures[0] === 0
  return saysBios && mac !== undefined && RASPBERRY_PI_OUIS.has(mac.slice(0, 8))
}

/** Tells the firmware from the facts of one request. */
export function firmwareOf(facts: FirmwareFacts): Firmware {
  const { userClasses, vendorClass = '', architectures } = facts
  if (userClasses.includes(IPXE_USER_CLASS)) return 'ipxe'
  if (isRaspberryPi(facts)) return 'raspberry-pi'
  if (vendorClass.startsWith('U-Boot')) return 'u-boot'
  if (vendorClass.startsWith('HTTPClient')) return 'uefi-http'
  switch (ARCHITECTURES.get(architectures[0] ?? -1)?.kind) {
    case 'bios':
      return 'bios-pxe'
    case 'uefi':
      return 'uefi-pxe'
    case 'uefi-http':
      return 'uefi-http'
    case 'u-boot':
    case 'u-boot-http':
      return 'u-boot'
    default:
      return 'other'
  }
}
