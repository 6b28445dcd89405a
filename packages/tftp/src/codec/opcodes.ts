/** Packet types: RFC 1350 section 5; OACK: RFC 2347. */
export const Opcode = { RRQ: 1, WRQ: 2, DATA: 3, ACK: 4, ERROR: 5, OACK: 6 } as const

/** Codes of an ERROR packet: RFC 1350 appendix I; code 8: RFC 2347. */
export const ErrorCode = {
  UNDEFINED: 0,
  FILE_NOT_FOUND: 1,
  ACCESS_VIOLATION: 2,
  DISK_FULL: 3,
  ILLEGAL_OPERATION: 4,
  UNKNOWN_TRANSFER_ID: 5,
  FILE_EXISTS: 6,
  NO_SUCH_USER: 7,
  OPTION_REFUSED: 8,
} as const

/** Longest request that may be sent, in bytes: RFC 2347, "Packet Formats". */
export const MAX_REQUEST_BYTES = 512

/** Longest request that is read: longer ones exist, and tftpd-hpa takes them. */
export const MAX_READ_REQUEST_BYTES = 4096

/** Bytes before the payload of a DATA packet: opcode and block number. */
export const HEADER_BYTES = 4
