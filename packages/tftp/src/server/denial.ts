import { ErrorCode } from '../codec/opcodes.ts'
import { logServer } from '../log.ts'
import { refuse, type Refusal } from './handlers.ts'

/** What a client is told about an error of the file system: never a path of the server (dnsmasq 2.90 does). */
const DENIALS: Readonly<Record<string, readonly [code: number, message: string]>> = {
  ENOENT: [ErrorCode.FILE_NOT_FOUND, 'file not found'],
  ENOTDIR: [ErrorCode.FILE_NOT_FOUND, 'file not found'],
  ENAMETOOLONG: [ErrorCode.FILE_NOT_FOUND, 'file not found'],
  EACCES: [ErrorCode.ACCESS_VIOLATION, 'access violation'],
  EPERM: [ErrorCode.ACCESS_VIOLATION, 'access violation'],
  ELOOP: [ErrorCode.ACCESS_VIOLATION, 'access violation'],
  EISDIR: [ErrorCode.ACCESS_VIOLATION, 'access violation'],
  ENXIO: [ErrorCode.ACCESS_VIOLATION, 'access violation'],
  EROFS: [ErrorCode.ACCESS_VIOLATION, 'access violation'],
  ENOSPC: [ErrorCode.DISK_FULL, 'disk full'],
  EDQUOT: [ErrorCode.DISK_FULL, 'disk full'],
  EFBIG: [ErrorCode.DISK_FULL, 'disk full'],
  EEXIST: [ErrorCode.FILE_EXISTS, 'file already exists'],
}

/** The refusal that stands for an exception of a handler or the file system. */
export const denialOf = (error: unknown, context?: unknown): Refusal => {
  logServer('%o', error)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const [errorCode, message] = (Object.hasOwn(DENIALS, code) && DENIALS[code]) || [
    ErrorCode.UNDEFINED,
    'the server could not answer',
  ]
  return refuse(errorCode, message, context)
}
