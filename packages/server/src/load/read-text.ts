import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'

const NO_TEXT = 'it is no text; is it the right file?'

/** The line of the first byte that is no UTF-8, and that byte. */
const firstBadByte = (bytes: Buffer): string => {
  let low = 0
  let high = bytes.length
  const isGood = (end: number): boolean => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end), { stream: true })
      return true
    } catch {
      return false
    }
  }
  // The longest beginning that can be read ends before that byte.
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (isGood(middle)) low = middle
    else high = middle - 1
  }
  const line = bytes.subarray(0, low).toString('latin1').split('\n').length
  const byte = (bytes[low] ?? 0).toString(16).padStart(2, '0')
  return `line ${line} is no UTF-8 (byte 0x${byte}); save the file as UTF-8`
}

/**
 * Text of a regular file, without a byte order mark. Nothing else is waited for: a FIFO has no end that anybody knows.
 * @throws {Error} what it is instead, and what to do
 */
export const readTextFile = (path: string, maxBytes = Number.POSITIVE_INFINITY): string => {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stats = fstatSync(fd)
    if (stats.isDirectory()) throw new Error('it is a folder; name the file in it')
    if (!stats.isFile()) throw new Error('it is a pipe, a socket or a device; name a regular file')
    if (stats.size > maxBytes)
      throw new Error(`it has ${stats.size} bytes; at most ${maxBytes} are allowed`)
    const bytes = readFileSync(fd)
    if (bytes.includes(0)) throw new Error(NO_TEXT)
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    } catch {
      throw new Error(firstBadByte(bytes))
    }
  } finally {
    closeSync(fd)
  }
}
