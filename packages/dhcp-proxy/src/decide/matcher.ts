import { parseAddress } from '../codec/address.ts'
import { ARCHITECTURES } from '../codec/architectures.ts'
import { escapeText, hexOf, readableBytes } from '../codec/text.ts'
import { valueBytes, type OptionValue } from '../codec/value.ts'
import { DhcpError } from '../errors.ts'
import { FIRMWARE, type Firmware } from './firmware.ts'
import { normalMac, type BootRequest } from './request.ts'
import { isSharedUuid } from './shared-uuid.ts'

type OneOrMore<T> = T | readonly T[]

/** What an option must hold. With neither `is` nor `contains` it must just be there. */
export interface OptionMatcher {
  readonly code: number
  readonly is?: OptionValue
  readonly contains?: OptionValue
}

/** All of the given conditions must hold; of a list, one value is enough. */
export interface Matcher {
  /** Codes of option 93 for the protocol that option 60 names; the client may name several. */
  readonly architecture?: OneOrMore<number>
  readonly firmware?: OneOrMore<Firmware>
  /** MACs, or their first bytes: `52:54:00`. */
  readonly mac?: OneOrMore<string>
  /** The same for any hardware, such as the 8 or 20 bytes of InfiniBand. */
  readonly hardwareAddress?: OneOrMore<string>
  /** In either byte order. */
  readonly uuid?: OneOrMore<string>
  /** One of the user classes, whole. */
  readonly userClass?: OneOrMore<string>
  /** How the vendor class begins. */
  readonly vendorClass?: OneOrMore<string>
  /** Hex, type byte first: `01:52:54:00:12:34:56`. */
  readonly clientId?: OneOrMore<string>
  readonly circuitId?: OneOrMore<string>
  readonly remoteId?: OneOrMore<string>
  readonly interface?: OneOrMore<string>
  /** `10.1.0.0/16`: where the relay is, or else where this server is. */
  readonly subnet?: OneOrMore<string>
  readonly option?: OneOrMore<OptionMatcher>
  readonly and?: readonly Matcher[]
  readonly or?: readonly Matcher[]
  readonly not?: Matcher
}

/** One condition, and the words for its outcome. */
export interface Test {
  readonly holds: (request: BootRequest) => boolean
  readonly why: (request: BootRequest) => string
}

const refuse = (message: string): never => {
  throw new DhcpError('ERR_DHCP_RULE', message)
}

const listOf = <T>(value: OneOrMore<T>): readonly T[] => {
  const list = isList(value) ? value : [value]
  return list.length > 0 ? list : refuse('an empty list matches nothing; leave the condition out')
}
const isList = <T>(value: OneOrMore<T>): value is readonly T[] => Array.isArray(value)

const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){0,5}$/

const macOf = (text: string): string => {
  const mac = normalMac(text)
  return MAC.test(mac)
    ? mac
    : refuse(`${JSON.stringify(text)} is not a MAC or its first bytes, such as 52:54:00`)
}

const architectureOf = (code: number): number =>
  Number.isInteger(code) && code >= 0 && code <= 0xffff
    ? code
    : refuse(`architecture ${JSON.stringify(code)} is not a number of 0–65535`)

const firmwareNamed = (name: Firmware): Firmware =>
  FIRMWARE.includes(name)
    ? name
    : refuse(`firmware ${JSON.stringify(name)} is not one of ${FIRMWARE.join(', ')}`)

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const uuidOf = (text: string): string => {
  const uuid = text.toLowerCase()
  if (!UUID.test(uuid))
    refuse(`${JSON.stringify(text)} is not a UUID such as 4c4c4544-0033-3510-8052-b4c04f4d3332`)
  return isSharedUuid(uuid)
    ? refuse(`UUID ${uuid} is one that many machines have, so it names none; match the MAC instead`)
    : uuid
}

const HEX_BYTES = /^[0-9a-f]{2}(?::[0-9a-f]{2})*$/

const clientIdOf = (text: string): string =>
  HEX_BYTES.test(normalMac(text))
    ? normalMac(text)
    : refuse(
        `${JSON.stringify(text)} is not a client id in hex with its type, such as 01:52:54:00:12:34:56`,
      )

const hardwareAddressOf = (text: string): string =>
  HEX_BYTES.test(normalMac(text))
    ? normalMac(text)
    : refuse(`${JSON.stringify(text)} is not a hardware address or its first bytes, in hex`)

interface Subnet {
  readonly text: string
  readonly base: number
  readonly size: number
}

const subnetOf = (text: string): Subnet => {
  const [address = '', prefix = ''] = text.split('/')
  const value = parseAddress(address)
  const length = /^\d{1,2}$/.test(prefix) ? Number(prefix) : 33
  if (value === undefined || length > 32)
    return refuse(`${JSON.stringify(text)} is not a subnet such as 10.1.0.0/16`)
  const size = 2 ** (32 - length)
  return { text, base: Math.floor(value / size) * size, size }
}

/** Where a client sits: the relay's own word (RFC 3527), the relay, or the interface that heard it. */
const placeOf = ({ relay, localAddress }: BootRequest): string =>
  relay?.linkSelection ?? relay?.address ?? localAddress

const bytesOf = (value: OptionValue): Uint8Array =>
  valueBytes(value) ??
  refuse(
    `${JSON.stringify(value)} is neither Latin-1 text nor bytes (0–255), so no option holds it`,
  )

/** A condition on a fact that has one value or none. `name` and the wanted values make the words. */
const fact = <T extends string | number>(
  name: string,
  read: (request: BootRequest) => T | undefined,
  wanted: readonly string[],
  isWanted: (value: T) => boolean,
): Test => {
  const holds = (request: BootRequest): boolean => {
    const value = read(request)
    return value !== undefined && isWanted(value)
  }
  return {
    holds,
    why: (request) => wordsOf(name, [read(request) ?? ''], wanted, holds(request)),
  }
}

/** The same for a fact that may have several values: one of them is enough. */
const facts = <T extends string | number>(
  name: string,
  read: (request: BootRequest) => readonly T[],
  wanted: readonly string[],
  isWanted: (value: T) => boolean,
): Test => {
  const holds = (request: BootRequest): boolean => read(request).some(isWanted)
  return { holds, why: (request) => wordsOf(name, read(request), wanted, holds(request)) }
}

const wordsOf = (
  name: string,
  values: readonly (string | number)[],
  wanted: readonly string[],
  holds: boolean,
): string => {
  const seen = escapeText(values.join(', ')) || 'unknown'
  return `${name} is ${seen}${holds ? '' : `, not ${wanted.join(' or ')}`}`
}

const exactly =
  (name: string, read: (request: BootRequest) => string | undefined) =>
  (value: OneOrMore<string>): Test => {
    const wanted = listOf(value)
    return fact(name, read, wanted, (seen) => wanted.includes(seen))
  }

/** How an address in hex begins. */
const beginsWith = (wanted: readonly string[]) => (address: string) =>
  wanted.some((one) => `${address}:`.startsWith(`${one}:`))

/** What the client may boot as: codes of the protocol it speaks, or what its firmware is known for. */
const architecturesOf = ({ architecture, architectures }: BootRequest): readonly number[] => {
  if (architecture === undefined) return architectures
  if (!architectures.includes(architecture)) return [architecture]
  const protocol = ARCHITECTURES.get(architecture)?.protocol
  return architectures.filter(
    (code) => code === architecture || ARCHITECTURES.get(code)?.protocol === protocol,
  )
}

const contains = (value: Uint8Array, part: Uint8Array): boolean =>
  hexOf(value, ' ').includes(hexOf(part, ' '))
const equals = (value: Uint8Array, other: Uint8Array): boolean => hexOf(value) === hexOf(other)

const optionTest = ({ code, ...wanted }: OptionMatcher): Test => {
  if (!Number.isInteger(code) || code < 1 || code > 254)
    refuse(`option code ${code} is outside 1–254`)
  const is = wanted.is === undefined ? undefined : bytesOf(wanted.is)
  const part = wanted.contains === undefined ? undefined : bytesOf(wanted.contains)
  const valueOf = ({ packet }: BootRequest): Uint8Array | undefined => packet.options.get(code)
  return {
    holds: (request) => {
      const value = valueOf(request)
      return value !== undefined && (!is || equals(value, is)) && (!part || contains(value, part))
    },
    why: (request) => {
      const value = valueOf(request)
      if (!value) return `option ${code} is absent`
      const seen = `option ${code} is ${readableBytes(value)}`
      if (is && !equals(value, is)) return `${seen}, not ${readableBytes(is)}`
      if (part && !contains(value, part)) return `${seen}, without ${readableBytes(part)}`
      return seen
    },
  }
}

const allOf = (tests: readonly Test[]): Test => (tests.length === 1 ? tests[0]! : everyOf(tests))

const everyOf = (tests: readonly Test[]): Test => ({
  holds: (request) => tests.every(({ holds }) => holds(request)),
  why: (request) => {
    const failing = tests.find(({ holds }) => !holds(request))
    if (failing) return failing.why(request)
    return tests.map(({ why }) => why(request)).join(', ') || 'it matches everything'
  },
})

const anyOf = (tests: readonly Test[]): Test => ({
  holds: (request) => tests.some(({ holds }) => holds(request)),
  why: (request) => {
    const holding = tests.find(({ holds }) => holds(request))
    return holding ? holding.why(request) : tests.map(({ why }) => why(request)).join('; ')
  },
})

const noneOf = ({ holds, why }: Test): Test => ({
  holds: (request) => !holds(request),
  why: (request) => (holds(request) ? `${why(request)}, which the rule excludes` : why(request)),
})

/** A condition's name, and what compiles its value where a matcher has it. */
const on = <K extends keyof Matcher>(
  key: K,
  compile: (value: NonNullable<Matcher[K]>) => Test,
): readonly [string, (matcher: Matcher) => Test | undefined] => [
  key,
  (matcher) => {
    const value = matcher[key]
    return value === undefined ? undefined : compile(value)
  },
]

const uuidsOf = ({ uuid, swappedUuid }: BootRequest): string[] =>
  [uuid, swappedUuid].filter((text) => text !== undefined)

/** One compiler for each condition: a new one is a new row. */
const CONDITIONS: ReadonlyMap<string, (matcher: Matcher) => Test | undefined> = new Map([
  on('architecture', (value) => {
    const wanted = listOf(value).map(architectureOf)
    return facts('architecture', architecturesOf, wanted.map(String), (code) =>
      wanted.includes(code),
    )
  }),
  on('firmware', (value) =>
    exactly('firmware', (r) => r.firmware)(listOf(value).map(firmwareNamed)),
  ),
  on('mac', (value) => {
    const wanted = listOf(value).map(macOf)
    return fact('MAC', (r) => r.mac, wanted, beginsWith(wanted))
  }),
  on('hardwareAddress', (value) => {
    const wanted = listOf(value).map(hardwareAddressOf)
    return fact('hardware address', (r) => r.hardwareAddress, wanted, beginsWith(wanted))
  }),
  on('uuid', (value) => {
    const wanted = listOf(value).map(uuidOf)
    return facts('UUID', uuidsOf, wanted, (uuid) => wanted.includes(uuid))
  }),
  on('userClass', (value) => {
    const wanted = listOf(value)
    return facts(
      'user class',
      (r) => r.userClasses,
      wanted,
      (seen) => wanted.includes(seen),
    )
  }),
  on('vendorClass', (value) => {
    const wanted = listOf(value)
    const isWanted = (seen: string): boolean => wanted.some((one) => seen.startsWith(one))
    return fact('vendor class', (r) => r.vendorClass, wanted, isWanted)
  }),
  on('clientId', (value) => exactly('client id', (r) => r.clientId)(listOf(value).map(clientIdOf))),
  on(
    'circuitId',
    exactly('circuit id', (r) => r.relay?.circuitId),
  ),
  on(
    'remoteId',
    exactly('remote id', (r) => r.relay?.remoteId),
  ),
  on(
    'interface',
    exactly('interface', (r) => r.interface),
  ),
  on('subnet', (value) => {
    const wanted = listOf(value).map(subnetOf)
    const isIn = (address: string): boolean => {
      const number = parseAddress(address) ?? -1
      return wanted.some(({ base, size }) => number >= base && number < base + size)
    }
    return fact(
      'subnet',
      placeOf,
      wanted.map(({ text }) => text),
      isIn,
    )
  }),
  on('option', (value) => anyOf(listOf(value).map(optionTest))),
  on('and', (value) => allOf(value.map(compileMatcher))),
  on('or', (value) => anyOf(value.map(compileMatcher))),
  on('not', (value) => noneOf(compileMatcher(value))),
])

/**
 * Turns a matcher into a test.
 * @throws {DhcpError} `ERR_DHCP_RULE` for a condition or value that means nothing
 */
export const compileMatcher = (matcher: Matcher): Test => {
  const allowed = [...CONDITIONS.keys()].join(', ')
  if (typeof matcher !== 'object' || matcher === null || Array.isArray(matcher))
    return refuse(`${JSON.stringify(matcher)} is not an object of conditions: ${allowed}`)
  const tests = Object.keys(matcher).flatMap((key) => {
    const compile = CONDITIONS.get(key)
    if (!compile) return refuse(`condition ${JSON.stringify(key)} is not one of ${allowed}`)
    return compile(matcher) ?? []
  })
  return allOf(tests)
}
