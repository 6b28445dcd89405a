import type { TransferRecord } from '../channels.ts'
import type { OptionName } from '../session/negotiate.ts'
import type { TftpHandlers, TftpRequest } from './handlers.ts'

/** Everything that has a bound, with its default. */
export interface TftpServerSettings {
  /** Largest packet of the network in bytes: blocks are at most 32 (IPv4) or 52 (IPv6) less. Default: 1500. */
  readonly mtu?: number
  /** Largest block granted, in bytes. Default: 65464, so that `mtu` decides. */
  readonly maxBlockSize?: number
  /** Largest window granted, in blocks; never more than what about 150 KB hold. Default: 64. */
  readonly maxWindowSize?: number
  /** Options left unanswered, for all or by request. Default: none. */
  readonly refuseOptions?: readonly OptionName[] | ((request: TftpRequest) => readonly OptionName[])
  /** The number after block 65535. Default: 0. */
  readonly rollover?: 0 | 1
  /** Where transfers answer from: a port each, one out of a range, or the listening port itself. Default: `'ephemeral'`. */
  readonly transferPorts?: 'ephemeral' | 'single' | { readonly from: number; readonly to: number }
  /** Transfers at the same time. Default: 1000. */
  readonly maxTransfers?: number
  /** Transfers at the same time for one address. Default: 64. */
  readonly maxTransfersPerAddress?: number
  /** Requests taken up from one address in a second. Default: 50. */
  readonly maxRequestsPerSecond?: number
  /** Longest a transfer may take, in milliseconds. Default: 3,600,000. */
  readonly maxTransferMs?: number
  /** Longest a handler may think, in milliseconds. Default: 30,000. */
  readonly handlerTimeoutMs?: number
  /** Packets kept ready for other clients, in bytes. Default: 134,217,728. */
  readonly cacheBytes?: number
  /** Lower bound of the retransmission time-out, in milliseconds. Default: 20. */
  readonly minTimeoutMs?: number
  /** The time-out before a round trip was measured, in milliseconds. Default: 1000. */
  readonly initialTimeoutMs?: number
  /** How often the same place of a file is sent again. Default: 10. */
  readonly retries?: number
  /** Named in every record. Default: random. */
  readonly instance?: string
  /** Called with the record of each transfer, after it ended. */
  readonly onTransfer?: (record: TransferRecord) => void
}

/** Options of `createTftpServer`: a folder, or handlers. */
export type TftpServerOptions = TftpServerSettings & ({ readonly root: string } | TftpHandlers)

/** Where to listen. */
export interface ListenOptions {
  /** Default: 69; 0 takes any. */
  readonly port?: number
  /** Addresses to serve. Default: every address that this machine has now. */
  readonly host?: string | readonly string[]
  /** Descriptors of bound sockets, or `'systemd'` for those of socket activation. */
  readonly fd?: number | readonly number[] | 'systemd'
}

/** What `listen` bound. */
export interface Listening {
  readonly port: number
  readonly address: string
  readonly addresses: readonly string[]
}

/** A TFTP server. */
export interface TftpServer {
  /** Binds and serves; the promise holds what was bound. */
  listen(options?: ListenOptions): Promise<Listening>
  /** Takes no more requests, waits for the transfers under way, and ends those left at the deadline. Default: 5000 ms. */
  close(options?: { readonly deadlineMs?: number }): Promise<void>
  /** Transfers under way. */
  readonly transfers: number
  [Symbol.asyncDispose](): Promise<void>
}
