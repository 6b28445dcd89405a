import { findOption, OPTIONS_AT, type Found, type Reply } from './wire.ts'

/**
 * EDK2 checks every option of a packet before it looks at any (DhcpValidateOptions in NetworkPkg/Dhcp4Dxe),
 * and drops the whole packet when one is wrong. Sizes are in bytes: a multiple of `unit`, between `min` and `max`.
 */
interface Rule {
  readonly unit: number
  readonly min: number
  readonly max: number
  readonly isSwitch?: boolean
}

const one = (unit: number): Rule => ({ unit, min: unit, max: unit })
const many = (unit: number, min = unit): Rule => ({ unit, min, max: 255 })
const SWITCH: Rule = { ...one(1), isSwitch: true }

const rules = (rule: Rule, ...tags: number[]): [number, Rule][] => tags.map((tag) => [tag, rule])

const RULES: ReadonlyMap<number, Rule> = new Map([
  ...rules(one(4), 1, 2, 16, 24, 28, 32, 35, 38, 50, 51, 54, 58, 59),
  ...rules(
    many(4),
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
    11,
    41,
    42,
    44,
    45,
    48,
    49,
    65,
    69,
    70,
    71,
    72,
    73,
    74,
    75,
    76,
  ),
  ...rules(many(4, 0), 68),
  ...rules(many(8), 21, 33),
  ...rules(many(1), 12, 14, 15, 17, 18, 40, 43, 47, 55, 56, 60, 64, 66, 67),
  ...rules(many(1, 2), 61),
  ...rules(many(1, 5), 121),
  ...rules(many(2), 25),
  ...rules(one(2), 13, 22, 26, 57),
  ...rules(one(1), 23, 37, 46, 52, 53),
  ...rules(SWITCH, 19, 20, 27, 29, 30, 31, 34, 36, 39),
])

const complaint = (tag: number, value: Uint8Array): string | undefined => {
  const rule = RULES.get(tag)
  if (!rule) return undefined
  const { unit, min, max, isSwitch } = rule
  if (value.length % unit !== 0 || value.length < min || value.length > max) {
    return `option ${tag} has ${value.length} bytes`
  }
  if (isSwitch && value.some((byte) => byte > 1)) return `option ${tag} is neither 0 nor 1`
  if (tag === 53 && (value[0]! < 1 || value[0]! > 9)) return `message type ${value[0]}`
  if (tag === 52 && (value[0]! < 1 || value[0]! > 3)) return `option overload ${value[0]}`
  return undefined
}

/** One area of options: `options`, or `file` and `sname` when they are overloaded. Each must end in END. */
const areaComplaint = (
  bytes: Uint8Array,
  [from, to]: readonly [number, number],
  area: string,
  found: Map<number, number[]>,
): string | undefined => {
  let at = from
  while (at < to) {
    const tag = bytes[at]!
    if (tag === 255) return undefined
    if (tag === 0) {
      at += 1
      continue
    }
    const end = at + 2 + (bytes[at + 1] ?? 0)
    if (at + 1 >= to || end > to) return `option ${tag} runs past the end of ${area}`
    found.set(tag, [...(found.get(tag) ?? []), ...bytes.subarray(at + 2, end)])
    at = end
  }
  return `${area} has no END`
}

/**
 * Why EDK2 drops this packet before looking at it; undefined where it does not. Instances of one option are joined
 * first (RFC 3396), so a second option 54 makes one of 8 bytes; options without bytes are not looked at.
 */
export const edk2Complaint = (reply: Reply): string | undefined => {
  const { bytes } = reply
  const found = new Map<number, number[]>()
  const area = (at: readonly [number, number], name: string): string | undefined =>
    areaComplaint(bytes, at, name, found)
  const inOptions = area([OPTIONS_AT, bytes.length], 'the options')
  if (inOptions) return inOptions
  const overload = found.get(52)?.[0] ?? 0
  const inHeader =
    (overload & 1 ? area([108, 236], 'file') : undefined) ??
    (overload & 2 ? area([44, 108], 'sname') : undefined)
  if (inHeader) return inHeader
  for (const [tag, value] of found) {
    const wrong = value.length > 0 ? complaint(tag, Uint8Array.from(value)) : undefined
    if (wrong) return wrong
  }
  return undefined
}

/** The first option `tag`, looked for in the options, then in an overloaded `file`, then in `sname`. */
export const edk2Option = (reply: Reply, tag: number): Found | undefined => {
  const { bytes } = reply
  const overload = findOption(bytes, 52, OPTIONS_AT)?.value[0] ?? 0
  return (
    findOption(bytes, tag, OPTIONS_AT) ??
    (overload & 1 ? findOption(bytes, tag, 108, 236) : undefined) ??
    (overload & 2 ? findOption(bytes, tag, 44, 108) : undefined)
  )
}
