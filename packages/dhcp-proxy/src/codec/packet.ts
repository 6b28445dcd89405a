/** The options of a packet by code, joined where they were split (RFC 3396), in the order they were seen. */
export type DhcpOptions = ReadonlyMap<number, Uint8Array>

/**
 * One DHCPv4 packet (RFC 2131 §2). Addresses are dotted text; `sname` and `file` hold one character per byte
 * (Latin-1) and end before their NUL. Option 52 is framing: decoding consumes it, encoding never writes it.
 */
export interface DhcpPacket {
  /** 1 from a client, 2 from a server. */
  readonly op: number
  readonly htype: number
  readonly hlen: number
  readonly hops: number
  readonly xid: number
  readonly secs: number
  readonly flags: number
  readonly ciaddr: string
  readonly yiaddr: string
  readonly siaddr: string
  readonly giaddr: string
  /** All 16 bytes of the field; the first `hlen` of them are the address. */
  readonly chaddr: Uint8Array
  readonly sname: string
  readonly file: string
  readonly options: DhcpOptions
}

/** DHCP message types, RFC 2132 §9.6. */
export const MessageType = {
  DISCOVER: 1,
  OFFER: 2,
  REQUEST: 3,
  DECLINE: 4,
  ACK: 5,
  NAK: 6,
  RELEASE: 7,
  INFORM: 8,
} as const

/** Bytes before the options: the BOOTP header (236) and the magic cookie (4). */
export const HEADER_BYTES = 240

/** RFC 1497: what the options start with. */
export const MAGIC_COOKIE = 0x63825363

/** The flag by which a client asks for a broadcast answer, RFC 2131 §2. */
export const BROADCAST_FLAG = 0x8000

/** Codes of the options that this package reads or writes. */
export const OptionCode = {
  PAD: 0,
  REQUESTED_ADDRESS: 50,
  OVERLOAD: 52,
  MESSAGE_TYPE: 53,
  SERVER_ID: 54,
  PARAMETER_LIST: 55,
  MAX_MESSAGE_SIZE: 57,
  VENDOR: 43,
  VENDOR_CLASS: 60,
  CLIENT_ID: 61,
  TFTP_SERVER_NAME: 66,
  BOOT_FILE: 67,
  USER_CLASS: 77,
  RELAY_AGENT: 82,
  ARCHITECTURE: 93,
  NETWORK_INTERFACE: 94,
  MACHINE_ID: 97,
  TFTP_SERVERS: 150,
  IPXE: 175,
  PXELINUX_MAGIC: 208,
  PXELINUX_CONFIG_FILE: 209,
  PXELINUX_PATH_PREFIX: 210,
  PXELINUX_REBOOT_TIME: 211,
  END: 255,
} as const
