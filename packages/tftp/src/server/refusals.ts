import { ErrorCode } from '../codec/opcodes.ts'
import type { Refusal } from '../content/answers.ts'
import { logServer } from '../log.ts'
import { errorOf, type TransferEnd } from '../session/outcome.ts'

/** A request that is not served: how its transfer ends, before it began. */
export interface Turned {
  readonly end: TransferEnd
  readonly context: unknown
}

type Row = readonly [outcome: 'denied' | 'failed', code: number, message: string]

/** What a client is told about an error of the file system: never a path of the server (dnsmasq 2.90 does). */
const ROWS: Readonly<Record<string, Row>> = {
  ENOENT: ['denied', ErrorCode.FILE_NOT_FOUND, 'file not found'],
  ENOTDIR: ['denied', ErrorCode.FILE_NOT_FOUND, 'file not found'],
  ENAMETOOLONG: ['denied', ErrorCode.FILE_NOT_FOUND, 'file not found'],
  EACCES: ['denied', ErrorCode.ACCESS_VIOLATION, 'access violation'],
  EPERM: ['denied', ErrorCode.ACCESS_VIOLATION, 'access violation'],
  ELOOP: ['denied', ErrorCode.ACCESS_VIOLATION, 'access violation'],
  EISDIR: ['denied', ErrorCode.ACCESS_VIOLATION, 'access violation'],
  ENXIO: ['denied', ErrorCode.ACCESS_VIOLATION, 'access violation'],
  EROFS: ['denied', ErrorCode.ACCESS_VIOLATION, 'access violation'],
  EEXIST: ['denied', ErrorCode.FILE_EXISTS, 'file already exists'],
  ERR_TFTP_NOT_A_FILE: ['failed', ErrorCode.ACCESS_VIOLATION, 'access violation'],
  ENOSPC: ['failed', ErrorCode.DISK_FULL, 'disk full'],
  EDQUOT: ['failed', ErrorCode.DISK_FULL, 'disk full'],
  EFBIG: ['failed', ErrorCode.DISK_FULL, 'disk full'],
}

const OTHER: Row = ['failed', ErrorCode.UNDEFINED, 'the server could not answer']

/** What becomes of a request when a handler or the file system throws. */
export const turnedBy = (thrown: unknown, context?: unknown): Turned => {
  const error = errorOf(thrown)
  logServer('%o', error)
  const errno = 'code' in error ? String(error.code) : ''
  const [outcome, code, message] = (Object.hasOwn(ROWS, errno) && ROWS[errno]) || OTHER
  return { end: { outcome, code, message, ...(outcome === 'failed' && { error }) }, context }
}

/** What becomes of a request that a handler refuses. */
export const turnedDown = ({ refused, context }: Refusal): Turned => ({
  end: { outcome: 'denied', code: refused.code, message: refused.message },
  context,
})
