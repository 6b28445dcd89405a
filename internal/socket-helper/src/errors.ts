import { getSystemErrorName } from 'node:util'

/** A system call of the helper that the kernel refused, or an argument that is none. */
export class SocketHelperError extends Error {
  override readonly name = 'SocketHelperError'
  /** The name of the error number: `EADDRINUSE`, `EPERM`, `EINVAL` … */
  readonly code: string
  /** The negative error number, as in Node's own system errors. */
  readonly errno: number
  /** What was being done: `bind`, `setsockopt SO_BINDTODEVICE`. */
  readonly syscall: string

  constructor(syscall: string, errno: number, detail?: string) {
    const code = getSystemErrorName(errno)
    super(detail === undefined ? `${syscall}: ${code}` : `${syscall}: ${code}, ${detail}`)
    this.code = code
    this.errno = errno
    this.syscall = syscall
  }
}

/** The number that a native function answered. @throws {SocketHelperError} for the negative ones. */
export const checked = (result: number, syscall: string, detail?: string): number => {
  if (result < 0) throw new SocketHelperError(syscall, result, detail)
  return result
}

/** An argument that was refused before the kernel saw it. */
export const invalid = (syscall: string, detail: string): SocketHelperError =>
  new SocketHelperError(syscall, -22, detail)

/** A whole number from 0 to `max`. @throws {SocketHelperError} `EINVAL` for any other. */
export const inRange = (syscall: string, name: string, value: number, max: number): number => {
  if (Number.isInteger(value) && value >= 0 && value <= max) return value
  throw invalid(syscall, `${name} ${String(value)} is no whole number from 0 to ${max}`)
}
