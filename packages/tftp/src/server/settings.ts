import { statSync } from 'node:fs'

import { nameOf } from '../content/answers.ts'
import { TftpError } from '../errors.ts'
import {
  MAX_BLOCK_BYTES,
  MAX_WINDOW_BLOCKS,
  MIN_BLOCK_BYTES,
  OPTION_NAMES,
} from '../session/negotiate.ts'
import type { TftpServerLimits, TftpServerSettings } from './options.ts'

/** What can be wrong with an option. */
export const ISSUE_CODES = [
  'missing',
  'wrong-type',
  'not-a-number',
  'out-of-range',
  'not-allowed',
  'excluded',
  'unknown-key',
] as const

/** One of {@link ISSUE_CODES}. */
export type IssueCode = (typeof ISSUE_CODES)[number]

/** One thing that is wrong with a plain options object. */
export interface Issue {
  readonly path: readonly string[]
  readonly code: IssueCode
  /** What was seen, then what is allowed. */
  readonly message: string
}

type Plain = Readonly<Record<string, unknown>>

/** Says what is wrong with a value, if anything. */
type Check = (value: unknown) => Omit<Issue, 'path'> | readonly Issue[] | undefined

const number =
  (low: number, high: number): Check =>
  (value) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      const message = `${typeof value === 'number' ? value : nameOf(value)} is no whole number; ${low}–${high} are allowed`
      return { code: 'not-a-number', message }
    }
    if (value >= low && value <= high) return undefined
    return { code: 'out-of-range', message: `${value} is outside ${low}–${high}` }
  }

const ofType =
  (type: 'string' | 'function' | 'boolean', what: string): Check =>
  (value) =>
    typeof value === type
      ? undefined
      : { code: 'wrong-type', message: `${nameOf(value)} is no ${what}` }

const anyOf =
  (message: string, isAllowed: (value: unknown) => boolean): Check =>
  (value) =>
    isAllowed(value) ? undefined : { code: 'not-allowed', message: `${shown(value)}: ${message}` }

const shown = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : nameOf(value)

const isObject = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isPort = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536

const isRange = (value: unknown): boolean => {
  if (!isObject(value) || Object.keys(value).length !== 2) return false
  const { from, to } = value
  return isPort(from) && isPort(to) && from <= to
}

const isNames = (value: unknown): boolean => {
  const known: readonly unknown[] = OPTION_NAMES
  return Array.isArray(value) && value.every((name) => known.includes(name))
}

const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory()
  } catch {
    // Not there, or not to be seen.
    return false
  }
}

const LARGEST_MS = 2 ** 31 - 1

type Row = readonly [fallback: unknown, check: Check]

/** Every limit: its default and what is allowed. */
const LIMITS = {
  maxTransfers: [1000, number(1, 1_000_000)],
  maxTransfersPerAddress: [500, number(1, 1_000_000)],
  maxHalfOpenPerAddress: [64, number(1, 1_000_000)],
  maxRequestsPerSecond: [50, number(1, 1_000_000)],
  maxTransferMs: [3_600_000, number(1000, LARGEST_MS)],
  handlerTimeoutMs: [30_000, number(1, LARGEST_MS)],
  patienceMs: [75_000, number(100, LARGEST_MS)],
  maxRetries: [100, number(0, 1000)],
  cacheBytes: [128 * 1024 * 1024, number(0, Number.MAX_SAFE_INTEGER)],
} as const satisfies Readonly<Record<keyof TftpServerLimits, Row>>

/** Every other setting. */
const SETTINGS = {
  mtu: ['interface', (value) => (value === 'interface' ? undefined : number(68, 65_536)(value))],
  maxBlockSize: [MAX_BLOCK_BYTES, number(MIN_BLOCK_BYTES, MAX_BLOCK_BYTES)],
  maxWindowSize: [64, number(1, MAX_WINDOW_BLOCKS)],
  refuseOptions: [
    [],
    anyOf(
      `a list out of ${OPTION_NAMES.join(', ')} is allowed, or a function`,
      (value) => typeof value === 'function' || isNames(value),
    ),
  ],
  rollover: [0, anyOf('only 0 and 1 are allowed', (value) => value === 0 || value === 1)],
  transferPorts: [
    'ephemeral',
    anyOf(
      "'ephemeral', 'single', or a range { from, to } of ports from ≤ to within 1–65535 is allowed",
      (value) => value === 'ephemeral' || value === 'single' || isRange(value),
    ),
  ],
  socketHelper: [
    'auto',
    anyOf("'auto' or 'off' is allowed", (value) => value === 'auto' || value === 'off'),
  ],
  minTimeoutMs: [20, number(5, 60_000)],
  initialTimeoutMs: [1000, number(5, 60_000)],
} as const satisfies Readonly<Record<string, Row>>

/** Settings without a default. */
const OPTIONAL: Readonly<Record<string, Check>> = {
  limits: (value) =>
    isObject(value)
      ? check(value, LIMITS_CHECKS, 'limit')
      : { code: 'wrong-type', message: `${nameOf(value)} is no object of limits` },
  instance: ofType('string', 'name'),
  onTransfer: ofType('function', 'function'),
  onError: ofType('function', 'function'),
}

const WRITE_POLICY: Readonly<Record<string, Check>> = {
  create: ofType('boolean', 'yes or no'),
  overwrite: ofType('boolean', 'yes or no'),
  list: anyOf(
    'a list of names is allowed',
    (value) => Array.isArray(value) && value.every((name) => typeof name === 'string'),
  ),
  maxBytes: number(0, Number.MAX_SAFE_INTEGER),
}

const isRule = (value: unknown): boolean =>
  isObject(value) &&
  (typeof value['from'] === 'string' || value['from'] instanceof RegExp) &&
  typeof value['to'] === 'string'

/** Options of `directory()`. */
const DIRECTORY: Readonly<Record<string, Check>> = {
  root: (value) => {
    if (typeof value !== 'string')
      return { code: 'wrong-type', message: `${nameOf(value)} is no path` }
    return isFolder(value) ? undefined : { code: 'missing', message: `${value} is no folder` }
  },
  ignoreCase: ofType('boolean', 'yes or no'),
  trimFf: ofType('boolean', 'yes or no'),
  remap: anyOf(
    'a list of { from: text or expression, to: text } is allowed',
    (value) => Array.isArray(value) && value.every(isRule),
  ),
  clientFolders: anyOf(
    'yes, no or a function is allowed',
    (value) => typeof value === 'boolean' || typeof value === 'function',
  ),
  write: (value) =>
    isObject(value)
      ? check(value, WRITE_POLICY, 'part of a write policy')
      : { code: 'wrong-type', message: `${nameOf(value)} is no write policy` },
}

const HANDLERS: Readonly<Record<string, Check>> = {
  read: ofType('function', 'function'),
  write: ofType('function', 'function; with `read` it is a handler'),
}

const checksOf = (rows: Readonly<Record<string, Row>>): Readonly<Record<string, Check>> =>
  Object.fromEntries(Object.entries(rows).map(([name, [, one]]) => [name, one]))

const LIMITS_CHECKS = checksOf(LIMITS)
const SETTINGS_CHECKS = { ...checksOf(SETTINGS), ...OPTIONAL }

/** Applies a table of checks; `undefined` is the default, everywhere. */
const check = (
  options: Plain,
  table: Readonly<Record<string, Check>>,
  what: string,
): readonly Issue[] =>
  Object.entries(options).flatMap(([name, value]): readonly Issue[] => {
    if (value === undefined) return []
    const one = Object.hasOwn(table, name) ? table[name] : undefined
    if (!one) return [{ path: [name], code: 'unknown-key', message: `${name} is no ${what}` }]
    const found = one(value)
    if (!found) return []
    if ('code' in found) return [{ path: [name], ...found }]
    return found.map((issue) => ({ ...issue, path: [name, ...issue.path] }))
  })

const isGiven = (options: Plain, name: string): boolean => options[name] !== undefined

const excluded = (name: string, by: string): Issue => ({
  path: [name],
  code: 'excluded',
  message: `${name} is an option of a folder, but ${by} is given; directory({ root, ${name} }) makes handlers`,
})

/** What goes together: a folder with its options, or handlers. */
const checkTogether = (options: Plain, incomplete: boolean): readonly Issue[] => {
  if (isGiven(options, 'read')) {
    return Object.keys(DIRECTORY)
      .filter((name) => name !== 'write' && isGiven(options, name))
      .map((name) => excluded(name, '`read`'))
  }
  if (isGiven(options, 'root') || incomplete) return []
  const message = 'neither a folder (root) nor handlers (read) are given; one of them is needed'
  return [{ path: [], code: 'missing', message }]
}

/**
 * Looks at a plain options object; no issues: `createTftpServer` takes it.
 *
 * With `incomplete` it need hold neither `root` nor `read`: for a configuration that somebody completes.
 */
export const validate = (
  options: unknown,
  { incomplete = false }: { readonly incomplete?: boolean | undefined } = {},
): readonly Issue[] => {
  if (!isObject(options))
    return [{ path: [], code: 'wrong-type', message: `${nameOf(options)} is no object of options` }]
  const source = isGiven(options, 'read')
    ? { ...DIRECTORY, ...HANDLERS }
    : { ...HANDLERS, ...DIRECTORY }
  return [
    ...checkTogether(options, incomplete),
    ...check(options, { ...SETTINGS_CHECKS, ...source }, 'option of the TFTP server'),
  ]
}

/** Looks at the options of `directory()`. */
export const validateDirectory = (options: unknown): readonly Issue[] => {
  if (!isObject(options) || !isGiven(options, 'root'))
    return [{ path: ['root'], code: 'missing', message: 'a folder (root) is needed' }]
  return check(options, DIRECTORY, 'option of directory()')
}

/** @throws {TftpError} `ERR_TFTP_INVALID_ARGUMENT` for the first issue */
export const refuseIssues = ([issue]: readonly Issue[]): void => {
  if (!issue) return
  const where = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
  throw new TftpError('ERR_TFTP_INVALID_ARGUMENT', `${where}${issue.message}`)
}

type Filled<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> }

/** Settings without a default. */
type Optional = 'instance' | 'onTransfer' | 'onError'

/** The settings with their defaults filled in. */
export type Settings = Filled<Omit<TftpServerSettings, Optional | 'limits'>> &
  Pick<TftpServerSettings, Optional> & {
    readonly limits: Filled<TftpServerLimits>
  }

/** The settings, with the default wherever there is none or `undefined`. */
export const settingsOf = (options: TftpServerSettings): Settings => {
  const { limits = {} } = options
  return {
    mtu: options.mtu ?? SETTINGS.mtu[0],
    maxBlockSize: options.maxBlockSize ?? SETTINGS.maxBlockSize[0],
    maxWindowSize: options.maxWindowSize ?? SETTINGS.maxWindowSize[0],
    refuseOptions: options.refuseOptions ?? SETTINGS.refuseOptions[0],
    rollover: options.rollover ?? SETTINGS.rollover[0],
    transferPorts: options.transferPorts ?? SETTINGS.transferPorts[0],
    socketHelper: options.socketHelper ?? SETTINGS.socketHelper[0],
    minTimeoutMs: options.minTimeoutMs ?? SETTINGS.minTimeoutMs[0],
    initialTimeoutMs: options.initialTimeoutMs ?? SETTINGS.initialTimeoutMs[0],
    instance: options.instance,
    onTransfer: options.onTransfer,
    onError: options.onError,
    limits: {
      maxTransfers: limits.maxTransfers ?? LIMITS.maxTransfers[0],
      maxTransfersPerAddress: limits.maxTransfersPerAddress ?? LIMITS.maxTransfersPerAddress[0],
      maxHalfOpenPerAddress: limits.maxHalfOpenPerAddress ?? LIMITS.maxHalfOpenPerAddress[0],
      maxRequestsPerSecond: limits.maxRequestsPerSecond ?? LIMITS.maxRequestsPerSecond[0],
      maxTransferMs: limits.maxTransferMs ?? LIMITS.maxTransferMs[0],
      handlerTimeoutMs: limits.handlerTimeoutMs ?? LIMITS.handlerTimeoutMs[0],
      patienceMs: limits.patienceMs ?? LIMITS.patienceMs[0],
      maxRetries: limits.maxRetries ?? LIMITS.maxRetries[0],
      cacheBytes: limits.cacheBytes ?? LIMITS.cacheBytes[0],
    },
  }
}
