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
  /** Called with what has arrived. What it is given is valid until it returns; it must not throw. */
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

/** Reads a socket in batches, until the reader is closed. */
export const readSocket = (native: Native, fd: number, options: ReaderOptions): Reader => {
  const { datagramBytes = 2048, batch = 64, onReceived, onError } = options
  const slot = Math.max(1, inRange('recvmmsg', 'datagramBytes', datagramBytes, MAX_DATAGRAM_BYTES))
  const rows = new Rows(Math.max(1, inRange('recvmmsg', 'batch', batch, MAX_ROWS)))
  const bytes = new Uint8Array(slot * rows.count)
  const received = new Received(rows, bytes)
  const onRows = (count: number): void => {
    if (count < 0) return onError?.(new SocketHelperError('recvmmsg', count))
    received.count = count
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
