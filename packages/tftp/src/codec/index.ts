/**
 * The TFTP wire format: bytes to plain objects and back. No clock, no sockets, no logger.
 *
 * @example
 * import { decode, encode, Opcode } from '@bootwire/tftp/codec'
 * const ack = encode({ opcode: Opcode.ACK, block: 1 })
 * decode(ack) // { opcode: 4, block: 1 }
 */
export { ErrorCode, HEADER_BYTES, MAX_REQUEST_BYTES, Opcode } from './opcodes.ts'
export { decode, encode, safeDecode } from './packet.ts'
export type { Ack, Data, ErrorPacket, OptionAck, Packet } from './packet.ts'
export { decodeRequest, encodeRequest } from './request.ts'
export type { Options, Request, RequestFields } from './request.ts'
export { encodeNetascii, NetasciiDecoder, netasciiLength } from './netascii.ts'
