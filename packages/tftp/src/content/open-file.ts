import { Buffer } from 'node:buffer'
import type { BigIntStats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'

import { FileRefusedError, openRegularFile } from '@bootwire-internal/regular-file'

import { HEADER_BYTES } from '../codec/opcodes.ts'
import { TftpError } from '../errors.ts'
import { chunkOffset, type Chunk, type EmptyChunk, type Layout } from '../session/chunk.ts'
import { quietly } from './pieces.ts'

/** POSIX lets a `readv` fail with more buffers than this. */
const MAX_BUFFERS = 1024
/** How often a chunk is read anew because the file was changed meanwhile. */
const MAX_READS = 4

const notRegular = () =>
  new TftpError(
    'ERR_TFTP_NOT_A_FILE',
    'this is a folder, a FIFO, a socket or a device; only regular files are served',
  )

const changed = () => new TftpError('ERR_TFTP_FILE_CHANGED', 'the file changed while it was sent')

const readAll = async (
  handle: FileHandle,
  buffers: readonly Buffer[],
  position: number,
): Promise<void> => {
  let at = position
  for (let i = 0; i < buffers.length; i += MAX_BUFFERS) {
    const some = buffers.slice(i, i + MAX_BUFFERS).filter(({ length }) => length > 0)
    const wanted = some.reduce((sum, { length }) => sum + length, 0)
    const { bytesRead } = some.length > 0 ? await handle.readv(some, at) : { bytesRead: 0 }
    if (bytesRead !== wanted) throw changed()
    at += wanted
  }
}

/** A regular file that is open for reading, and what it was like when it was opened. */
export class OpenFile {
  readonly stats: BigIntStats
  readonly #handle: FileHandle
  /** Whether it is ours to close. */
  readonly #owned: boolean
  /** The kernel sets it whenever bytes, size or anything else changes, and nobody can set it back. */
  #changedNs: bigint
  #closed = false

  private constructor(handle: FileHandle, stats: BigIntStats, owned: boolean) {
    this.#handle = handle
    this.#owned = owned
    this.stats = stats
    this.#changedNs = stats.ctimeNs
  }

  /** @throws what the file system says; `ERR_TFTP_NOT_A_FILE` at once for what is no regular file */
  static async open(path: string): Promise<OpenFile> {
    const { handle } = await openRegularFile(path).catch((error: unknown) => {
      throw error instanceof FileRefusedError ? notRegular() : error
    })
    return OpenFile.of(handle, true)
  }

  /** A file that somebody has opened; with `owned` it is closed here, now if it is no regular file. */
  static async of(handle: FileHandle, owned: boolean): Promise<OpenFile> {
    try {
      const stats = await handle.stat({ bigint: true })
      if (stats.isFile()) return new OpenFile(handle, stats, owned)
      throw notRegular()
    } catch (error) {
      if (owned) quietly(() => handle.close())
      throw error
    }
  }

  get owned(): boolean {
    return this.#owned
  }

  get size(): number {
    return Number(this.stats.size)
  }

  /** Up to `length` bytes. */
  async readAt(offset: number, length: number): Promise<Uint8Array> {
    const { buffer, bytesRead } = await this.#handle.read({
      buffer: Buffer.allocUnsafeSlow(length),
      position: offset,
    })
    return buffer.subarray(0, bytesRead)
  }

  /**
   * Fills a chunk and makes sure that it belongs to the file that was opened.
   *
   * When the file was touched meanwhile, what was sent last (`held`) is compared with what the file holds now: a new
   * time or owner is no reason to break off, other bytes are.
   */
  async fill(
    layout: Layout,
    index: number,
    chunk: EmptyChunk,
    held: readonly Chunk[],
  ): Promise<void> {
    for (let reads = 0; reads < MAX_READS; reads++) {
      const before = this.#changedNs
      await readAll(this.#handle, chunk.payloads, chunkOffset(layout, index))
      const { ctimeNs, size } = await this.#handle.stat({ bigint: true })
      if (size !== this.stats.size) throw changed()
      if (ctimeNs === before) return
      for (const one of held) if (!(await this.#stillHolds(layout, one))) throw changed()
      // Read before or after the change, or half and half: once more.
      this.#changedNs = ctimeNs
    }
    throw changed()
  }

  async #stillHolds(layout: Layout, chunk: Chunk): Promise<boolean> {
    const { firstBlock, packets } = chunk
    const wanted = packets.map((packet) => packet.subarray(HEADER_BYTES))
    const found = wanted.map(({ length }) => Buffer.allocUnsafe(length))
    await readAll(this.#handle, found, (firstBlock - 1) * layout.blockSize)
    return found.every((bytes, i) => bytes.equals(wanted[i]!))
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    if (this.#owned) quietly(() => this.#handle.close())
  }
}
