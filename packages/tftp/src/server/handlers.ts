import type { Endpoint } from '../channels.ts'
import type { Options } from '../codec/request.ts'
import type { ReadAnswer, WriteAnswer } from '../content/answers.ts'

/** What a client asks for, as a handler sees it. */
export interface TftpRequest {
  /** As text: UTF-8, or Latin-1 where it is not valid UTF-8. Nothing is normalised. */
  readonly filename: string
  /** As it was sent. */
  readonly rawName: Uint8Array
  readonly mode: 'octet' | 'netascii'
  /** As requested, names in lower case. */
  readonly options: Options
  /** The client. */
  readonly peer: Endpoint
  /** The address and port that were asked. */
  readonly local: Endpoint
  /** Aborted when the transfer ends early or the server closes. */
  readonly signal: AbortSignal
}

/** A write request: `size` is what the client announced with `tsize`; 0 may mean that it does not know. */
export interface TftpWriteRequest extends TftpRequest {
  readonly size: number | undefined
}

/** Answers a read request. */
export type ReadHandler = (request: TftpRequest) => ReadAnswer | Promise<ReadAnswer>

/** Answers a write request. */
export type WriteHandler = (request: TftpWriteRequest) => WriteAnswer | Promise<WriteAnswer>

/** What a server is made of; `directory()` gives one of these. */
export interface TftpHandlers {
  readonly read: ReadHandler
  readonly write?: WriteHandler | undefined
}
