import { normalizeFact, normalizeMac, type Facts, type FactValue } from '../model/facts.ts'
import { RESERVED_NAMES } from '../state/script-url.ts'

/** iPXE's names for facts, as they come in the script's URL. */
const PARAMETER_FACTS: Readonly<Record<string, string>> = {
  mac: 'mac',
  uuid: 'uuid',
  serial: 'serial',
  asset: 'asset',
  product: 'product',
  manufacturer: 'manufacturer',
  hostname: 'hostname',
  buildarch: 'architecture',
  platform: 'firmware',
}
const PLATFORMS: Readonly<Record<string, string>> = { pcbios: 'bios', efi: 'efi' }
const OURS = new Set(['final', 'choose', ...RESERVED_NAMES])
const MAX_LABELS = 32
const MAX_PAIRS = MAX_LABELS + 32
const MAX_MENU_DEPTH = 8

/** The cards that iPXE is asked for beside the one that it boots by: `mac0` is `net0`'s address. */
export const CARD_PARAMETERS: readonly string[] = Array.from({ length: 8 }, (_, i) => `mac${i}`)

/** The query of the script's URL, the first value of each name. */
export type Query = Readonly<Record<string, string | undefined>>

/** A query, read. */
export interface ReadQuery {
  readonly facts: Facts
  readonly labels: Readonly<Record<string, string>>
  /** Hardware addresses of all cards that iPXE has found. */
  readonly cards: readonly string[]
  /** What was chosen in menus, outermost first. */
  readonly chosen: readonly string[]
  /** What the machine said, to be handed on as it is. */
  readonly said: Readonly<Record<string, string>>
}

/** Facts that DHCP brought, as a signed URL has them; what it does not name was not in the request. */
const signedFacts = (
  signed: Readonly<Record<string, string>>,
): Record<string, string | undefined> => {
  const { mac, arch, relay } = signed
  return {
    ...(mac !== undefined && { mac }),
    ...(arch !== undefined && {
      arch,
      relay,
      'circuit-id': signed['circuit-id'],
      'remote-id': signed['remote-id'],
    }),
  }
}

/**
 * Facts and labels from the query of the script's URL.
 * @param signed - facts that the URL's signature vouches for
 */
export const readQuery = (
  query: Query,
  ip: string,
  signed: Readonly<Record<string, string>> = {},
): ReadQuery => {
  const known: Record<string, FactValue | undefined> = { ip, subnet: ip }
  const labels: Record<string, string> = {}
  const said: Record<string, string> = {}
  const cards: string[] = []
  const final = query['final'] === '1'
  for (const [key, value] of Object.entries(query).slice(0, MAX_PAIRS)) {
    if (value === undefined) continue
    const fact = PARAMETER_FACTS[key]
    if (OURS.has(key) && fact === undefined) continue
    if (CARD_PARAMETERS.includes(key)) {
      const card = normalizeMac(value)
      if (card !== undefined) cards.push(card)
    } else if (fact !== undefined) {
      const text = normalizeFact(fact, fact === 'firmware' ? (PLATFORMS[value] ?? value) : value)
      if (text !== undefined || final) known[fact] = text
    } else if (/^[\w.-]{1,64}$/.test(key) && Object.keys(labels).length < MAX_LABELS) {
      labels[key] = value.slice(0, 255)
    } else continue
    if (key !== 'mac') said[key] = value.slice(0, 255)
  }
  for (const [label, value] of Object.entries(labels)) known[`query.${label}`] = value
  Object.assign(known, signedFacts(signed))
  const uuid = normalizeFact('uuid', signed['uuid'] ?? '')
  if (known['uuid'] === undefined && uuid !== undefined) known['uuid'] = uuid
  const chosen = (query['choose'] ?? '')
    .split(',')
    .filter((name) => name !== '')
    .slice(0, MAX_MENU_DEPTH)
  return { facts: { known, final }, labels, cards, chosen, said }
}
