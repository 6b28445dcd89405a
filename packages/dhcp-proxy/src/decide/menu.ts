import { parseAddress } from '../codec/address.ts'
import { encodeBootFile } from '../codec/options/boot-file.ts'
import type { BootItem, VendorOptions } from '../codec/options/vendor.ts'
import { DhcpError } from '../errors.ts'

export interface BootMenuItem {
  /** What the menu shows, up to 70 bytes: EDK2 shows no more. */
  readonly text: string
  /** Absent: boot from the local disk. */
  readonly file?: string
  /** TFTP server of this item, where the firmware lets one be named: UEFI does not. Default: the decision's. */
  readonly nextServer?: string
  /** Boot servers that are asked for this item on port 4011. Default: this server. */
  readonly bootServers?: readonly string[]
  /** Boot server type, 1–65534. Default: 32768 and up, which PXE leaves to vendors. */
  readonly type?: number
}

/** A PXE boot menu: the firmware shows it, the choice comes back to port 4011 (or 67). */
export interface BootMenu {
  readonly items: readonly BootMenuItem[]
  /** Shown before the menu. Default: `Press F8 for the boot menu`. */
  readonly prompt?: string
  /** Seconds before the first item is taken: 0 at once, 255 never. Default: 10. */
  readonly timeoutSeconds?: number
}

/** PXE's number for booting from the local disk. */
const LOCAL_BOOT = 0
const UNSET = '0.0.0.0'
/** PXE 2.1: types from here to 65534 are free for vendors. */
const FIRST_VENDOR_TYPE = 0x8000
/** EDK2's menu holds 24 lines of 70 characters. */
const MAX_ITEMS = 24
const MAX_TEXT_BYTES = 70
/** EDK2 walks option 43 with an 8-bit offset: one that ends past 253 makes it loop for ever. */
const MAX_VENDOR_BYTES = 250

/** No broadcast, no multicast, only listed servers: EDK2, old and new, then asks the list by unicast. */
const UNICAST_TO_LIST = 7

const refuse = (message: string): never => {
  throw new DhcpError('ERR_DHCP_MENU', message)
}

const typeOf = (item: BootMenuItem, index: number): number =>
  item.file === undefined ? LOCAL_BOOT : (item.type ?? FIRST_VENDOR_TYPE + index)

const checkItem = (item: BootMenuItem, index: number): void => {
  const name = `menu item ${index + 1}`
  if (
    typeof item.text !== 'string' ||
    item.text.length < 1 ||
    item.text.length > MAX_TEXT_BYTES ||
    !/^[\x20-\x7e]+$/.test(item.text)
  ) {
    refuse(
      `${name} ${JSON.stringify(item.text)} is not 1–${MAX_TEXT_BYTES} characters of printable ASCII`,
    )
  }
  if (item.file !== undefined) encodeBootFile(item.file)
  const type = typeOf(item, index)
  if (item.file !== undefined && (!Number.isInteger(type) || type < 1 || type > 65534)) {
    refuse(`${name} has type ${type}, outside 1–65534`)
  }
  for (const address of [
    ...(item.bootServers ?? []),
    ...(item.nextServer ? [item.nextServer] : []),
  ]) {
    if (!parseAddress(address))
      refuse(`${name} names ${JSON.stringify(address)}, which is not an IPv4 address`)
  }
  if (item.bootServers?.length === 0)
    refuse(`${name} has an empty list of boot servers; leave it out for this server`)
}

/**
 * Option 43 of the OFFER that shows `menu`. Every type is listed with its servers: EDK2 ends with DEVICE_ERROR
 * when the list lacks the chosen one.
 */
export const menuVendorOptions = (menu: BootMenu, localAddress: string): VendorOptions => {
  const entries = menu.items.map((item, index) => ({ item, type: typeOf(item, index) }))
  return {
    discoveryControl: UNICAST_TO_LIST,
    menuPrompt: {
      timeoutSeconds: menu.timeoutSeconds ?? 10,
      text: menu.prompt ?? 'Press F8 for the boot menu',
    },
    bootServers: entries
      .filter(({ type }) => type !== LOCAL_BOOT)
      .map(({ item, type }) => ({ type, addresses: item.bootServers ?? [localAddress] })),
    bootMenu: entries.map(({ item, type }) => ({ type, text: item.text })),
  }
}

/** The item that a client chose; undefined where the menu has no such one, or it is asked for with credentials. */
export const chosenItem = (menu: BootMenu, { type, layer }: BootItem): BootMenuItem | undefined =>
  layer & 0x8000
    ? undefined
    : menu.items.find((item, index) => item.file !== undefined && typeOf(item, index) === type)

/**
 * Refuses a menu whose files lie on another server, for UEFI. EDK2 takes an answer only from an address that 43.8
 * lists, and then fetches from the boot server it asked, whatever siaddr says (seen on OVMF 2022.11).
 * @throws {DhcpError} `ERR_DHCP_MENU`
 */
export const checkMenuForUefi = (
  menu: BootMenu,
  nextServer: string,
  localAddress: string,
): void => {
  for (const item of menu.items) {
    const server = item.nextServer ?? nextServer
    if (item.file === undefined || server === localAddress) continue
    const message = `menu item ${JSON.stringify(item.text)} has its file on ${server}`
    refuse(`${message}, but UEFI fetches it from the boot server it asked, ${localAddress}`)
  }
}

/** How long option 43 of this menu gets, counted rather than encoded: the encoder stops at 255. */
const vendorBytes = (menu: BootMenu): number => {
  const { menuPrompt, bootServers = [], bootMenu = [] } = menuVendorOptions(menu, UNSET)
  const head = 2
  const control = head + 1
  const prompt = head + 1 + (menuPrompt?.text.length ?? 0)
  const servers = bootServers.reduce((sum, { addresses }) => sum + 3 + 4 * addresses.length, head)
  const entries = bootMenu.reduce((sum, { text }) => sum + 3 + text.length, head)
  const end = 1
  return control + prompt + servers + entries + end
}

/**
 * Refuses a menu that would hang or confuse firmware, before any machine asks.
 * @throws {DhcpError} `ERR_DHCP_MENU` or `ERR_DHCP_BOOT_FILE`
 */
export const checkMenu = (menu: BootMenu): void => {
  const { items, timeoutSeconds = 10, prompt } = menu
  // Types allow nothing else, JSON does.
  if (!Array.isArray(items)) refuse(`items ${JSON.stringify(items)} of a menu is not a list`)
  if (items.length === 0) refuse('a menu without items makes EDK2 abort; give at least one')
  if (items.length > MAX_ITEMS)
    refuse(`a menu of ${items.length} items is longer than the ${MAX_ITEMS} EDK2 can show`)
  items.forEach(checkItem)
  if (items.every(({ file }) => file === undefined))
    refuse('a menu of local boots only boots nothing from the network')
  const types = items.map(typeOf)
  const twice = types.find((type, index) => types.indexOf(type) !== index)
  if (twice !== undefined) refuse(`two menu items have type ${twice}; each needs its own`)
  if (!Number.isInteger(timeoutSeconds) || timeoutSeconds < 0 || timeoutSeconds > 255) {
    refuse(`menu time-out ${timeoutSeconds} is outside 0–255 seconds`)
  }
  if (prompt !== undefined && !/^[\x20-\x7e]{1,70}$/.test(prompt)) {
    refuse(
      `menu prompt ${JSON.stringify(prompt)} is not 1–${MAX_TEXT_BYTES} characters of printable ASCII`,
    )
  }
  const length = vendorBytes(menu)
  if (length > MAX_VENDOR_BYTES) {
    const message = `the menu takes ${length} bytes of option 43, more than ${MAX_VENDOR_BYTES}, for which EDK2 would loop`
    refuse(`${message}: use fewer or shorter texts`)
  }
}
