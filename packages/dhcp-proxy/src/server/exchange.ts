import type { BootRequest } from '../decide/request.ts'
import type { ChannelRecord } from './channels.ts'
import type { Served } from './interfaces.ts'

/** One datagram on its way through the server. */
export interface Exchange {
  readonly id: number
  readonly served: Served
  readonly port: 67 | 4011
  readonly startedMs: number
}

/** The fields that every record of an exchange has. */
export const recordOf = (
  server: string,
  nowMs: number,
  { id, served, port }: Exchange,
  request?: BootRequest,
): ChannelRecord => ({
  timeMs: nowMs,
  server,
  exchange: id,
  interface: served.interface,
  port,
  ...(request && {
    ...(request.mac !== undefined && { mac: request.mac }),
    hardwareAddress: request.hardwareAddress,
    xid: request.xid,
  }),
})
