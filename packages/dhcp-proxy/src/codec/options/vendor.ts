import type { Writable } from '@bootwire-internal/common'

import { DhcpError } from '../../errors.ts'
import { addressBytes, readAddress } from '../address.ts'
import { readText, writeText } from '../text.ts'

// Option 43 in PXE (PXE 2.1 §2.2): sub-option code, length, value … 255.
//
//    6 discovery control (1)         7 discovery multicast address (4)
//    8 boot servers   { type (2), count (1), address (4) × count } …
//    9 boot menu      { type (2), length (1), text } …
//   10 menu prompt    { time-out (1), text }
//   11 multicast address allocation (8)   12 credential types (4) …
//   71 boot item      { type (2), layer (2) }

export interface BootServers {
  readonly type: number
  readonly addresses: readonly string[]
}

export interface BootMenuEntry {
  readonly type: number
  readonly text: string
}

/** What a menu prompt shows, and for how many seconds: 0 takes the first entry, 255 shows the menu at once. */
export interface MenuPrompt {
  readonly timeoutSeconds: number
  readonly text: string
}

export interface BootItem {
  readonly type: number
  /** Bit 15 asks for credentials (BIS), the others for a layer of the boot. */
  readonly layer: number
}

export interface VendorOptions {
  /** Bits: 0 no broadcast, 1 no multicast, 2 only listed servers, 3 boot the file of the offer. */
  readonly discoveryControl?: number
  readonly multicastAddress?: string
  readonly bootServers?: readonly BootServers[]
  readonly bootMenu?: readonly BootMenuEntry[]
  readonly menuPrompt?: MenuPrompt
  readonly multicastAllocation?: Uint8Array
  readonly credentialTypes?: readonly number[]
  readonly bootItem?: BootItem
  /** Sub-options this codec does not know, as they were. */
  readonly other?: ReadonlyMap<number, Uint8Array>
}

const u16 = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!

const readServers = (value: Uint8Array): BootServers[] | undefined => {
  const servers: BootServers[] = []
  for (let at = 0; at < value.length;) {
    if (at + 3 > value.length) return undefined
    const count = value[at + 2]!
    const end = at + 3 + count * 4
    if (end > value.length) return undefined
    const addresses: string[] = []
    for (let i = at + 3; i < end; i += 4) addresses.push(readAddress(value, i))
    servers.push({ type: u16(value, at), addresses })
    at = end
  }
  return servers
}

const readMenu = (value: Uint8Array): BootMenuEntry[] | undefined => {
  const menu: BootMenuEntry[] = []
  for (let at = 0; at < value.length;) {
    if (at + 3 > value.length) return undefined
    const end = at + 3 + value[at + 2]!
    if (end > value.length) return undefined
    menu.push({ type: u16(value, at), text: readText(value.subarray(at + 3, end)) })
    at = end
  }
  return menu
}

/** Reads one sub-option into `into`; false where its value has not the shape its code asks for. */
const read = (
  code: number,
  value: Uint8Array,
  into: Writable<VendorOptions>,
  other: Map<number, Uint8Array>,
): boolean => {
  const { length } = value
  switch (code) {
    case 6:
      if (length !== 1) return false
      into.discoveryControl = value[0]!
      return true
    case 7:
      if (length !== 4) return false
      into.multicastAddress = readAddress(value)
      return true
    case 8: {
      const servers = readServers(value)
      if (servers) into.bootServers = servers
      return servers !== undefined
    }
    case 9: {
      const menu = readMenu(value)
      if (menu) into.bootMenu = menu
      return menu !== undefined
    }
    case 10:
      if (length < 1) return false
      into.menuPrompt = { timeoutSeconds: value[0]!, text: readText(value.subarray(1)) }
      return true
    case 11:
      if (length !== 8) return false
      into.multicastAllocation = value
      return true
    case 12: {
      if (length === 0 || length % 4 !== 0) return false
      const view = new DataView(value.buffer, value.byteOffset, length)
      into.credentialTypes = Array.from({ length: length / 4 }, (_, i) => view.getUint32(i * 4))
      return true
    }
    case 71:
      if (length !== 4) return false
      into.bootItem = { type: u16(value, 0), layer: u16(value, 2) }
      return true
    default:
      // One map for all: a copy for each would take a second for an option as long as a datagram.
      other.set(code, value)
      return true
  }
}

/** Decodes PXE's option 43; undefined where it is not a well-formed list of well-formed sub-options. */
export function decodeVendorOptions(bytes: Uint8Array): VendorOptions | undefined {
  const into: Writable<VendorOptions> = {}
  const other = new Map<number, Uint8Array>()
  for (let at = 0; at < bytes.length;) {
    const code = bytes[at++]!
    if (code === 0) continue
    if (code === 255) break
    if (at === bytes.length) return undefined
    const end = at + 1 + bytes[at]!
    if (end > bytes.length) return undefined
    if (!read(code, bytes.subarray(at + 1, end), into, other)) return undefined
    at = end
  }
  return other.size > 0 ? { ...into, other } : into
}

const fail = (what: string): never => {
  throw new DhcpError('ERR_DHCP_OPTION', what)
}

const word = (value: number, what: string): number[] => {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff)
    fail(`${what} ${value} is outside 0–65535`)
  return [value >> 8, value & 0xff]
}

const byte = (value: number, what: string): number => {
  if (!Number.isInteger(value) || value < 0 || value > 255)
    fail(`${what} ${value} is outside 0–255`)
  return value
}

const text = (value: string, what: string): Uint8Array =>
  writeText(value) ?? fail(`${what} ${JSON.stringify(value)} is not Latin-1 text`)

const address = (value: string): Uint8Array =>
  addressBytes(value) ?? fail(`address ${JSON.stringify(value)} is not IPv4`)

const serverBytes = ({ type, addresses }: BootServers): number[] => [
  ...word(type, 'boot server type'),
  byte(addresses.length, 'number of boot servers'),
  ...addresses.flatMap((one) => [...address(one)]),
]

const menuBytes = (entry: BootMenuEntry): number[] => {
  const label = text(entry.text, 'menu text')
  return [
    ...word(entry.type, 'menu entry type'),
    byte(label.length, 'length of menu text'),
    ...label,
  ]
}

/** The sub-options in the order PXE's own examples have them. */
const parts = (options: VendorOptions): [number, ArrayLike<number>][] => {
  const list: [number, ArrayLike<number>][] = []
  const { discoveryControl, menuPrompt, bootItem, credentialTypes } = options
  if (discoveryControl !== undefined) list.push([6, [byte(discoveryControl, 'discovery control')]])
  if (options.multicastAddress !== undefined) list.push([7, address(options.multicastAddress)])
  if (menuPrompt) {
    const prompt = text(menuPrompt.text, 'menu prompt')
    list.push([10, [byte(menuPrompt.timeoutSeconds, 'menu time-out'), ...prompt]])
  }
  if (options.bootServers) list.push([8, options.bootServers.flatMap(serverBytes)])
  if (options.bootMenu) list.push([9, options.bootMenu.flatMap(menuBytes)])
  if (options.multicastAllocation) list.push([11, options.multicastAllocation])
  if (credentialTypes) {
    const types = credentialTypes.flatMap((type) => [
      ...word(Math.floor(type / 65536), 'credential type'),
      ...word(type % 65536, 'credential type'),
    ])
    list.push([12, types])
  }
  if (bootItem)
    list.push([71, [...word(bootItem.type, 'boot item type'), ...word(bootItem.layer, 'layer')]])
  for (const [code, value] of options.other ?? []) list.push([code, value])
  return list
}

/** Encodes PXE's option 43, END included; the length limit is the packet encoder's. */
export function encodeVendorOptions(options: VendorOptions): Uint8Array {
  const bytes: number[] = []
  for (const [code, value] of parts(options)) {
    if (value.length > 255) {
      const message = `sub-option 43.${code} of ${value.length} bytes is longer than 255`
      throw new DhcpError('ERR_DHCP_OPTION_TOO_LONG', message)
    }
    if (byte(code, 'sub-option code') === 0 || code === 255)
      fail(`sub-option code ${code} is outside 1–254`)
    bytes.push(code, value.length, ...Array.from(value))
  }
  return Uint8Array.from([...bytes, 255])
}
