import type { Readable } from 'node:stream'

import type { Endpoint } from '../channels.ts'

/** Where a file is, in parts instead of a `tftp:` URL. */
export interface Target {
  readonly host: string
  /** Default: 69. */
  readonly port?: number
  readonly filename: string
  /** The name's bytes, where they are not UTF-8. */
  readonly rawName?: Uint8Array
  /** Default: octet. */
  readonly mode?: 'octet' | 'netascii'
}

/** How to transfer. */
export interface ClientOptions {
  /** In bytes; the server may take less. Default: 1468 for IPv4, 1448 for IPv6: what fits an Ethernet frame. */
  readonly blockSize?: number
  /** In blocks; the server may take less. Default: 16. */
  readonly windowSize?: number
  /** Ask the server to wait this long before it sends again, in seconds. Default: not asked. */
  readonly timeoutSeconds?: number
  /** Ask for the size. Default: true. */
  readonly tsize?: boolean
  /** How often the same packet is sent again. Default: 6. */
  readonly retries?: number
  /** Before anything was measured, in milliseconds. Default: 1000. */
  readonly initialTimeoutMs?: number
  /** The number after block 65535. Default: 0. */
  readonly rollover?: 0 | 1
  /** IP version to look the host up in. Default: either. */
  readonly family?: 4 | 6
  /** Local address. Default: the system chooses. */
  readonly localAddress?: string
  readonly signal?: AbortSignal
  /** Called about ten times a second. */
  readonly onProgress?: (progress: {
    readonly bytes: number
    readonly size: number | undefined
  }) => void
}

/** What is known once a transfer is over. */
export interface ClientRecord {
  readonly remote: Endpoint
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
  readonly remote: Endpoint
  /** Settles after the last byte; rejects as the stream fails. */
  readonly finished: Promise<ClientRecord>
  /** The whole file. */
  bytes(): Promise<Buffer>
}
