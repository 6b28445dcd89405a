/** Facts of a machine that a configuration can match on, each with the stage that knows it first. */
export const FACTS = {
  mac: 'hardware address, `52:54:00:12:34:56`; every common spelling is accepted',
  uuid: 'SMBIOS system UUID',
  serial: 'SMBIOS system serial number; known to iPXE, not to DHCP',
  asset: 'SMBIOS asset tag; known to iPXE, not to DHCP',
  product: 'SMBIOS product name; known to iPXE, not to DHCP',
  manufacturer: 'SMBIOS manufacturer; known to iPXE, not to DHCP',
  hostname: 'host name that the main DHCP server gave; known to iPXE, not to ProxyDHCP',
  architecture: 'CPU as iPXE names it: i386, x86_64, arm32, arm64, riscv64, loong64',
  firmware: 'bios or efi',
  arch: 'number of DHCP option 93; learnt from DHCP and remembered for the boot, as are `relay`, `circuit-id` and `remote-id`',
  ip: 'address of the machine; known once it speaks HTTP or names it in DHCP',
  subnet: 'an address in the network of the machine: the relay, the machine itself, or this server',
  relay: 'address of the DHCP relay (giaddr)',
  'circuit-id': 'option 82, sub-option 1, as text or hexadecimal',
  'remote-id': 'option 82, sub-option 2, as text or hexadecimal',
  'vendor-class': 'DHCP option 60',
  'user-class': 'DHCP option 77',
  name: 'name of the entry under `machines` that the machine is',
  tag: 'tags of the entry under `machines` that the machine is',
} as const

export type FactName = keyof typeof FACTS

export type FactValue = string | readonly string[]

/**
 * What is known of a machine at one stage of its boot.
 *
 * A name that is present with `undefined` is known to be absent; a name that is missing is not known yet, unless
 * `final` says that nobody will ever know more.
 */
export interface Facts {
  readonly known: Readonly<Record<string, FactValue | undefined>>
  readonly final: boolean
}

/** `value` of a fact, or `unknown: true` when a later stage may know it. */
export const factOf = (
  facts: Facts,
  name: string,
): { readonly unknown: boolean; readonly value: FactValue | undefined } => {
  const value = facts.known[name]
  if (value !== undefined) return { unknown: false, value }
  return { unknown: !facts.final && !Object.hasOwn(facts.known, name), value: undefined }
}

/** `52:54:00:12:34:56` from any common spelling, or undefined. */
export const normalizeMac = (text: string): string | undefined => {
  const digits = text.replaceAll(/[:.\-\s]/g, '').toLowerCase()
  if (!/^[0-9a-f]{12}$/.test(digits)) return undefined
  return digits.replaceAll(/(..)(?=.)/g, '$1:')
}

/** Why an address, normalized, is that of no one machine; undefined where it may be (IEEE 802-2014 section 8.2.2). */
export const whyNoMachine = (mac: string): string | undefined => {
  if (mac === 'ff:ff:ff:ff:ff:ff') return 'is the broadcast address'
  if (mac === '00:00:00:00:00:00') return 'is what a card without an address says'
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1 ? 'is a multicast address' : undefined
}

/** The beginning of a hardware address in the form that facts have, `3c:ec:e`, or undefined. */
export const normalizeMacPrefix = (text: string): string | undefined => {
  const digits = text.replaceAll(/[:.\-\s*]/g, '').toLowerCase()
  if (!/^[0-9a-f]{1,12}$/.test(digits)) return undefined
  return digits.replaceAll(/(..)(?=.)/g, '$1:')
}

/** Control characters and the blanks that firmware pads SMBIOS strings with say nothing: facts go without them. */
export const normalizeFact = (name: string, text: string): string | undefined => {
  // oxlint-disable-next-line no-control-regex -- removing control characters is the purpose
  const clean = text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ').trim()
  if (clean === '') return undefined
  if (name === 'mac') return normalizeMac(clean)
  return clean.slice(0, 255)
}

/** Values are compared without regard to case: firmware vendors disagree with themselves about it. */
export const comparable = (text: string): string => text.toLowerCase()

/** The hardware address among facts. */
export const macOf = ({ known }: Facts): string | undefined => {
  const mac = known['mac']
  return typeof mac === 'string' ? mac : undefined
}

/** Facts that are one text each and outlive a boot: an address may be another one next time. */
export const plainFacts = ({ known }: Facts): Record<string, string> =>
  Object.fromEntries(
    Object.entries(known).flatMap(([name, value]) =>
      typeof value === 'string' && name !== 'ip' && name !== 'subnet' ? [[name, value]] : [],
    ),
  )

const MAC_TEXT = /"([\da-f]{2}(?:[:-][\da-f]{2}){5})"/gi

/** Hardware addresses in what an installer tells of its machine, such as Proxmox's JSON, in their order. */
export const macsIn = (body: Buffer): readonly string[] =>
  [...body.toString('latin1').matchAll(MAC_TEXT)].flatMap(([, text]) => normalizeMac(text!) ?? [])
