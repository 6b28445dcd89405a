/** One end of a datagram. */
export interface Endpoint {
  readonly address: string
  readonly port: number
}

/** Which service a datagram reached, whatever port is really bound: 67 is DHCP, 4011 the PXE boot server (PXE 2.1). */
export type Service = 67 | 4011
