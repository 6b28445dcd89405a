import { channel } from 'node:diagnostics_channel'

import type { Oddity } from './codec/request.ts'
import type { Outcome } from './session/outcome.ts'

/** An IP address and a UDP port. */
export interface Endpoint {
  readonly address: string
  readonly port: number
}

/** What every message about a transfer holds. */
export interface TransferInfo {
  /** Of the transfer; unique within this process. */
  readonly id: number
  /** Of the server instance. */
  readonly instance: string
  readonly operation: 'read' | 'write'
  readonly peer: Endpoint
  /** The local address that the peer had asked. */
  readonly local: string
  readonly file: string
  readonly mode: string
}

/** On `bootwire:tftp:start`: the request is granted and the first packet is on its way. */
export interface TransferStart extends TransferInfo {
  /** Unix time in milliseconds. */
  readonly timeMs: number
  /** What was agreed. */
  readonly options: Readonly<Record<string, string>>
  /** Bytes; absent while nobody knows. */
  readonly size?: number
  /** What the handler gave along; absent without. */
  readonly context?: unknown
  /** What was wrong with the request, although it was understood; absent where nothing was. */
  readonly oddities?: readonly Oddity[]
}

/** On `bootwire:tftp:progress`: at most about once a second and transfer. */
export interface TransferProgress extends TransferInfo {
  readonly timeMs: number
  readonly bytes: number
  readonly size?: number
  readonly context?: unknown
}

/** An Error as plain data. */
export interface ErrorRecord {
  readonly name: string
  readonly message: string
  /** Where the Error has one. */
  readonly code?: string
}

/** On `bootwire:tftp:end`, and given to `onTransfer`: one record for each request that was taken up. */
export interface TransferRecord extends TransferStart {
  readonly outcome: Outcome
  /** Bytes acknowledged (read) or received (write), as they went over the wire. */
  readonly bytes: number
  readonly blocks: number
  readonly resends: number
  readonly durationMs: number
  /** Of the ERROR packet sent or received; absent without one. */
  readonly errorCode?: number
  readonly errorMessage?: string
  /** What a handler, a file or a stream of this side threw. `onError` is given the Error itself. */
  readonly error?: ErrorRecord
}

/** Why a datagram to the listening port is not answered. */
export const DROP_REASONS = [
  'not-a-request',
  'malformed',
  'repeated',
  'limit',
  'address-limit',
  'half-open',
  'rate',
  'closing',
] as const

/** One of {@link DROP_REASONS}. */
export type DropReason = (typeof DROP_REASONS)[number]

/** On `bootwire:tftp:drop`: a datagram to the listening port that is not answered. */
export interface DatagramDrop {
  readonly timeMs: number
  readonly instance: string
  readonly peer: Endpoint
  readonly reason: DropReason
  /** One sentence for people, where there is more to say. */
  readonly detail?: string
  readonly bytes: number
}

/** The names of this package's diagnostics channels. */
export const CHANNELS = {
  start: 'bootwire:tftp:start',
  progress: 'bootwire:tftp:progress',
  end: 'bootwire:tftp:end',
  drop: 'bootwire:tftp:drop',
} as const

/** A diagnostics channel whose messages have one shape. */
interface TypedChannel<Message> {
  readonly hasSubscribers: boolean
  publish(message: Message): void
}

export const startChannel: TypedChannel<TransferStart> = channel(CHANNELS.start)
export const progressChannel: TypedChannel<TransferProgress> = channel(CHANNELS.progress)
export const endChannel: TypedChannel<TransferRecord> = channel(CHANNELS.end)
export const dropChannel: TypedChannel<DatagramDrop> = channel(CHANNELS.drop)
