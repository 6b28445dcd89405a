import { normalizeFact, type Facts, type FactValue } from '../model/facts.ts'

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
const RESERVED = new Set(['final', 'choose'])
const MAX_LABELS = 32
const MAX_MENU_DEPTH = 8

/** The query of the script's URL, the first value of each name. */
export type Query = Readonly<Record<string, string | undefined>>

/** Facts and labels from the query of the script's URL. */
export const readQuery = (
  query: Query,
  ip: string,
): {
  readonly facts: Facts
  readonly labels: Record<string, string>
  readonly chosen: string[]
} => {
  const known: Record<string, FactValue | undefined> = { ip, subnet: ip }
  const labels: Record<string, string> = {}
  const final = query['final'] === '1'
  for (const [key, value] of Object.entries(query).slice(0, MAX_LABELS + 16)) {
    if (value === undefined || RESERVED.has(key)) continue
    const fact = PARAMETER_FACTS[key]
    if (fact === undefined) {
      if (/^[\w.-]{1,64}$/.test(key) && Object.keys(labels).length < MAX_LABELS)
        labels[key] = value.slice(0, 255)
      continue
    }
    const text = normalizeFact(fact, fact === 'firmware' ? (PLATFORMS[value] ?? value) : value)
    if (text !== undefined || final) known[fact] = text
  }
  for (const [label, value] of Object.entries(labels)) known[`query.${label}`] = value
  const chosen = (query['choose'] ?? '')
    .split(',')
    .filter((name) => name !== '')
    .slice(0, MAX_MENU_DEPTH)
  return { facts: { known, final }, labels, chosen }
}
