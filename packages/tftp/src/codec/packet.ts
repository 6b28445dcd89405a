import { Buffer } from 'node:buffer'

import { TftpError } from '../errors.ts'
import { HEADER_BYTES, Opcode } from './opcodes.ts'
import {
  decodeOptions,
  decodeRequest,
  encodeOptions,
  encodeRequest,
  type Options,
  type Request,
} from './request.ts'
import { fieldBytes, readField, textOf } from './text.ts'

/**
 *      2 bytes   2 bytes    0 to blksize bytes
 *     +--------+---------+--------------------+
 *     |   3    | block # |        data        |
 *     +--------+---------+--------------------+
 */
export interface Data {
  readonly opcode: typeof Opcode.DATA
  readonly block: number
  readonly data: Uint8Array
}

/**
 *      2 bytes   2 bytes
 *     +--------+---------+
 *     |   4    | block # |   more bytes may follow: Ethernet padding, Windows' `msftwindow`
 *     +--------+---------+
 */
export interface Ack {
  readonly opcode: typeof Opcode.ACK
  readonly block: number
}

/**
 *      2 bytes   2 bytes      string      1 byte
 *     +--------+------------+------------+------+
 *     |   5    | error code | message    |  0   |
 *     +--------+------------+------------+------+
 */
export interface ErrorPacket {
  readonly opcode: typeof Opcode.ERROR
  readonly code: number
  readonly message: string
}

/**
 *      2 bytes    string    1 byte   string   1 byte
 *     +--------+----------+------+----------+------+
 *     |   6    | option 1 |  0   | value 1  |  0   | ...
 *     +--------+----------+------+----------+------+
 */
export interface OptionAck {
  readonly opcode: typeof Opcode.OACK
  readonly options: Options
}

/** Any TFTP packet. */
export type Packet = Request | Data | Ack | ErrorPacket | OptionAck

const numberAt = (bytes: Uint8Array, offset: number): number =>
  (bytes[offset]! << 8) | bytes[offset + 1]!

const withNumber = (bytes: Uint8Array, what: string): number => {
  if (bytes.length < HEADER_BYTES) {
    throw new TftpError(
      'ERR_TFTP_MALFORMED',
      `${what} of ${bytes.length} bytes, at least ${HEADER_BYTES} are needed`,
    )
  }
  return numberAt(bytes, 2)
}

const decodeError = (bytes: Uint8Array): ErrorPacket => {
  const code = withNumber(bytes, 'an ERROR')
  // Some firmware leaves out the terminating zero: whatever is there is the message.
  const message = readField(bytes, HEADER_BYTES)?.bytes ?? bytes.subarray(HEADER_BYTES)
  return { opcode: Opcode.ERROR, code, message: textOf(message) }
}

/**
 * Decodes one datagram.
 * @throws {TftpError} `ERR_TFTP_MALFORMED`; nothing else, whatever the bytes are.
 */
export const decode = (bytes: Uint8Array): Packet => {
  const opcode = bytes.length < 2 ? -1 : numberAt(bytes, 0)
  switch (opcode) {
    case Opcode.RRQ:
    case Opcode.WRQ:
      return decodeRequest(bytes)
    case Opcode.DATA:
      return { opcode, block: withNumber(bytes, 'a DATA'), data: bytes.subarray(HEADER_BYTES) }
    case Opcode.ACK:
      return { opcode, block: withNumber(bytes, 'an ACK') }
    case Opcode.ERROR:
      return decodeError(bytes)
    case Opcode.OACK:
      return { opcode, options: decodeOptions(bytes, 2) }
    default:
      throw new TftpError(
        'ERR_TFTP_MALFORMED',
        opcode < 0 ? `a datagram of ${bytes.length} bytes` : `opcode ${opcode} is outside 1–6`,
      )
  }
}

/** {@link decode} that answers undefined where the bytes are no packet. */
export const safeDecode = (bytes: Uint8Array): Packet | undefined => {
  try {
    return decode(bytes)
  } catch {
    // Only ERR_TFTP_MALFORMED comes here: a bad datagram is an everyday event, not an exception.
    return undefined
  }
}

const header = (opcode: number, value: number): Buffer => {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff) {
    throw new TftpError(
      'ERR_TFTP_INVALID_ARGUMENT',
      `block or error code ${value} is outside 0–65535`,
    )
  }
  return Buffer.of(0, opcode, value >> 8, value & 0xff)
}

/**
 * Encodes one packet.
 * @throws {TftpError} `ERR_TFTP_INVALID_ARGUMENT` for a value that the wire cannot carry.
 */
export const encode = (packet: Packet): Buffer => {
  switch (packet.opcode) {
    case Opcode.RRQ:
    case Opcode.WRQ:
      return encodeRequest(packet)
    case Opcode.DATA:
      return Buffer.concat([header(packet.opcode, packet.block), packet.data])
    case Opcode.ACK:
      return header(packet.opcode, packet.block)
    case Opcode.ERROR:
      return Buffer.concat([
        header(packet.opcode, packet.code),
        fieldBytes('the message', packet.message),
      ])
    default:
      return Buffer.concat([Buffer.of(0, packet.opcode), ...encodeOptions(packet.options)])
  }
}
