/**
 * The functions of native/module.c. All answer a number: at least 0, or a negative error number. None throws, whatever the
 * arguments are.
 */
export interface Native {
  socket(family: number, type: number, protocol: number): number
  close(fd: number): number
  set_option(fd: number, level: number, name: number, value: number | Uint8Array): number
  get_option(fd: number, level: number, name: number): number
  bind(fd: number, row: Uint8Array): number
  name(fd: number, row: Uint8Array): number
  interface_index(name: Uint8Array): number
  interface_name(index: number, name: Uint8Array): number
  send(fd: number, bytes: Uint8Array, rows: Uint8Array, count: number): number
  receive(fd: number, bytes: Uint8Array, slotBytes: number, rows: Uint8Array): number
  watch(
    fd: number,
    bytes: Uint8Array,
    slotBytes: number,
    rows: Uint8Array,
    onRows: (count: number) => void,
  ): number
  unwatch(id: number): number
}

const FUNCTIONS = [
  'socket',
  'close',
  'set_option',
  'get_option',
  'bind',
  'name',
  'interface_index',
  'interface_name',
  'send',
  'receive',
  'watch',
  'unwatch',
] as const satisfies readonly (keyof Native)[]

/** Whether a loaded module has all functions. */
export const isNative = (module: unknown): module is Native =>
  typeof module === 'object' &&
  module !== null &&
  FUNCTIONS.every((name) => name in module && typeof Reflect.get(module, name) === 'function')

/** Linux' numbers, the same on x64 and arm64; a row for each option: level, name. */
export const OPTION = {
  SO_REUSEADDR: [1, 2],
  SO_BROADCAST: [1, 6],
  SO_RCVBUF: [1, 8],
  SO_BINDTODEVICE: [1, 25],
  SO_RCVBUFFORCE: [1, 33],
  IP_PKTINFO: [0, 8],
  IP_MTU_DISCOVER: [0, 10],
  UDP_SEGMENT: [17, 103],
  IPV6_UNICAST_HOPS: [41, 16],
  IPV6_MULTICAST_IF: [41, 17],
  IPV6_MULTICAST_HOPS: [41, 18],
  IPV6_MULTICAST_LOOP: [41, 19],
  IPV6_ADD_MEMBERSHIP: [41, 20],
  IPV6_MTU_DISCOVER: [41, 23],
  IPV6_V6ONLY: [41, 26],
  IPV6_RECVPKTINFO: [41, 49],
  IPV6_RECVHOPLIMIT: [41, 51],
  ICMPV6_FILTER: [58, 1],
} as const satisfies Record<string, readonly [level: number, name: number]>

/** Name of a socket option. */
export type OptionName = keyof typeof OPTION

/** Families, types and protocols of socket(2). */
export const AF_INET = 2
export const AF_INET6 = 10
export const SOCK_DGRAM = 2
export const SOCK_RAW = 3
export const IPPROTO_UDP = 17
export const IPPROTO_ICMPV6 = 58
