import { Buffer } from 'node:buffer'

import { TftpError } from '../errors.ts'

/** One string and the offset just behind its terminating zero. */
export interface Field {
  readonly bytes: Uint8Array
  readonly next: number
}

/** Reads the string that starts at `offset`; undefined when its terminating zero is missing. */
export const readField = (bytes: Uint8Array, offset: number): Field | undefined => {
  const end = bytes.indexOf(0, offset)
  return end < 0 ? undefined : { bytes: bytes.subarray(offset, end), next: end + 1 }
}

/** Reads the string that starts at `offset`, to the end of the datagram where its terminating zero is missing. */
export const readOpenField = (bytes: Uint8Array, offset: number): Field =>
  readField(bytes, offset) ?? { bytes: bytes.subarray(offset), next: bytes.length }

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Text of bytes that ought to be UTF-8; what is not is read as Latin-1, so that every byte string has a name. */
export const textOf = (bytes: Uint8Array): string => {
  try {
    return utf8.decode(bytes)
  } catch {
    // An unknown character set is no reason to drop a request: Latin-1 gives every byte a character.
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  }
}

/** `text` as bytes, refused when it holds a zero, which would end the field early. */
export const fieldBytes = (what: string, text: string): Buffer => {
  if (text.includes('\0')) {
    throw new TftpError(
      'ERR_TFTP_INVALID_ARGUMENT',
      `${what} holds a zero byte, which TFTP cannot carry`,
    )
  }
  return Buffer.from(`${text}\0`, 'utf8')
}
