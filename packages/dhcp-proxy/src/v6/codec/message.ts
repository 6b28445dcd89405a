/** One option; a message may have several of one code, in an order that is kept. */
export interface Dhcp6Option {
  readonly code: number
  readonly value: Uint8Array
}

/** A message of a client or a server (RFC 8415 section 8). */
export interface ClientServerMessage {
  /** Any but 12 and 13. */
  readonly type: number
  /** 24 bits. */
  readonly xid: number
  readonly options: readonly Dhcp6Option[]
}

/** A message of a relay agent (RFC 8415 section 9), or to one. */
export interface RelayMessage {
  readonly type: 12 | 13
  readonly hopCount: number
  /** Tells the link of the client; `::` where the interface id does. */
  readonly linkAddress: string
  /** Who sent what is relayed: a client, or another relay agent. */
  readonly peerAddress: string
  readonly options: readonly Dhcp6Option[]
}

export type Dhcp6Message = ClientServerMessage | RelayMessage

/** Message types, RFC 8415 section 7.3. */
export const MessageType6 = {
  SOLICIT: 1,
  ADVERTISE: 2,
  REQUEST: 3,
  CONFIRM: 4,
  RENEW: 5,
  REBIND: 6,
  REPLY: 7,
  RELEASE: 8,
  DECLINE: 9,
  RECONFIGURE: 10,
  INFORMATION_REQUEST: 11,
  RELAY_FORW: 12,
  RELAY_REPL: 13,
} as const

/** Codes of the options that this package reads or writes. */
export const OptionCode6 = {
  CLIENTID: 1,
  SERVERID: 2,
  IA_NA: 3,
  IAADDR: 5,
  ORO: 6,
  PREFERENCE: 7,
  ELAPSED_TIME: 8,
  RELAY_MSG: 9,
  STATUS_CODE: 13,
  RAPID_COMMIT: 14,
  USER_CLASS: 15,
  VENDOR_CLASS: 16,
  VENDOR_OPTS: 17,
  INTERFACE_ID: 18,
  DNS_SERVERS: 23,
  REMOTE_ID: 37,
  BOOTFILE_URL: 59,
  BOOTFILE_PARAM: 60,
  CLIENT_ARCH_TYPE: 61,
  NII: 62,
  CLIENT_LINKLAYER_ADDR: 79,
} as const

/** Status codes, RFC 8415 section 21.13. */
export const StatusCode6 = {
  SUCCESS: 0,
  UNSPEC_FAIL: 1,
  NO_ADDRS_AVAIL: 2,
  NO_BINDING: 3,
  NOT_ON_LINK: 4,
  USE_MULTICAST: 5,
} as const

export const isRelayMessage = (message: Dhcp6Message): message is RelayMessage =>
  'hopCount' in message

/** The value of the first option of a code: where one alone is allowed, that is the one (RFC 8415 section 21). */
export const valueOf = (options: readonly Dhcp6Option[], code: number): Uint8Array | undefined =>
  options.find((option) => option.code === code)?.value
