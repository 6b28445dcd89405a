import { findOption, OPTIONS_AT } from '../clients/wire.ts'

const END = 255
const MIN_PACKET_BYTES = 300

/** The packet without option `code`. */
const without = (packet: readonly number[], code: number): readonly number[] => {
  const found = findOption(Uint8Array.from(packet), code, OPTIONS_AT)
  return found ? [...packet.slice(0, found.at), ...packet.slice(found.end)] : packet
}

/** Where the options of a packet end. */
const endOf = (packet: readonly number[]): number => {
  let at = OPTIONS_AT
  while (at < packet.length && packet[at] !== END) at += packet[at] === 0 ? 1 : 2 + packet[at + 1]!
  return at
}

/** A client's packet with other options: each replaces the client's own, and an empty value leaves the option out. */
export const customise = (
  payload: Uint8Array,
  changes: readonly (readonly [code: number, value: Uint8Array])[],
): Uint8Array => {
  if (changes.length === 0) return payload
  let packet: readonly number[] = Array.from(payload)
  for (const [code, value] of changes) {
    const rest = without(packet, code)
    packet =
      value.length === 0
        ? rest
        : [...rest.slice(0, endOf(rest)), code, value.length, ...value, ...rest.slice(endOf(rest))]
  }
  const bytes = new Uint8Array(Math.max(packet.length, MIN_PACKET_BYTES))
  bytes.set(packet)
  return bytes
}
