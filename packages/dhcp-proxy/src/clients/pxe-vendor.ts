import { addressAt, cString, u16 } from './wire.ts'

/** A menu item, option 43.9. */
interface MenuItem {
  readonly type: number
  readonly label: string
}

/** Boot servers of one type, option 43.8. */
interface BootServers {
  readonly type: number
  readonly addresses: readonly string[]
}

/** The sub-options of option 43 that PXE 2.1 gives a meaning, as far as clients look at them. */
export interface PxeVendorOptions {
  readonly tags: ReadonlySet<number>
  /** 43.6: 1 no broadcast, 2 no multicast, 4 only listed servers, 8 take the file of the offer. */
  readonly control: number
  readonly multicast: string | undefined
  readonly servers: readonly BootServers[] | undefined
  readonly menu: readonly MenuItem[] | undefined
  readonly prompt: { readonly seconds: number; readonly label: string } | undefined
  /** 43.71: the type of the boot item asked or answered. */
  readonly item: number | undefined
  /** A sub-option reaches past byte 255, where EDK2's 8-bit offset wraps round to the start. */
  readonly wraps: boolean
}

const serversOf = (bytes: Uint8Array): BootServers[] => {
  const list: BootServers[] = []
  for (let at = 0; at + 3 <= bytes.length;) {
    const count = bytes[at + 2]!
    const addresses = Array.from({ length: count }, (_, i) => addressAt(bytes, at + 3 + 4 * i))
    list.push({ type: u16(bytes, at), addresses })
    at += 3 + 4 * count
  }
  return list
}

const menuOf = (bytes: Uint8Array): MenuItem[] => {
  const items: MenuItem[] = []
  for (let at = 0; at + 3 <= bytes.length;) {
    const end = at + 3 + bytes[at + 2]!
    items.push({ type: u16(bytes, at), label: cString(bytes.subarray(at + 3, end)) })
    at = end
  }
  return items
}

/** Reads option 43; a later sub-option of the same number replaces an earlier one, as in EDK2. */
export const readPxeVendorOptions = (value: Uint8Array | undefined): PxeVendorOptions => {
  const found = new Map<number, Uint8Array>()
  let wraps = false
  const bytes = value ?? new Uint8Array()
  for (let at = 0; at < bytes.length && bytes[at] !== 255;) {
    if (bytes[at] === 0) {
      at += 1
      continue
    }
    const end = at + 2 + (bytes[at + 1] ?? 0)
    if (end > 255) wraps = true
    found.set(bytes[at]!, bytes.subarray(at + 2, end))
    at = end
  }
  const prompt = found.get(10)
  const servers = found.get(8)
  const menu = found.get(9)
  const item = found.get(71)
  const multicast = found.get(7)
  return {
    tags: new Set(found.keys()),
    control: found.get(6)?.[0] ?? 0,
    multicast: multicast && addressAt(multicast, 0),
    servers: servers && serversOf(servers),
    menu: menu && menuOf(menu),
    prompt: prompt && { seconds: prompt[0] ?? 0, label: cString(prompt.subarray(1)) },
    item: item && u16(item),
    wraps,
  }
}
