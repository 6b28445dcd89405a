/** DATA packets of neighbouring blocks back to back, all but the last of the same size: what one send() takes. */
export interface PacketRun {
  readonly bytes: Uint8Array
  readonly packetBytes: number
  readonly blocks: number
}

/**
 * Where a sender's DATA packets come from. It owns what it reads from, and gives that back in `close`, whether or not
 * a block was ever asked for.
 *
 * A packet, once given, stays as it is until its block is released: it may be on its way to the kernel, and a resend
 * must be identical.
 */
export interface Source {
  /** Number of the last block; Infinity until it is known. */
  readonly lastBlock: number
  /** Bytes of the file up to and including this block, as they go over the wire. */
  bytesUpTo(block: number): number
  /** The ready packet, or undefined: `load` it first. */
  packet(block: number): Uint8Array | undefined
  /** From `block` on at most so many ready packets that lie back to back; undefined: `load` it first. */
  run?(block: number, maxBlocks: number): PacketRun | undefined
  /** Makes `block` ready, or learns that the file has ended before it. */
  load(block: number): Promise<void>
  /** Blocks up to this one will not be asked for again. */
  release(block: number): void
  /** Gives everything back. Never throws; a second call does nothing. */
  close(): void
}
