import { checked, inRange, SocketHelperError } from './errors.ts'
import type { Native } from './native.ts'
import { Received } from './received.ts'
import { MAX_ROWS, Rows } from './rows.ts'

/** How to read a socket. */
export interface ReaderOptions {
  /** Most bytes of one datagram; longer ones are cut and say so. Default: 2048. */
  readonly datagramBytes?: number
  /** Most datagrams of one batch. Default: 64. */
  readonly batch?: number
  /**
   * Called with what has arrived. What it is given is valid until it returns, since all readers share their memory; it must
   * not throw.
   */
  readonly onReceived: (received: Received) => void
  /** Called when receiving fails: an ICMP answer to something that was sent. Reading goes on. */
  readonly onError?: (error: SocketHelperError) => void
}

/** A socket that is being read. */
export interface Reader {
  /** Stops reading. The socket itself stays open: close it afterwards. A second call does nothing. */
  close(): void
}

const MAX_DATAGRAM_BYTES = 0xffff

interface Place {
  readonly rows: Rows
  readonly bytes: Uint8Array
}

/** Where datagrams are put: one place for each size, since no batch outlives its callback. */
const places = new Map<string, Place>()

const placeOf = (slot: number, count: number): Place => {
  const key = `${slot} ${count}`
  const known = places.get(key)
  if (known) return known
  const place = { rows: new Rows(count), bytes: new Uint8Array(slot * count) }
  places.set(key, place)
  return place
}

/** Reads a socket in batches, until the reader is closed. */
export const readSocket = (native: Native, fd: number, options: ReaderOptions): Reader => {
  const { datagramBytes = 2048, batch = 64, onReceived, onError } = options
  const slot = Math.max(1, inRange('recvmmsg', 'datagramBytes', datagramBytes, MAX_DATAGRAM_BYTES))
  const count = Math.max(1, inRange('recvmmsg', 'batch', batch, MAX_ROWS))
  const { rows, bytes } = placeOf(slot, count)
  const received = new Received(rows, bytes)
  const onRows = (result: number): void => {
    if (result < 0) return onError?.(new SocketHelperError('recvmmsg', result))
    received.count = result
    onReceived(received)
  }
  const id = checked(native.watch(fd, bytes, slot, rows.bytes, onRows), 'watch')
  let closed = false
  return {
    close: () => {
      if (!closed) native.unwatch(id)
      closed = true
    },
  }
}

/** Most batches that are thrown away at once: a flood would keep the loop for ever. */
const MAX_DISCARDED_BATCHES = 64

/** Throws away what a socket has received so far. */
export const discardReceived = (native: Native, fd: number): void => {
  const { rows, bytes } = placeOf(1, 64)
  for (let i = 0; i < MAX_DISCARDED_BATCHES; i++) {
    if (native.receive(fd, bytes, 1, rows.bytes) < rows.count) return
  }
}
