import { type Bytes, parseInteger, readInteger, untilNul } from './bytes.ts'
import { STATUS } from './errno.ts'

/** Text of a value, or the status of a value that has no such form. */
export type Formatted = string | number

/** A setting type. `format` and `parse` give a status where they fail; no `parse`: cannot be stored. */
export interface SettingType {
  readonly name: string
  readonly format: (raw: Bytes) => Formatted
  readonly parse?: (text: Bytes) => Bytes | number
  /** Present in the types that `inc` works on. */
  readonly number?: { readonly signed: boolean; readonly width: number }
}

const hexOf = (raw: Bytes, separator: string): string =>
  Array.from(raw, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join(separator)

/** All octets of a value as one big-endian number, the first octet's sign extended over 32 bits. */
export const numberOf = (raw: Bytes, signed: boolean): number | undefined => {
  let value = signed && raw.charCodeAt(0) > 0x7f ? -1 : 0
  const pad = value & 0xff
  for (let at = 0; at < raw.length; at++) {
    const octet = raw.charCodeAt(at)
    if (at + 4 < raw.length && octet !== pad) return undefined
    value = (value << 8) | octet
  }
  return value
}

/** A 32-bit number as `width` octets, cut silently. */
export const octetsOf = (value: number, width: number): Bytes => {
  let bytes = ''
  for (let at = width - 1; at >= 0; at--) bytes += String.fromCharCode((value >>> (8 * at)) & 0xff)
  return bytes
}

const LOWEST = -0x80000000

/** What iPXE's `%ld` makes of the lowest number: it takes the digits of its absolute value, which there is none. */
const LOWEST_SHOWN = '-./,),(-*,('

const integer = (name: string, signed: boolean, width: number): SettingType => ({
  name,
  number: { signed, width },
  format: (raw) => {
    const value = numberOf(raw, signed)
    if (value === undefined) return STATUS.settingRange
    if (signed && value === LOWEST) return LOWEST_SHOWN
    return signed ? String(value) : `0x${(value >>> 0).toString(16)}`
  },
  parse: (text) => {
    const value = parseInteger(text)
    return value === undefined ? STATUS.settingInvalid : octetsOf(value, width)
  },
})

const hexadecimal = (name: string, separator: string): SettingType => ({
  name,
  format: (raw) => hexOf(raw, separator),
  parse: (text) => {
    const groups = separator === '' ? (text.match(/[^]{1,2}/g) ?? []) : text.split(separator)
    if (!groups.every((group) => /^[0-9a-f]{2}$/i.test(group))) return STATUS.hexInvalid
    return groups.map((group) => String.fromCharCode(parseInt(group, 16))).join('')
  },
})

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

const base64: SettingType = {
  name: 'base64',
  format: (raw) => {
    let text = ''
    for (let at = 0; at < raw.length; at += 3) {
      const value = numberOf(raw.slice(at, at + 3).padEnd(3, '\0'), false)!
      const digits = Math.min(raw.length - at, 3) + 1
      for (let digit = 0; digit < 4; digit++)
        text += digit < digits ? ALPHABET[(value >>> (18 - 6 * digit)) & 63]! : '='
    }
    return text
  },
  parse: (spaced) => {
    const text = spaced.replace(/[ \t\n\v\f\r]/g, '')
    if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text))
      return STATUS.base64Invalid
    const digits = text.replace(/=+$/, '')
    let raw = ''
    for (let at = 0; at < digits.length; at += 4) {
      const group = digits.slice(at, at + 4)
      let value = 0
      for (let digit = 0; digit < 4; digit++)
        value = (value << 6) | Math.max(0, ALPHABET.indexOf(group[digit] ?? 'A'))
      raw += octetsOf(value, 3).slice(0, group.length - 1)
    }
    return raw
  },
}

const ipv4: SettingType = {
  name: 'ipv4',
  format: (raw) =>
    raw.length < 4
      ? STATUS.ipv4Invalid
      : Array.from(raw.slice(0, 4), (byte) => byte.charCodeAt(0)).join('.'),
  parse: (text) => {
    const octets = text.split('.').map((part) => (part === '' ? 0 : parseInteger(part)))
    const valid = octets.length === 4 && octets.every((o) => o !== undefined && o >= 0 && o <= 255)
    return valid ? String.fromCharCode(...octets.map(Number)) : STATUS.ipv4Invalid
  },
}

const UUID_PARTS = [4, 2, 2, 2, 6]

const uuid: SettingType = {
  name: 'uuid',
  format: (raw) => {
    if (raw.length !== 16) return STATUS.settingRange
    let at = 0
    return UUID_PARTS.map((length) => hexOf(raw.slice(at, (at += length)), '')).join('-')
  },
}

const busdevfn: SettingType = {
  name: 'busdevfn',
  format: (raw) => {
    const value = numberOf(raw, false)
    if (value === undefined) return STATUS.settingRange
    const field = (shift: number, width: number): string =>
      ((value >>> shift) & 0xff).toString(16).padStart(width, '0')
    const slot = ((value >>> 3) & 0x1f).toString(16).padStart(2, '0')
    return `${(value >>> 16).toString(16).padStart(4, '0')}:${field(8, 2)}:${slot}.${value & 7}`
  },
}

/** Groups between colons, each read as C reads a hexadecimal number: blanks may stand before it. */
const groupsOf = (text: string): number[] | undefined => {
  const groups = text === '' ? [] : text.split(':')
  const numbers = groups.map((group) => {
    const { value, length } = readInteger(group, 16)
    return group !== '' && length === group.length && value >= 0 && value <= 0xffff ? value : -1
  })
  return numbers.includes(-1) ? undefined : numbers
}

const ipv6: SettingType = {
  name: 'ipv6',
  format: (raw) => {
    if (raw.length < 16) return STATUS.ipv6Invalid
    const groups = Array.from({ length: 8 }, (_, i) =>
      numberOf(raw.slice(2 * i, 2 * i + 2), false)!,
    )
    const text = groups.map((group) => group.toString(16)).join(':')
    const runs = [...text.matchAll(/(?:^|(?<=:))0(?::0)+(?=:|$)/g)]
    const longest = runs.toSorted((a, b) => b[0].length - a[0].length)[0]
    if (!longest) return text
    const before = text.slice(0, longest.index).replace(/:$/, '')
    return `${before}::${text.slice(longest.index + longest[0].length).replace(/^:/, '')}`
  },
  parse: (text) => {
    const halves = text.split('::').map(groupsOf)
    const [head, tail] = halves
    if (!head || halves.length > 2 || (halves.length === 2 && !tail)) return STATUS.ipv6Invalid
    const missing = 8 - head.length - (tail?.length ?? 0)
    if (tail ? missing < 0 : missing !== 0) return STATUS.ipv6Invalid
    const groups = [...head, ...Array<number>(missing).fill(0), ...(tail ?? [])]
    return groups.map((group) => octetsOf(group, 2)).join('')
  },
}

/** A list of domain names as DHCP option 119 holds it, without its compression pointers (RFC 3397). */
const dnssl: SettingType = {
  name: 'dnssl',
  format: (raw) => {
    const names: string[] = []
    for (let at = 0; at < raw.length; at++) {
      const labels: string[] = []
      for (let length = raw.charCodeAt(at); length > 0; length = raw.charCodeAt(at)) {
        if (length > 63 || at + 1 + length >= raw.length) return STATUS.dnsInvalid
        labels.push(raw.slice(at + 1, at + 1 + length))
        at += 1 + length
      }
      names.push(labels.join('.'))
    }
    return names.join(' ')
  },
}

/** What `:uristring` writes with a percent sign, besides blanks and what does not print. */
const RESERVED = '%/#:@?=&'

/** Percent-encodes as Debian's build on x86 does, where a byte of 0x80 and above comes out sign-extended. */
const uriEncode = (raw: Bytes, reserved = RESERVED): string =>
  Array.from(raw, (byte) => {
    const code = byte.charCodeAt(0)
    if (code > 0x20 && code < 0x7f && !reserved.includes(byte)) return byte
    const digits = code > 0x7f ? `FFFFFF${code.toString(16)}` : code.toString(16).padStart(2, '0')
    return `%${digits.toUpperCase()}`
  }).join('')

/** Decodes `%XX`; a percent sign without a hexadecimal digit after it stays, and one digit is enough. */
const uriDecode = (text: Bytes): Bytes =>
  text.replace(/%([0-9a-f]{1,2})/gi, (_, digits: string) =>
    String.fromCharCode(readInteger(digits, 16).value),
  )

const TYPES: readonly SettingType[] = [
  { name: 'string', format: untilNul, parse: (text) => text },
  { name: 'uristring', format: (raw) => uriEncode(raw), parse: uriDecode },
  ipv4,
  ipv6,
  integer('int8', true, 1),
  integer('int16', true, 2),
  integer('int32', true, 4),
  integer('uint8', false, 1),
  integer('uint16', false, 2),
  integer('uint32', false, 4),
  hexadecimal('hex', ':'),
  hexadecimal('hexhyp', '-'),
  hexadecimal('hexraw', ''),
  base64,
  uuid,
  busdevfn,
  dnssl,
]

export const SETTING_TYPES: ReadonlyMap<string, SettingType> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ TYPES.map((type) => [type.name, type]),
)

const parseUuid = (text: Bytes): Bytes | number => {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return STATUS.settingInvalid
  return String.fromCharCode(
    ...text
      .replaceAll('-', '')
      .match(/../g)!
      .map((pair) => parseInt(pair, 16)),
  )
}

/** The types of builds after January 2022, which store UUIDs too. From source. */
export const RECENT_TYPES: ReadonlyMap<string, SettingType> = /* @__PURE__ */ new Map<
  string,
  SettingType
>([
  ...SETTING_TYPES,
  ['uuid', { ...uuid, parse: parseUuid }],
  // core/uri.c escapes `+` since November 2021, as a form would read it as a blank.
  [
    'uristring',
    { name: 'uristring', format: (raw) => uriEncode(raw, `${RESERVED}+`), parse: uriDecode },
  ],
  ['guid', { ...uuid, name: 'guid', parse: parseUuid }],
])

/** A type that the interpreter itself names. */
export const typeNamed = (name: string): SettingType => {
  const type = SETTING_TYPES.get(name)
  if (!type) throw new RangeError(`no setting type ${name}`)
  return type
}
