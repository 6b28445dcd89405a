/**
 * Executable models of network boot clients: EDK2 PXE and HTTP Boot, iPXE, a BIOS boot ROM, U-Boot, the Raspberry Pi
 * and shim. Given the packets on the wire, each ends in `downloads X from Y` or `gave up because Z after T ms`.
 *
 * They were written from what the clients do, and share no code with this package's own encoder.
 *
 * @example
 * const { outcome } = simulate({ client: edk2Pxe(), servers: [mainDhcpServer(), myProxy] })
 * console.log(describeOutcome(outcome))
 */
export { biosRom, type BiosRomOptions } from './bios-rom.ts'
export type { Endpoint } from '../endpoint.ts'
export { edk2Http } from './edk2-http.ts'
export { edk2Pxe, type Edk2PxeOptions } from './edk2-pxe.ts'
export { huaweiUefi } from './huawei-uefi.ts'
export { ipxe, type IpxeOptions } from './ipxe.ts'
export { CLIENT_KINDS, clientKindOf, type ClientKind, type ClientKindRow } from './kinds.ts'
export type { Machine } from './machine.ts'
export { mainDhcpServer, type MainDhcpOptions } from './main-dhcp-server.ts'
export { raspberryPi, type RaspberryPiOptions } from './raspberry-pi.ts'
export { shim, type ShimOptions } from './shim.ts'
export {
  simulate,
  type Answer,
  type Logged,
  type Simulation,
  type SimulationOptions,
  type VirtualServer,
} from './simulate.ts'
export {
  describeOutcome,
  type ClientAction,
  type ClientEvent,
  type ClientModel,
  type Datagram,
  type GaveUpCode,
  type Outcome,
  type Verdict,
  type Wait,
} from './types.ts'
export { uBoot, type UBootOptions } from './u-boot.ts'
