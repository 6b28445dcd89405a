import type { FileHandle } from 'node:fs/promises'
import type { Writable } from 'node:stream'

import type { Endpoint } from '../channels.ts'
import type { Options } from '../codec/request.ts'

/** What a client asks for, as a handler sees it. */
export interface TftpRequest {
  /** As text: UTF-8, or Latin-1 where it is not valid UTF-8. Nothing is normalised. */
  readonly filename: string
  /** The bytes that were sent. */
  readonly rawName: Uint8Array
  readonly mode: 'octet' | 'netascii'
  /** As asked, names in lower case. */
  readonly options: Options
  readonly remote: Endpoint
  /** The local endpoint that was asked; a wildcard address when the server listens on one. */
  readonly local: Endpoint
  /** Aborted when the transfer ends early or the server closes. */
  readonly signal: AbortSignal
}

/** A write request: `size` is what the client announced with `tsize`. */
export interface TftpWriteRequest extends TftpRequest {
  readonly size: number | undefined
}

/** A refusal: an ERROR packet goes to the client. Made with {@link refuse}. */
export interface Refusal {
  readonly refused: { readonly code: number; readonly message: string }
  readonly context?: unknown
}

/**
 * What a read handler may answer.
 *
 * `context` is opaque: it comes back in every record of the transfer.
 */
export type ReadAnswer =
  | Refusal
  | Uint8Array
  | AsyncIterable<Uint8Array>
  | { readonly file: string | FileHandle; readonly context?: unknown }
  | { readonly bytes: Uint8Array; readonly context?: unknown }
  | {
      readonly stream: AsyncIterable<Uint8Array>
      readonly size?: number
      readonly context?: unknown
    }
  | {
      readonly size: number
      /** Gives exactly `length` bytes from `offset`. */
      read(offset: number, length: number): Uint8Array | Promise<Uint8Array>
      close?(): void
      readonly context?: unknown
    }

/** Takes an upload piece by piece: a promise holds back the ACK, and so the client. */
export interface UploadSink {
  readonly context?: unknown
  /** ERROR 3 beyond it. */
  readonly maxBytes?: number
  write(bytes: Uint8Array): void | Promise<void>
  /** All is there: the last ACK waits for it. */
  end(): void | Promise<void>
  /** The transfer broke off: leave nothing behind. */
  abort(): void
}

/** What a write handler may answer. */
export type WriteAnswer =
  | Refusal
  | Writable
  | UploadSink
  | { readonly stream: Writable; readonly context?: unknown }

/** Answers a read request. */
export type ReadHandler = (request: TftpRequest) => ReadAnswer | Promise<ReadAnswer>

/** Answers a write request. */
export type WriteHandler = (request: TftpWriteRequest) => WriteAnswer | Promise<WriteAnswer>

/** What a server is made of; `directory()` gives one of these. */
export interface TftpHandlers {
  readonly read: ReadHandler
  readonly write?: WriteHandler | undefined
}

/**
 * Refuses a request.
 *
 * @param code of `ErrorCode`
 * @param message goes to the client: never put a path of the server into it
 */
export const refuse = (code: number, message: string, context?: unknown): Refusal => ({
  refused: { code, message },
  ...(context === undefined ? {} : { context }),
})
