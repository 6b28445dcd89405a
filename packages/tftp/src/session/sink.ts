/** Where a receiver's bytes go. */
export interface Sink {
  /** Takes bytes; a promise means: no ACK before it has settled. */
  write(bytes: Uint8Array): void | Promise<void>
  /** The file is complete: the last ACK waits for it. */
  end(): void | Promise<void>
  /** The transfer broke off. */
  abort(): void
}
