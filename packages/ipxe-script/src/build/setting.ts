import { IpxeScriptError } from '../errors.ts'

/** Setting types whose value is a whole number, which `inc` needs. */
export type IntegerType = 'int8' | 'int16' | 'int32' | 'uint8' | 'uint16' | 'uint32'

/** What a setting holds. `uri` is this library's: a string that is a URI, put into others as it stands. */
export type SettingType =
  | 'string'
  | 'uri'
  | 'uristring'
  | IntegerType
  | 'ipv4'
  | 'ipv6'
  | 'hex'
  | 'hexhyp'
  | 'hexraw'
  | 'base64'
  | 'uuid'
  | 'guid'
  | 'busdevfn'
  | 'dnssl'

const TYPES: Readonly<Record<SettingType, true>> = {
  string: true,
  uri: true,
  uristring: true,
  int8: true,
  int16: true,
  int32: true,
  uint8: true,
  uint16: true,
  uint32: true,
  ipv4: true,
  ipv6: true,
  hex: true,
  hexhyp: true,
  hexraw: true,
  base64: true,
  uuid: true,
  guid: true,
  busdevfn: true,
  dnssl: true,
}

const RANGES: Readonly<Record<IntegerType, readonly [number, number]>> = {
  int8: [-0x80, 0x7f],
  int16: [-0x8000, 0x7fff],
  int32: [-0x80000000, 0x7fffffff],
  uint8: [0, 0xff],
  uint16: [0, 0xffff],
  uint32: [0, 0xffffffff],
}

/** The least and the greatest value of an integer type; undefined for any other type. */
export const rangeOf = (type: string): readonly [number, number] | undefined =>
  Object.entries(RANGES).find(([name]) => name === type)?.[1]

/** Types that iPXE prints in letters which never begin an option and never need encoding in a URI. */
const HARMLESS: ReadonlySet<string> = new Set([
  'uint8',
  'uint16',
  'uint32',
  'ipv4',
  'ipv6',
  'hex',
  'hexhyp',
  'hexraw',
  'uuid',
  'guid',
  'busdevfn',
])

/** Settings that iPXE itself computes, out of plain letters and digits. */
const BUILT_IN: ReadonlySet<string> = new Set(['buildarch', 'platform', 'errno'])

/** How a value is put where it is used. */
type Shown = 'as it is' | 'encoded in a URI'

/**
 * A setting: a value that iPXE knows when the script runs. Use it in `text` and `uri` templates, or as an argument.
 */
export class Setting<T extends SettingType = SettingType> {
  readonly path: string
  readonly type: T
  /** `${path}`, with the type where it is needed to read the value. */
  readonly expansion: string
  /** The same for a URI. */
  readonly uriExpansion: string
  /** Whether its value could be taken for an option. */
  readonly optionLike: boolean

  constructor(path: string, type: T, suffix: string | undefined, shown: Shown) {
    this.path = path
    this.type = type
    this.expansion = suffix === undefined ? `\${${path}}` : `\${${path}:${suffix}}`
    const isPlain = HARMLESS.has(type) || BUILT_IN.has(path)
    const encodes =
      shown === 'encoded in a URI' && !isPlain && (type === 'string' || type === 'dnssl')
    this.uriExpansion = encodes ? `\${${path}:uristring}` : this.expansion
    this.optionLike = !isPlain
  }

  /** The same setting printed as another type: `mac.as('hexhyp')` gives `52-54-00-…`. */
  as<U extends Exclude<SettingType, 'uri'>>(type: U): Setting<U> {
    return new Setting(this.path, type, type, 'as it is')
  }

  /** The same setting, not percent-encoded in a URI: for values that are URIs or parts of one. */
  raw(): Setting<T> {
    const suffix = /:([^:}]*)\}$/.exec(this.expansion)?.[1]
    return new Setting(this.path, this.type, suffix, 'as it is')
  }

  toString(): string {
    return this.expansion
  }
}

/** One part of a path: no `}`, `:`, `/`, blank or control character. */
// oxlint-disable-next-line no-control-regex -- control characters are what is refused
const PART = /^[^\0-\x20\x7f{}:/$]+$/

const refuse = (path: string, why: string): never => {
  throw new IpxeScriptError('ERR_IPXE_SETTING', `setting name ${JSON.stringify(path)} ${why}`)
}

/** What iPXE takes for a DHCP option number, so that setting it would change, say, the netmask (ipxe/ipxe#813). */
const NUMERIC = /^(?:0[xX][0-9a-fA-F]+|\d+)(?:\.(?:0[xX][0-9a-fA-F]+|\d+))*$/

const isSettingName = (name: string): boolean => PART.test(name) && !NUMERIC.test(name)

const checkPath = (path: string): void => {
  // Expansions stand for a part that is known only to the machine: net${i}/mac.
  const seen = path.replace(/\$\{[^{}]*\}/g, 'x')
  const slash = seen.indexOf('/')
  const block = slash < 0 ? 'x' : seen.slice(0, slash)
  const name = seen.slice(slash + 1)
  if (!PART.test(block) || !PART.test(name))
    refuse(path, 'is not name or block/name without blanks, braces, dollars and colons')
  if (!isSettingName(name)) refuse(path, 'is a number, which is a DHCP option; use dhcpOption()')
  if (name.startsWith('chr-'))
    refuse(path, 'begins with chr-, which is kept for characters that need a helper')
  if (path.startsWith('-')) refuse(path, 'begins with -, which iPXE takes for an option')
}

const checked = new Set<string>()

/**
 * A setting of the script's own, or one of iPXE's: `setting('attempt', 'int32')`, `setting('net0/ip', 'ipv4')`.
 */
export function setting(path: string): Setting<'string'>
export function setting<T extends SettingType>(path: string, type: T): Setting<T>
export function setting(path: string, type: SettingType = 'string'): Setting {
  if (!Object.hasOwn(TYPES, type))
    throw new IpxeScriptError(
      'ERR_IPXE_SETTING',
      `setting type ${JSON.stringify(type)} is not one of ${Object.keys(TYPES).join(', ')}`,
    )
  if (!checked.has(path)) {
    checkPath(path)
    // Bounded: names come from programs, but a program may make them up per machine.
    if (checked.size < 4096) checked.add(path)
  }
  return new Setting(path, type, undefined, 'encoded in a URI')
}

const checkNumber = (value: number, most: number, what: string): void => {
  if (!Number.isInteger(value) || value < 0 || value > most)
    throw new IpxeScriptError(
      'ERR_IPXE_SETTING',
      `${what} ${value} is not a whole number from 0 to ${most}`,
    )
}

/**
 * A DHCP option, or a sub-option: `dhcpOption(175, 200)` is `${175.200:string}`. iPXE asks for 1 3 6 7 12 15 17 26 42 43
 * 60 66 67 119 121 128–135 175 203 only: a private value fits 128 to 135 or a free sub-option of 175.
 */
export const dhcpOption = (code: number, subOption?: number): Setting<'string'> => {
  checkNumber(code, 254, 'DHCP option')
  if (subOption !== undefined) checkNumber(subOption, 255, 'DHCP sub-option')
  const path = subOption === undefined ? String(code) : `${code}.${subOption}`
  return new Setting(path, 'string', 'string', 'encoded in a URI')
}

/** A string out of the SMBIOS tables: structure type, offset, and length (0: the offset holds a string number). */
export const smbios = (type: number, offset: number, length: number = 0): Setting<'string'> => {
  for (const value of [type, offset, length]) checkNumber(value, 255, 'SMBIOS')
  return new Setting(`smbios/${type}.${offset}.${length}`, 'string', 'string', 'encoded in a URI')
}
