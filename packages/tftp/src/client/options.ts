import type { Readable } from 'node:stream'

import type { Endpoint } from '../channels.ts'

/** Where a file is, in parts instead of a `tftp:` URL. */
export interface Target {
  readonly host: string
  /** Default: 69. */
  readonly port?: number | undefined
  readonly filename: string
  /** The name's bytes, where they are not UTF-8. */
  readonly rawName?: Uint8Array | undefined
  /** Default: octet. */
  readonly mode?: 'octet' | 'netascii' | undefined
}

/** How to transfer. For every option `undefined` is the default. */
export interface ClientOptions {
  /** In bytes; the server may take less. Default: 1468 for IPv4, 1448 for IPv6: what fits an Ethernet frame. */
  readonly blockSize?: number | undefined
  /** In blocks; the server may take less. Default: 16. */
  readonly windowSize?: number | undefined
  /** Ask the server to wait this long before it sends again, in seconds. Default: not asked. */
  readonly timeoutSeconds?: number | undefined
  /** Ask for the size. Default: true. */
  readonly tsize?: boolean | undefined
  /** How often the same packet is sent again. Default: a request 6 times, the rest within `patienceMs`. */
  readonly retries?: number | undefined
  /** Longest silence of the server in mid-transfer, in milliseconds. Default: 60,000. */
  readonly patienceMs?: number | undefined
  /** Before anything was measured, in milliseconds. Default: 1000. */
  readonly initialTimeoutMs?: number | undefined
  /** The number after block 65535. Default: 0. */
  readonly rollover?: 0 | 1 | undefined
  /** IP version to look the host up in. Default: either. */
  readonly family?: 4 | 6 | undefined
  /** Local address. Default: the system chooses. */
  readonly localAddress?: string | undefined
  /**
   * Take the answer of any address: a server with several may answer from another one than was asked, and so may
   * anybody else. Default: false.
   */
  readonly anyAddress?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  /** Called about ten times a second. */
  readonly onProgress?:
    | ((progress: { readonly bytes: number; readonly size: number | undefined }) => void)
    | undefined
}

/** What is known once a transfer is over. */
export interface ClientRecord {
  readonly peer: Endpoint
  readonly file: string
  readonly mode: 'octet' | 'netascii'
  /** What the server agreed to. */
  readonly options: Readonly<Record<string, string>>
  readonly blockSize: number
  readonly windowSize: number
  readonly bytes: number
  readonly blocks: number
  readonly resends: number
  readonly durationMs: number
}

/** A read under way. */
export interface Download {
  /** The file; destroying it tells the server to stop. */
  readonly stream: Readable
  /** As the server announced it; undefined: it did not. */
  readonly size: number | undefined
  readonly blockSize: number
  readonly windowSize: number
  readonly options: Readonly<Record<string, string>>
  readonly peer: Endpoint
  /** Settles after the last byte; rejects as the stream fails. */
  readonly finished: Promise<ClientRecord>
  /** The whole file. */
  bytes(): Promise<Buffer>
}
