/**
 * What a machine can be known by. A record collects every identity it was ever seen with; in a store each belongs to one
 * record. `id:` is the former id of a record that was merged into another, `token:` the hash of a report token of
 * Bootwire 0.1 whose installation was running while the state was migrated.
 */
export type Identity = `${'mac' | 'uuid' | 'serial' | 'name' | 'id' | 'token'}:${string}`

/** What a request says of who it comes from: normalized facts, as the boot decision has them. */
export interface IdentityFacts {
  /** Every hardware address that is known: the one that boots, and those of the other cards where iPXE tells them. */
  readonly macs: readonly string[]
  readonly uuid?: string
  readonly serial?: string
  /** Name of the entry under `machines` that matches. */
  readonly name?: string
}

/** UUIDs that many boards share, without dashes: none of them tells one machine from another. */
const SHARED_UUIDS: ReadonlySet<string> = new Set([
  '03000200040005000006000700080009', // AMI's reference firmware, on boards of many vendors
  '00020003000400050006000700080009', // the same, printed in the order of its bytes
  '12345678123456789abccddeeffaabbc', // boards never given one
  '1234567812345678abcd1234567890ab',
  '123456781234567890abcddeefaabbcc', // Gigabyte
  '0102030405060708090a0b0c0d0e0f10',
  '000102030405060708090a0b0c0d0e0f',
  '4c4c454400002010802080c04f202020', // Dell with a blank service tag
  '0123456789abcdef0123456789abcdef',
  'efbeaddeefbeaddeefbeaddeefbeadde',
  'deadbeefdeadbeefdeadbeefdeadbeef',
])

const isUuid = (hex: string): boolean =>
  /^[0-9a-f]{32}$/.test(hex) && !/^(..)\1{15}$/.test(hex) && !SHARED_UUIDS.has(hex)

const dashed = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')

/** Serial numbers that vendors leave in where they set none. */
const SHARED_SERIALS: ReadonlySet<string> = new Set([
  'to be filled by o.e.m.',
  'to be filled by o.e.m',
  'to be filled by oem',
  'default string',
  'system serial number',
  'chassis serial number',
  'base board serial number',
  'serial number',
  'serial',
  'sernum',
  'not specified',
  'not applicable',
  'not available',
  'not present',
  'not settable',
  'none',
  'null',
  'n/a',
  'na',
  'invalid',
  'unknown',
  'undefined',
  'empty',
  'oem',
  'o.e.m.',
  'no asset tag',
  'no serial',
  'n/a.',
  'test',
  'tbd',
  'filled by oem',
])

const isSerial = (text: string): boolean =>
  text.length > 3 &&
  !SHARED_SERIALS.has(text) &&
  /[a-z0-9]/.test(text) &&
  !/^(.)\1*$/.test(text.replaceAll(/[\s._-]/g, '')) &&
  !'01234567890123456789'.includes(text)

const isMac = (text: string): boolean =>
  /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(text) &&
  // The lowest bit of the first octet marks a group of stations, not one (IEEE 802, 8.2).
  (Number.parseInt(text.slice(0, 2), 16) & 1) === 0 &&
  text !== '00:00:00:00:00:00'

// oxlint-disable-next-line no-control-regex -- a store ends its fields with them
const isPrintable = (identity: Identity): boolean => !/[\u0000-\u001F]/.test(identity)

/** The identities that facts name. What many machines share, and what is malformed, never counts. */
export const identitiesOf = ({ macs, uuid, serial, name }: IdentityFacts): Identity[] => {
  const hex = uuid?.toLowerCase().replaceAll('-', '') ?? ''
  const number = serial?.trim().toLowerCase() ?? ''
  const found = new Set<Identity>()
  if (name !== undefined) found.add(`name:${name}`)
  if (isUuid(hex)) found.add(`uuid:${dashed(hex)}`)
  if (isSerial(number)) found.add(`serial:${number}`)
  for (const mac of macs) if (isMac(mac.toLowerCase())) found.add(`mac:${mac.toLowerCase()}`)
  return [...found].filter(isPrintable)
}

/** Whether a text that was stored is an identity. */
export const isIdentity = (text: string): text is Identity =>
  /^(?:mac|uuid|serial|name|id|token):/.test(text)

/** The kind of an identity: what stands before its colon. */
export const kindOf = (identity: Identity): string => identity.slice(0, identity.indexOf(':'))

/** An identity for people: `MAC 52:54:…`, `serial number 7F3`. */
export const describeIdentity = (identity: Identity): string => {
  const words: Readonly<Record<string, string>> = {
    mac: 'hardware address',
    uuid: 'UUID',
    serial: 'serial number',
    name: 'entry',
    id: 'former id',
    token: 'report token',
  }
  const kind = kindOf(identity)
  return `${words[kind] ?? kind} ${identity.slice(kind.length + 1)}`
}
