/** Where DHCP servers listen. */
export const SERVER_PORT = 67
/** Where DHCP clients listen. */
export const CLIENT_PORT = 68
/** Where ProxyDHCP servers and PXE boot servers listen (PXE 2.1). */
export const PXE_PORT = 4011
/** DHCP message types (RFC 2132 section 9.6). */
export const DISCOVER = 1
export const OFFER = 2
export const REQUEST = 3
export const ACK = 5
export const NAK = 6
