import { decodeArchitectures } from '../codec/options/architecture.ts'
import { decodeUserClasses } from '../codec/options/user-class.ts'
import { decodeVendorClass } from '../codec/options/vendor-class.ts'
import { OptionCode } from '../codec/packet.ts'
import type { NotedCode, PacketView } from '../codec/view.ts'
import { architecturesOf } from './firmware.ts'

/** What options 60, 77 and 93 say: the same for every machine of one make. */
export interface ClientClass {
  readonly vendorClass: string | undefined
  readonly userClasses: readonly string[]
  readonly architectures: readonly number[]
}

const CODES = [
  OptionCode.VENDOR_CLASS,
  OptionCode.USER_CLASS,
  OptionCode.ARCHITECTURE,
] as const satisfies NotedCode[]

/** A power of two. Strangers can only make others' entries be read again. */
const SLOTS = 256

interface Entry extends ClientClass {
  readonly values: readonly (Uint8Array | undefined)[]
}

const read = (view: PacketView): Entry => {
  const [vendor, user, codes] = CODES.map((code) => view.option(code)?.slice())
  const vendorClass = vendor && decodeVendorClass(vendor)
  return {
    values: [vendor, user, codes],
    vendorClass,
    userClasses: user ? decodeUserClasses(user) : [],
    architectures: architecturesOf(codes && decodeArchitectures(codes), vendorClass),
  }
}

const isSame = (view: PacketView, { values }: Entry): boolean => {
  for (let i = 0; i < CODES.length; i++) {
    const value = values[i]
    const code = CODES[i]!
    let at = view.startOf(code)
    if (value === undefined || at === 0) {
      if (value !== undefined || at !== 0) return false
      continue
    }
    const { length } = value
    if (view.lengthOf(code) !== length) return false
    for (let k = 0; k < length; k++) if (view.bytes[at++] !== value[k]) return false
  }
  return true
}

/** FNV-1a over the bytes of the options. */
const hashOf = (view: PacketView): number => {
  const { bytes } = view
  let hash = 0x811c9dc5
  for (let i = 0; i < CODES.length; i++) {
    const code = CODES[i]!
    const start = view.startOf(code)
    const end = start + view.lengthOf(code)
    hash = Math.imul(hash ^ (end - start), 0x01000193)
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193)
  }
  return hash ^ (hash >>> 15)
}

/** Classes that were read before, found by their bytes: a network has few makes and many machines. */
const entries: (Entry | undefined)[] = Array.from({ length: SLOTS }, () => undefined)

/** Reads options 60, 77 and 93, or finds what was read of the same bytes before. */
export const clientClassOf = (view: PacketView): ClientClass => {
  const slot = hashOf(view) & (SLOTS - 1)
  const known = entries[slot]
  if (known && isSame(view, known)) return known
  const entry = read(view)
  entries[slot] = entry
  return entry
}
