import { Buffer } from 'node:buffer'

import { TftpError } from '../errors.ts'
import { MAX_REQUEST_BYTES, Opcode } from './opcodes.ts'
import { fieldBytes, readField, textOf } from './text.ts'

/** Options by name in lower case, in the order sent; a repeated name keeps its first value (RFC 2347). */
export type Options = Readonly<Record<string, string>>

/**
 * A read or write request.
 *
 *      2 bytes    string    1 byte  string  1 byte   string   1 byte   string   1 byte
 *     +--------+-----------+------+--------+------+----------+------+----------+------+
 *     | opcode | file name |  0   |  mode  |  0   | option 1 |  0   | value 1  |  0   | ...
 *     +--------+-----------+------+--------+------+----------+------+----------+------+
 */
export interface Request {
  readonly opcode: typeof Opcode.RRQ | typeof Opcode.WRQ
  /** The name as text: UTF-8, or Latin-1 where it is not valid UTF-8. */
  readonly filename: string
  /** The name as it was sent. */
  readonly rawName: Uint8Array
  /** In lower case: `octet`, `netascii`, or whatever else was asked. */
  readonly mode: string
  readonly options: Options
}

/** An object without prototype, so that an option may be called `__proto__`. */
const emptyOptions = (): Record<string, string> => {
  const options: Record<string, string> = {}
  Object.setPrototypeOf(options, null)
  return options
}

/**
 * Decodes name and value pairs from `offset` to the end (RFC 2347).
 *
 * An empty name ends the list: some clients pad their request with zeros.
 * @throws {TftpError} `ERR_TFTP_MALFORMED` when a field has no terminating zero.
 */
export const decodeOptions = (bytes: Uint8Array, offset: number): Options => {
  const options = emptyOptions()
  let at = offset
  while (at < bytes.length && bytes[at] !== 0) {
    const name = readField(bytes, at)
    const value = name && readField(bytes, name.next)
    if (!value) throw new TftpError('ERR_TFTP_MALFORMED', 'an option has no terminated value')
    const key = textOf(name.bytes).toLowerCase()
    if (!(key in options)) options[key] = textOf(value.bytes)
    at = value.next
  }
  return options
}

/**
 * Decodes one RRQ or WRQ (RFC 1350 §5, options RFC 2347).
 * @throws {TftpError} `ERR_TFTP_MALFORMED` when a field has no terminating zero or the request is too long.
 */
export const decodeRequest = (bytes: Uint8Array): Request => {
  const opcode = bytes[1]
  if (bytes.length < 2 || bytes[0] !== 0 || (opcode !== Opcode.RRQ && opcode !== Opcode.WRQ)) {
    throw new TftpError('ERR_TFTP_MALFORMED', 'this is no read or write request')
  }
  if (bytes.length > MAX_REQUEST_BYTES) {
    throw new TftpError(
      'ERR_TFTP_MALFORMED',
      `a request of ${bytes.length} bytes, at most ${MAX_REQUEST_BYTES} are allowed (RFC 2347)`,
    )
  }
  const name = readField(bytes, 2)
  const mode = name && readField(bytes, name.next)
  if (!mode)
    throw new TftpError('ERR_TFTP_MALFORMED', 'the file name or the mode is not terminated')
  return {
    opcode,
    filename: textOf(name.bytes),
    rawName: name.bytes,
    mode: textOf(mode.bytes).toLowerCase(),
    options: decodeOptions(bytes, mode.next),
  }
}

export const encodeOptions = (options: Options): Buffer[] =>
  Object.entries(options).flatMap(([name, value]) => {
    if (name === '') throw new TftpError('ERR_TFTP_INVALID_ARGUMENT', 'an option needs a name')
    return [fieldBytes('an option name', name), fieldBytes(`option ${name}`, value)]
  })

/** What {@link encodeRequest} needs: the raw name is derived, or given instead of the text. */
export type RequestFields = Omit<Request, 'rawName'> & { readonly rawName?: Uint8Array }

/**
 * Encodes an RRQ or WRQ.
 * @throws {TftpError} `ERR_TFTP_INVALID_ARGUMENT` for a zero byte in a field, or more than 512 bytes in all.
 */
export const encodeRequest = (request: RequestFields): Buffer => {
  const { opcode, filename, mode, options, rawName } = request
  if (rawName?.includes(0)) {
    throw new TftpError(
      'ERR_TFTP_INVALID_ARGUMENT',
      'the file name holds a zero byte, which TFTP cannot carry',
    )
  }
  const name = rawName
    ? Buffer.concat([rawName, Buffer.of(0)])
    : fieldBytes('the file name', filename)
  const fields = [
    Buffer.of(0, opcode),
    name,
    fieldBytes('the mode', mode),
    ...encodeOptions(options),
  ]
  const bytes = Buffer.concat(fields)
  if (bytes.length > MAX_REQUEST_BYTES) {
    throw new TftpError(
      'ERR_TFTP_INVALID_ARGUMENT',
      `the request takes ${bytes.length} bytes, at most ${MAX_REQUEST_BYTES} are allowed (RFC 2347)`,
    )
  }
  return bytes
}
