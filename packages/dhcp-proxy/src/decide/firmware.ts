import { ARCHITECTURES, architectureFor, type Architecture } from '../codec/architectures.ts'
import { parseVendorClass } from '../codec/options/vendor-class.ts'
import { encodeVendorOptions } from '../codec/options/vendor.ts'
import { piMenu, type ReplyLayout } from './layouts.ts'

/** The facts that tell one firmware from another. */
export interface FirmwareFacts {
  /** Option 60. */
  readonly vendorClass?: string | undefined
  /** Option 77. */
  readonly userClasses: readonly string[]
  /** Option 93; where it is missing, the number in option 60. */
  readonly architectures: readonly number[]
  /** Lower case, with colons. */
  readonly mac?: string | undefined
  /** Option 97 as SMBIOS tools print it, known shared ones included. */
  readonly machineId?: string | undefined
  readonly xid?: number | undefined
}

/** Names of the rows of {@link FIRMWARE_ROWS}. */
export const FIRMWARE = [
  'ipxe',
  'raspberry-pi',
  'u-boot',
  'uefi-http',
  'huawei-uefi',
  'uefi-pxe',
  'bios-pxe',
  'other',
] as const

/** What kind of program asks: decides how it wants to be answered. */
export type Firmware = (typeof FIRMWARE)[number]

/** One kind of firmware: how it is known, and how it wants to be answered. */
export interface FirmwareRow {
  readonly name: Firmware
  /** For people. */
  readonly title: string
  /** How option 60 of its requests begins: such requests are answered by default. */
  readonly classes: readonly string[]
  /** True for a request of this firmware. The first row that says so counts. */
  readonly is: (facts: FirmwareFacts) => boolean
  /** Its architecture, where that is not what option 93 says. */
  readonly architecture?: (facts: FirmwareFacts) => number | undefined
  /** The layout of a reply where the decision names none. */
  readonly layout: ReplyLayout
  /** Option 60 of a reply; `protocol` says HTTPClient to who says so, and PXEClient to all others. */
  readonly vendorClass: 'protocol' | 'HW-Client'
  /** Option 43 of an offer in its own layout, where that is not the layout's. */
  readonly vendorOptions?: Uint8Array
  /** How long an OFFER waits where the decision does not say it, in ms. */
  readonly offerDelayMs: number
  /** False where it boots without being told a file. */
  readonly needsFile: boolean
}

/** The user class that iPXE sends. Option 175 is no proof of it: another boot program may send that too. */
const IPXE_USER_CLASS = 'iPXE'

/** Address blocks of Raspberry Pi boards, IEEE registry; the first is of boards up to the Pi 3+. */
const PI_3_OUI = 'b8:27:eb'
const PI_OUIS: ReadonlySet<string> = new Set([
  PI_3_OUI,
  'dc:a6:32',
  'e4:5f:01',
  '28:cd:c1',
  'd8:3a:dd',
  '2c:cf:67',
  '88:a2:9e',
])

/** The ROM of the Pi 3 sends 0x44 sixteen times, and this transaction id, whatever board it is on. */
const PI_3_MACHINE_ID = '44444444-4444-4444-4444-444444444444'
const PI_3_XID = 0x26f30339
/** FourCC `RPi3`, `RPi4`, `RPi5` at the head of option 97 from later EEPROMs. */
const PI_FOURCC = /^3\d695052-/
const PI_ARCHITECTURE = 41

/** A Pi says architecture 0, x86 BIOS, or none; UEFI or U-Boot on the same board says otherwise and is what it says. */
const mayBePi = ({ architectures }: FirmwareFacts): boolean => (architectures[0] ?? 0) === 0

const hasOui = ({ mac }: FirmwareFacts, isOui: (oui: string) => boolean): boolean =>
  mac !== undefined && isOui(mac.slice(0, 8))

const isPi3 = (facts: FirmwareFacts): boolean =>
  mayBePi(facts) &&
  (facts.xid === PI_3_XID ||
    hasOui(facts, (oui) => oui === PI_3_OUI) ||
    facts.machineId === PI_3_MACHINE_ID)

const isPi = (facts: FirmwareFacts): boolean => {
  if (facts.architectures.includes(PI_ARCHITECTURE)) return true
  if (!mayBePi(facts)) return false
  if (hasOui(facts, (oui) => PI_OUIS.has(oui))) return true
  return facts.machineId !== undefined && PI_FOURCC.test(facts.machineId)
}

const RASPBERRY_PI = {
  name: 'raspberry-pi',
  title: 'Raspberry Pi',
  classes: [],
  architecture: () => PI_ARCHITECTURE,
  layout: 'raspberry-pi',
  vendorClass: 'protocol',
  // The ROM of a Pi 3 takes the offer of a proxy only after that of the main DHCP server (raspberrypi/firmware#859).
  offerDelayMs: 1000,
  needsFile: false,
} as const

/** U-Boot names its processor in option 60 where it is built without option 93. */
const U_BOOT_CPUS: readonly (readonly [RegExp, number])[] = [
  [/^U-Boot\.armv8/, 22],
  [/^U-Boot\.arm/, 21],
]

const hasClass = ({ vendorClass }: FirmwareFacts, prefix: string): boolean =>
  vendorClass !== undefined && vendorClass.startsWith(prefix)

const AT_ONCE = { vendorClass: 'protocol', offerDelayMs: 0, needsFile: true } as const

/**
 * Every firmware that is known, most special first. A new one is a row here and a model in `clients/`.
 */
export const FIRMWARE_ROWS: readonly FirmwareRow[] = [
  {
    ...AT_ONCE,
    name: 'ipxe',
    title: 'iPXE',
    classes: ['PXEClient'],
    is: ({ userClasses }) => userClasses.includes(IPXE_USER_CLASS),
    layout: 'ipxe',
  },
  {
    ...RASPBERRY_PI,
    is: isPi3,
    vendorOptions: encodeVendorOptions(piMenu('Raspberry Pi Boot   ')),
  },
  { ...RASPBERRY_PI, is: isPi },
  {
    ...AT_ONCE,
    name: 'u-boot',
    title: 'U-Boot',
    classes: ['U-Boot'],
    is: (facts) =>
      hasClass(facts, 'U-Boot') || facts.architectures.some((code) => code >= 21 && code <= 24),
    architecture: ({ architectures, vendorClass = '' }) =>
      architectures[0] ?? U_BOOT_CPUS.find(([name]) => name.test(vendorClass))?.[1],
    layout: 'u-boot',
    // It goes on with its own scripts where no file is named, and wants the TFTP server's address for them.
    needsFile: false,
  },
  {
    ...AT_ONCE,
    name: 'uefi-http',
    title: 'UEFI HTTP Boot',
    classes: ['HTTPClient'],
    is: (facts) =>
      hasClass(facts, 'HTTPClient') ||
      (!hasClass(facts, 'PXEClient') && rowOf(facts)?.protocol === 'http'),
    layout: 'http-boot',
  },
  {
    ...AT_ONCE,
    // Huawei TaiShan servers: UEFI in all but its name (dnsmasq has dhcp-pxe-vendor for it).
    name: 'huawei-uefi',
    title: 'UEFI PXE of Huawei',
    classes: ['HW-Client'],
    is: (facts) => hasClass(facts, 'HW-Client'),
    layout: 'direct',
    vendorClass: 'HW-Client',
  },
  {
    ...AT_ONCE,
    name: 'uefi-pxe',
    title: 'UEFI PXE',
    classes: ['PXEClient'],
    is: (facts) => rowOf(facts)?.platform === 'efi',
    layout: 'direct',
  },
  {
    ...AT_ONCE,
    name: 'bios-pxe',
    title: 'PXE boot ROM of a PC BIOS',
    classes: ['PXEClient'],
    is: (facts) => rowOf(facts)?.platform === 'bios',
    layout: 'direct',
  },
  {
    ...AT_ONCE,
    name: 'other',
    title: 'unknown firmware',
    classes: ['PXEClient'],
    is: () => true,
    layout: 'direct',
  },
]

/** How option 60 of a client begins that is answered by default. */
export const VENDOR_CLASSES: readonly string[] = [
  ...new Set(FIRMWARE_ROWS.flatMap(({ classes }) => classes)),
]

const OTHER = FIRMWARE_ROWS.at(-1)!

/** Option 60 names the protocol; option 93 may begin with an architecture of the other one. */
const protocolOf = ({ vendorClass }: FirmwareFacts): Architecture['protocol'] | undefined => {
  if (vendorClass === undefined) return undefined
  if (vendorClass.startsWith('HTTPClient')) return 'http'
  return vendorClass.startsWith('PXEClient') ? 'pxe' : undefined
}

/** The first architecture of option 93 for the protocol that option 60 names; else the first one, taken for that protocol. */
const choose = (facts: FirmwareFacts): number | undefined => {
  const { architectures } = facts
  const [first] = architectures
  const protocol = protocolOf(facts)
  if (first === undefined || protocol === undefined) return first
  const fitting = architectures.find((code) => ARCHITECTURES.get(code)?.protocol === protocol)
  return fitting ?? architectureFor(first, protocol)
}

const rowOf = (facts: FirmwareFacts): Architecture | undefined =>
  ARCHITECTURES.get(choose(facts) ?? -1)

/** Option 60 of boot servers: such an offer without an address is a proxy's. */
export const isBootServerClass = (vendorClass: string): boolean =>
  FIRMWARE_ROWS.some(({ vendorClass: own }) => own !== 'protocol' && vendorClass.startsWith(own)) ||
  vendorClass.startsWith('PXEClient') ||
  vendorClass.startsWith('HTTPClient')

/** The row of the firmware that sent these facts. */
export const firmwareRowOf = (facts: FirmwareFacts): FirmwareRow =>
  FIRMWARE_ROWS.find(({ is }) => is(facts)) ?? OTHER

/** Tells the firmware from the facts of one request. */
export const firmwareOf = (facts: FirmwareFacts): Firmware => firmwareRowOf(facts).name

/** The architecture that a machine boots as; undefined where nothing tells it. */
export const architectureOf = (
  facts: FirmwareFacts,
  row: FirmwareRow = firmwareRowOf(facts),
): number | undefined => (row.architecture ? row.architecture(facts) : choose(facts))

/** The codes of option 93, or else the number that option 60 holds. */
export const architecturesOf = (
  codes: readonly number[] | undefined,
  vendorClass: string | undefined,
): readonly number[] => {
  if (codes) return codes
  const { architecture } = parseVendorClass(vendorClass ?? '')
  return architecture === undefined ? [] : [architecture]
}
