import { Buffer } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'
import type { Writable } from 'node:stream'

import { TftpError } from '../errors.ts'

/** A refusal: an ERROR packet goes to the client. Made with {@link refuse}. */
export interface Refusal {
  readonly refused: { readonly code: number; readonly message: string }
  readonly context?: unknown
}

/** A piece of a stream; a string stands for its UTF-8 bytes. */
export type StreamPiece = Uint8Array | string

/** Something that is read once, from front to back; it is destroyed, cancelled or returned when it is not needed. */
export type PieceStream = AsyncIterable<StreamPiece> | ReadableStream<StreamPiece>

/**
 * What a read handler may answer.
 *
 * `context` is opaque: it comes back in every record of the transfer.
 */
export type ReadAnswer =
  | Refusal
  | Uint8Array
  | PieceStream
  /** A path, or an open file, which stays open. */
  | { readonly file: string | FileHandle; readonly context?: unknown }
  /** An open file; with `close` it is closed after the transfer, and at once when there is none. */
  | { readonly handle: FileHandle; readonly close?: boolean; readonly context?: unknown }
  | { readonly bytes: Uint8Array; readonly context?: unknown }
  /** With `size` the client can be told the size; another number of bytes fails the transfer. */
  | { readonly stream: PieceStream; readonly size?: number | undefined; readonly context?: unknown }
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
  readonly maxBytes?: number | undefined
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

/** Longest text of a refusal, in bytes of UTF-8: with it an ERROR packet fits any path. */
const MAX_REFUSAL_BYTES = 400

/** What is wrong with a refusal: an ERROR packet could not carry it. */
const flawOf = (code: unknown, message: unknown): string | undefined => {
  if (typeof code !== 'number' || !Number.isInteger(code) || code < 0 || code > 0xffff)
    return `the error code of a refusal is ${String(code)}; it must be a whole number of 0–65535`
  if (typeof message !== 'string')
    return `the text of a refusal is ${nameOf(message)}, not a string`
  if (message.includes('\0')) return 'the text of a refusal holds a zero byte'
  const bytes = Buffer.byteLength(message)
  if (bytes <= MAX_REFUSAL_BYTES) return undefined
  return `the text of a refusal takes ${bytes} bytes, at most ${MAX_REFUSAL_BYTES} are allowed`
}

const checkRefusal = (code: unknown, message: unknown): void => {
  const flaw = flawOf(code, message)
  if (flaw !== undefined) throw new TftpError('ERR_TFTP_INVALID_ARGUMENT', flaw)
}

/**
 * Refuses a request.
 *
 * @param code of `ErrorCode`
 * @param message goes to the client: never put a path of the server into it
 * @throws {TftpError} `ERR_TFTP_INVALID_ARGUMENT` for what an ERROR packet cannot carry
 */
export const refuse = (code: number, message: string, context?: unknown): Refusal => {
  checkRefusal(code, message)
  return { refused: { code, message }, ...(context === undefined ? {} : { context }) }
}

/** What a value is, for the text of an error. */
export const nameOf = (value: unknown): string => {
  if (value === null || value === undefined) return String(value)
  if (typeof value !== 'object') return `a ${typeof value}`
  const { constructor } = value
  const name = typeof constructor === 'function' ? constructor.name : ''
  return name === '' || name === 'Object'
    ? `an object with ${Object.keys(value).join(', ') || 'nothing in it'}`
    : `a ${name}`
}

/** @throws {TftpError} `ERR_TFTP_INVALID_ANSWER` */
export const invalidAnswer = (answer: unknown, allowed: string): TftpError =>
  new TftpError('ERR_TFTP_INVALID_ANSWER', `${nameOf(answer)} is no answer; ${allowed}`)

/** True for a refusal. @throws {TftpError} `ERR_TFTP_INVALID_ARGUMENT` for one that an ERROR packet cannot carry */
export const isRefusal = (answer: unknown): answer is Refusal => {
  if (typeof answer !== 'object' || answer === null || !('refused' in answer)) return false
  const { refused } = answer
  if (typeof refused !== 'object' || refused === null)
    throw invalidAnswer(answer, 'refuse(code, text) makes a refusal')
  checkRefusal(
    'code' in refused ? refused.code : undefined,
    'message' in refused ? refused.message : undefined,
  )
  return true
}

/** The context of an answer, if there is one. */
export const contextOf = (answer: unknown): unknown =>
  typeof answer === 'object' && answer !== null && 'context' in answer ? answer.context : undefined
