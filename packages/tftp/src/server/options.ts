import type { TransferRecord } from '../channels.ts'
import type { OptionName } from '../session/negotiate.ts'
import type { DirectoryOptions } from './directory.ts'
import type { TftpHandlers, TftpRequest } from './handlers.ts'

/** What must not grow without end. */
export interface TftpServerLimits {
  /** Transfers at the same time. Default: 1000. */
  readonly maxTransfers?: number | undefined
  /** Transfers at the same time for one address. Default: 500. */
  readonly maxTransfersPerAddress?: number | undefined
  /** Transfers of one address whose client has not answered yet. Default: 64. */
  readonly maxHalfOpenPerAddress?: number | undefined
  /** Requests of one address in a second that its client does not go on with. Default: 50. */
  readonly maxRequestsPerSecond?: number | undefined
  /** Longest a transfer may take, in milliseconds. Default: 3,600,000. */
  readonly maxTransferMs?: number | undefined
  /** Longest a handler, or a stream that it answered, may think, in milliseconds. Default: 30,000. */
  readonly handlerTimeoutMs?: number | undefined
  /** Longest silence of a client in mid-transfer, in milliseconds. Default: 75,000. */
  readonly patienceMs?: number | undefined
  /** How often the same place of a file is sent again, at most. Default: 100, so that `patienceMs` decides. */
  readonly maxRetries?: number | undefined
  /** Packets kept ready for other clients, in bytes. Default: 134,217,728. */
  readonly cacheBytes?: number | undefined
}

/** How to serve. For every option `undefined` is the default. */
export interface TftpServerSettings {
  /**
   * Largest packet in bytes: blocks are at most 32 (IPv4) or 52 (IPv6) less. Default: `'interface'`, that of the
   * interface that was asked.
   */
  readonly mtu?: number | 'interface' | undefined
  /** Largest block granted, in bytes. Default: 65464, so that `mtu` decides. */
  readonly maxBlockSize?: number | undefined
  /** Largest window granted, in blocks; never more than what about 150 KB hold. Default: 64. */
  readonly maxWindowSize?: number | undefined
  /** Options left unanswered, for all or by request. Default: none. */
  readonly refuseOptions?:
    | readonly OptionName[]
    | ((request: TftpRequest) => readonly OptionName[])
    | undefined
  /** The number after block 65535. Default: 0. */
  readonly rollover?: 0 | 1 | undefined
  /** Where transfers answer from: a port each, one out of a range, or the listening port itself. Default: `'ephemeral'`. */
  readonly transferPorts?:
    | 'ephemeral'
    | 'single'
    | { readonly from: number; readonly to: number }
    | undefined
  /**
   * Whether the native socket helper may be used, where it loads: runs of blocks in one call, and on a wildcard address
   * answers from the address that was asked. `server.tier` says what became of it. Default: `'auto'`.
   */
  readonly socketHelper?: 'auto' | 'off' | undefined
  /** Lower bound of the first wait for an answer, in milliseconds. Default: 20. */
  readonly minTimeoutMs?: number | undefined
  /** The wait before a round trip was measured, in milliseconds. Default: 1000. */
  readonly initialTimeoutMs?: number | undefined
  readonly limits?: TftpServerLimits | undefined
  /** Named in every record. Default: random. */
  readonly instance?: string | undefined
  /** Called with the record of each transfer, after it ended. */
  readonly onTransfer?: ((record: TransferRecord) => void) | undefined
  /**
   * Called with what a handler, a file, a stream or `onTransfer` threw, and the record of the transfer.
   * Default: `DEBUG=bootwire:tftp:server` shows it.
   */
  readonly onError?: ((error: Error, record: TransferRecord) => void) | undefined
}

/** Options of `createTftpServer`: a folder with the options of `directory()`, or handlers. */
export type TftpServerOptions = TftpServerSettings & (DirectoryOptions | TftpHandlers)

/** Where to listen. */
export interface ListenOptions {
  /** Default: 69; 0 takes any. */
  readonly port?: number | undefined
  /** Addresses to serve. Default: every address that this machine has now. `'::'` serves IPv4 too. */
  readonly host?: string | readonly string[] | undefined
  /** Descriptors of bound sockets, or `'systemd'` for those of socket activation. */
  readonly fd?: number | readonly number[] | 'systemd' | undefined
  /** Closes the server when it is aborted. */
  readonly signal?: AbortSignal | undefined
}

/** What `listen` bound. */
export interface Listening {
  readonly port: number
  readonly address: string
  readonly addresses: readonly string[]
}

/** How a server sends: runs of blocks in one call, or one block at a time, and why. */
export interface Tier {
  readonly name: 'runs' | 'plain'
  /** Why it is not `runs`; one sentence. */
  readonly reason?: string
}

/** A TFTP server. */
export interface TftpServer {
  /** How it sends, known as soon as it is made. */
  readonly tier: Tier
  /** Binds and serves; the promise holds what was bound. */
  listen(options?: ListenOptions): Promise<Listening>
  /** What was bound; undefined while it does not listen. */
  address(): Listening | undefined
  /** Takes no more requests, waits for the transfers under way, and ends those left at the deadline. Default: 5000 ms. */
  close(options?: { readonly deadlineMs?: number | undefined }): Promise<void>
  /** Transfers under way. */
  readonly transfers: number
  [Symbol.asyncDispose](): Promise<void>
}
