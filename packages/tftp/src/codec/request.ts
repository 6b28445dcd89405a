import { Buffer } from 'node:buffer'

import { TftpError } from '../errors.ts'
import { MAX_READ_REQUEST_BYTES, MAX_REQUEST_BYTES, Opcode } from './opcodes.ts'
import { fieldBytes, readField, readOpenField, textOf } from './text.ts'

/** Options by name in lower case, in the order sent; a repeated name keeps its first value (RFC 2347). */
export type Options = Readonly<Record<string, string>>

/** What can be wrong with a request that is understood all the same. */
export const ODDITIES = ['unterminated', 'padding', 'option-without-value', 'long'] as const

/**
 * - `unterminated`: the last field does not end in a zero
 * - `padding`: something follows the last field: zeros, or 0xFF as in the buffers of some firmware
 * - `option-without-value`: the last option has a name only, and is left out
 * - `long`: more than the 512 bytes of RFC 2347
 */
export type Oddity = (typeof ODDITIES)[number]

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
  /** What was wrong with it when it was read; absent: nothing. */
  readonly oddities?: readonly Oddity[]
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

/** The options of a request, read as liberally as can be, and what was wrong with them. */
const readOptions = (
  bytes: Uint8Array,
  offset: number,
): { readonly options: Options; readonly oddities: readonly Oddity[] } => {
  const options = emptyOptions()
  const oddities: Oddity[] = []
  let at = offset
  while (at < bytes.length && bytes[at] !== 0) {
    const name = readField(bytes, at)
    if (!name || name.next >= bytes.length) {
      // What firmware leaves in its buffer behind a request, or a name that nothing follows.
      oddities.push(name ? 'option-without-value' : 'padding')
      return { options, oddities }
    }
    const value = readOpenField(bytes, name.next)
    if (bytes[value.next - 1] !== 0) oddities.push('unterminated')
    const key = textOf(name.bytes).toLowerCase()
    if (!(key in options)) options[key] = textOf(value.bytes)
    at = value.next
  }
  if (at < bytes.length) oddities.push('padding')
  return { options, oddities }
}

/**
 * Decodes one RRQ or WRQ (RFC 1350 section 5, options RFC 2347), liberally: firmware pads requests with zeros or
 * 0xFF, leaves out the last zero or a value, or sends more than 512 bytes. What can be understood is, and `oddities`
 * says what was wrong.
 *
 * @throws {TftpError} `ERR_TFTP_MALFORMED` without a file name that ends and a mode, or with more than 4096 bytes
 */
export const decodeRequest = (bytes: Uint8Array): Request => {
  const opcode = bytes[1]
  if (bytes.length < 2 || bytes[0] !== 0 || (opcode !== Opcode.RRQ && opcode !== Opcode.WRQ)) {
    throw new TftpError('ERR_TFTP_MALFORMED', 'this is no read or write request')
  }
  if (bytes.length > MAX_READ_REQUEST_BYTES) {
    throw new TftpError(
      'ERR_TFTP_MALFORMED',
      `a request of ${bytes.length} bytes, at most ${MAX_READ_REQUEST_BYTES} are read`,
    )
  }
  const name = readField(bytes, 2)
  if (!name || name.next >= bytes.length)
    throw new TftpError(
      'ERR_TFTP_MALFORMED',
      'the file name is not terminated, or there is no mode',
    )
  const mode = readOpenField(bytes, name.next)
  const { options, oddities } = readOptions(bytes, mode.next)
  const all: Oddity[] = [
    ...(bytes.length > MAX_REQUEST_BYTES ? (['long'] as const) : []),
    ...(bytes[mode.next - 1] === 0 ? [] : (['unterminated'] as const)),
    ...oddities,
  ]
  return {
    opcode,
    filename: textOf(name.bytes),
    rawName: name.bytes,
    mode: textOf(mode.bytes).toLowerCase(),
    options,
    ...(all.length > 0 ? { oddities: all } : {}),
  }
}

export const encodeOptions = (options: Options): Buffer[] =>
  Object.entries(options).flatMap(([name, value]) => {
    if (name === '') throw new TftpError('ERR_TFTP_INVALID_ARGUMENT', 'an option needs a name')
    return [fieldBytes('an option name', name), fieldBytes(`option ${name}`, value)]
  })

/** What {@link encodeRequest} needs: the raw name is derived, or given instead of the text. */
export type RequestFields = Omit<Request, 'rawName' | 'oddities'> & {
  readonly rawName?: Uint8Array
}

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
