import { parseAddress } from '../codec/address.ts'
import { checkDecision } from '../decide/check.ts'
import { normalMac } from '../decide/request.ts'
import { DhcpError, type DhcpErrorCode } from '../errors.ts'
import type { Limits, ProxyDhcpServerOptions } from '../index.ts'

/** Something that is wrong with an options object. */
export interface Issue {
  /** The keys that lead to it: `['limits', 'clientBurst']`. */
  readonly path: readonly (string | number)[]
  readonly code: DhcpErrorCode
  /** What was seen, then what is allowed. */
  readonly message: string
}

type Check = (value: unknown, path: Issue['path']) => readonly Issue[]

const issue = (path: Issue['path'], message: string): readonly Issue[] => [
  { path, code: 'ERR_DHCP_CONFIG', message },
]

const shown = (value: unknown): string =>
  typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value))

const check =
  (isGood: (value: unknown) => boolean, allowed: string): Check =>
  (value, path) =>
    isGood(value) ? [] : issue(path, `${path.join('.')} ${shown(value)} is not ${allowed}`)

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isIn = (min: number, max: number) => (value: unknown) =>
  typeof value === 'number' && value >= min && value <= max

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

const isFunction = (value: unknown): boolean => typeof value === 'function'

const anything: Check = () => []

const address = check(
  (value) => typeof value === 'string' && Boolean(parseAddress(value)),
  'an IPv4 address other than 0.0.0.0',
)

const listOf =
  (one: Check, what: string): Check =>
  (value, path) =>
    Array.isArray(value)
      ? value.flatMap((entry, index) => one(entry, [...path, index]))
      : issue(path, `${path.join('.')} ${shown(value)} is not a list of ${what}`)

/** Every key of `checks` that is there must be good; other keys are refused. */
const objectOf =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value, path) => {
    if (!isObject(value))
      return issue(path, `${path.join('.') || 'options'} ${shown(value)} is not an object`)
    return Object.entries(value).flatMap(([key, entry]) => {
      if (!Object.hasOwn(checks, key)) {
        const where = path.length === 0 ? 'option' : `${path.join('.')} option`
        return issue(
          [...path, key],
          `${where} ${JSON.stringify(key)} is not one of ${Object.keys(checks).join(', ')}`,
        )
      }
      return entry === undefined ? [] : checks[key]!(entry, [...path, key])
    })
  }

const rate = check((value) => typeof value === 'number' && value > 0, 'a number above 0')
const burst = check((value) => typeof value === 'number' && value >= 1, 'a number of at least 1')

const LIMITS: Readonly<Record<keyof Limits, Check>> = {
  clientPerSecond: rate,
  clientBurst: burst,
  relayPerSecond: rate,
  relayBurst: burst,
  totalPerSecond: rate,
  totalBurst: burst,
  maxPending: check(
    (value) => Number.isInteger(value) && isIn(1, Number.MAX_SAFE_INTEGER)(value),
    'a whole number of at least 1',
  ),
}

const isDescriptor = (fd: unknown): boolean => Number.isInteger(fd) && isIn(0, 2 ** 31)(fd)

const passedSockets: Check = (value, path) => {
  const isGood =
    isObject(value) &&
    isText(value['interface']) &&
    isDescriptor(value['fd67']) &&
    isDescriptor(value['fd4011'])
  return isGood
    ? address(value['address'], [...path, 'address'])
    : issue(
        path,
        `${path.join('.')} is ${shown(value)}, not { interface, address, fd67, fd4011 } with two file descriptors`,
      )
}

const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/

const oneInterface: Check = (value, path) => {
  const issues = objectOf({ interface: check(isText, 'a name'), address })(value, path)
  const isNamed = isObject(value) && (value['interface'] ?? value['address']) !== undefined
  return issues.length > 0 || isNamed
    ? issues
    : issue(path, `${path.join('.')} names neither an interface nor an address`)
}

const fallback: Check = (value, path) => {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked by this very call
    checkDecision(value as Parameters<typeof checkDecision>[0])
    return []
  } catch (error) {
    if (!(error instanceof DhcpError)) throw error
    return [{ path, code: error.code, message: error.message }]
  }
}

const CHECKS: Readonly<Record<keyof ProxyDhcpServerOptions, Check>> = {
  decide: anything, // its absence is an issue too, so it is looked at below
  address,
  interface: check(isText, 'the name of an interface'),
  interfaces: listOf(oneInterface, '{ interface, address }'),
  sockets: listOf(passedSockets, '{ interface, address, fd67, fd4011 }'),
  decideTimeoutMs: check((value) => isIn(1, 60_000)(value), 'a number of 1–60000'),
  fallback,
  vendorClasses: listOf(check(isText, 'a text'), 'texts'),
  answerRequestsOf: listOf(
    check(
      (value) => typeof value === 'string' && MAC.test(normalMac(value)),
      'a MAC such as 52:54:00:12:34:56',
    ),
    'MACs',
  ),
  isIpxeBinary: check(isFunction, 'a function'),
  limits: objectOf(LIMITS),
  shared: check((value) => typeof value === 'boolean' || value === 'auto', "true, false or 'auto'"),
  hearReplies: check((value) => typeof value === 'boolean', 'true or false'),
  instance: check(isText, 'a text'),
  clock: anything,
  transport: anything,
}

const PLACES = ['sockets', 'interfaces', 'address'] as const

/** How many ways of naming what to serve are there: one is allowed. */
const checkPlaces = (options: Readonly<Record<string, unknown>>): readonly Issue[] => {
  const named = PLACES.filter((key) => options[key] !== undefined)
  const isNamed = named.length > 0 || options['interface'] !== undefined
  if (!isNamed)
    return issue(
      [],
      'nothing to serve: give an interface, an address, a list of interfaces, or sockets',
    )
  const [, second] = named
  return second === undefined
    ? []
    : issue([second], `both ${named.join(' and ')} are given; one of them is allowed`)
}

/** Everything that is wrong with the options of a server, which may come from plain JavaScript or from JSON. */
export const validate = (options: unknown): readonly Issue[] => {
  if (!isObject(options))
    return issue([], `options are ${shown(options)}, not an object with decide and an interface`)
  const { decide } = options
  const list = [options['sockets'], options['interfaces']].find(Array.isArray)
  return [
    ...objectOf(CHECKS)(options, []),
    ...(isFunction(decide)
      ? []
      : issue(
          ['decide'],
          `decide is ${typeof decide}, not a function from a request to a decision`,
        )),
    ...checkPlaces(options),
    ...(list?.length === 0 ? issue([], 'an empty list serves nothing') : []),
  ]
}
