import { TftpError } from '../errors.ts'
import {
  MAX_BLOCK_BYTES,
  MAX_WINDOW_BLOCKS,
  MIN_BLOCK_BYTES,
  OPTION_NAMES,
} from '../session/negotiate.ts'
import type { TftpServerSettings } from './options.ts'

/** One thing that is wrong with a plain options object. */
export interface Issue {
  readonly path: readonly string[]
  readonly code: 'not-a-number' | 'out-of-range' | 'not-allowed' | 'unknown-key'
  readonly message: string
}

type DefaultName = Exclude<keyof TftpServerSettings, 'refuseOptions' | 'instance' | 'onTransfer'>

const DEFAULTS: Required<Pick<TftpServerSettings, DefaultName>> = {
  mtu: 1500,
  maxBlockSize: MAX_BLOCK_BYTES,
  maxWindowSize: 64,
  maxTransfers: 1000,
  maxTransfersPerAddress: 64,
  maxRequestsPerSecond: 50,
  maxTransferMs: 3_600_000,
  handlerTimeoutMs: 30_000,
  cacheBytes: 128 * 1024 * 1024,
  minTimeoutMs: 20,
  initialTimeoutMs: 1000,
  retries: 10,
  rollover: 0,
  transferPorts: 'ephemeral',
}

/** Lowest and highest value of each numeric setting. */
const RANGES = {
  mtu: [68, 65_535],
  maxBlockSize: [MIN_BLOCK_BYTES, MAX_BLOCK_BYTES],
  maxWindowSize: [1, MAX_WINDOW_BLOCKS],
  maxTransfers: [1, 1_000_000],
  maxTransfersPerAddress: [1, 1_000_000],
  maxRequestsPerSecond: [1, 1_000_000],
  maxTransferMs: [1000, 2 ** 31 - 1],
  handlerTimeoutMs: [1, 2 ** 31 - 1],
  cacheBytes: [0, Number.MAX_SAFE_INTEGER],
  minTimeoutMs: [5, 60_000],
  initialTimeoutMs: [5, 60_000],
  retries: [0, 100],
} as const satisfies { [K in keyof TftpServerSettings]?: readonly [number, number] }

type NumberName = keyof typeof RANGES

const NUMBER_NAMES = Object.keys(RANGES).filter((name): name is NumberName => name in RANGES)

const OTHER_NAMES = new Set([
  'root',
  'read',
  'write',
  'refuseOptions',
  'rollover',
  'transferPorts',
  'instance',
  'onTransfer',
])

const isPort = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536

const checkNumber = (name: NumberName, value: unknown): Issue[] => {
  const [low, high] = RANGES[name]
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    return [{ path: [name], code: 'not-a-number', message: `${String(value)} is no whole number` }]
  }
  if (value >= low && value <= high) return []
  return [{ path: [name], code: 'out-of-range', message: `${value} is outside ${low}–${high}` }]
}

const checkPorts = (value: unknown): Issue[] => {
  if (value === 'ephemeral' || value === 'single') return []
  if (typeof value === 'object' && value !== null && 'from' in value && 'to' in value) {
    if (isPort(value.from) && isPort(value.to) && value.from <= value.to) return []
  }
  const message = "a range needs ports from ≤ to within 1–65535; else 'ephemeral' or 'single'"
  return [{ path: ['transferPorts'], code: 'not-allowed', message }]
}

const checkRefused = (value: unknown): Issue[] => {
  if (typeof value === 'function') return []
  const known: readonly unknown[] = OPTION_NAMES
  if (Array.isArray(value) && value.every((name) => known.includes(name))) return []
  return [
    {
      path: ['refuseOptions'],
      code: 'not-allowed',
      message: `a list out of ${OPTION_NAMES.join(', ')} is allowed`,
    },
  ]
}

/** Looks at a plain options object; no issues: `createTftpServer` takes it. */
export const validate = (options: Readonly<Record<string, unknown>>): Issue[] =>
  Object.entries(options).flatMap(([name, value]): Issue[] => {
    if (value === undefined) return []
    const numberName = NUMBER_NAMES.find((known) => known === name)
    if (numberName) return checkNumber(numberName, value)
    if (name === 'transferPorts') return checkPorts(value)
    if (name === 'refuseOptions') return checkRefused(value)
    if (name === 'rollover' && value !== 0 && value !== 1) {
      return [{ path: [name], code: 'not-allowed', message: 'only 0 and 1 are allowed' }]
    }
    if (OTHER_NAMES.has(name)) return []
    return [
      { path: [name], code: 'unknown-key', message: `${name} is no option of the TFTP server` },
    ]
  })

/** The settings with their defaults filled in. */
export type Settings = Omit<TftpServerSettings, DefaultName> &
  Required<Pick<TftpServerSettings, DefaultName>>

/** @throws {TftpError} `ERR_TFTP_INVALID_ARGUMENT` for the first issue that `validate` finds. */
export const settingsOf = (options: TftpServerSettings): Settings => {
  const [issue] = validate({ ...options })
  if (issue)
    throw new TftpError('ERR_TFTP_INVALID_ARGUMENT', `${issue.path.join('.')}: ${issue.message}`)
  return { ...DEFAULTS, ...options }
}
