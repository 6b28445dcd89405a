import type { BigIntStats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'

import { TftpError } from '../errors.ts'
import { ChunkSource } from '../session/chunk-source.ts'
import { chunkOffset, emptyChunk, layoutOf, type Chunk, type Layout } from '../session/chunk.ts'
import type { Rollover } from '../session/sequence.ts'
import type { Source } from '../session/source.ts'

/** POSIX lets a `readv` fail with more buffers than this. */
const MAX_BUFFERS = 1024
/** What an object for one packet costs besides its bytes, about. */
const PACKET_OVERHEAD_BYTES = 100

/** One file at one block size: DATA k is the same for every client. */
interface Image {
  readonly key: string
  readonly layout: Layout
  readonly mtimeNs: bigint
  handle: FileHandle | undefined
  users: number
  readonly chunks: Map<number, Chunk>
  readonly loading: Map<number, Promise<Chunk>>
}

const costOf = (chunk: Chunk): number =>
  chunk.bytes.length + chunk.packets.length * PACKET_OVERHEAD_BYTES

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

/**
 * Ready packets, shared by all transfers of the same file and block size.
 *
 * A file is known by device, inode, size and modification time: what replaces it is another file, and a
 * transfer under way keeps reading the old one through its open descriptor, one for all of them.
 */
export class ImageCache {
  readonly #budgetBytes: number
  readonly #images = new Map<string, Image>()
  /** Least recently used first. */
  readonly #recent = new Map<Chunk, { readonly image: Image; readonly index: number }>()
  #bytes = 0

  constructor(budgetBytes: number) {
    this.#budgetBytes = budgetBytes
  }

  /** Bytes of ready packets held now. */
  get bytes(): number {
    return this.#bytes
  }

  /** A source of the file behind `handle`, which the cache closes when nobody needs it any more. */
  open(handle: FileHandle, stats: BigIntStats, blockSize: number, rollover: Rollover): Source {
    const key = [stats.dev, stats.ino, stats.size, stats.mtimeNs, blockSize, rollover].join(':')
    const image = this.#images.get(key) ?? this.#create(key, stats, blockSize, rollover)
    if (image.handle) void handle.close()
    else image.handle = handle
    image.users++
    return new ChunkSource(
      image.layout,
      (index) => this.#chunk(image, index),
      () => this.#release(image),
    )
  }

  #create(key: string, stats: BigIntStats, blockSize: number, rollover: Rollover): Image {
    const layout = layoutOf(Number(stats.size), blockSize, rollover)
    const { mtimeNs } = stats
    const image: Image = {
      key,
      layout,
      mtimeNs,
      handle: undefined,
      users: 0,
      chunks: new Map(),
      loading: new Map(),
    }
    this.#images.set(key, image)
    return image
  }

  #chunk(image: Image, index: number): Chunk | Promise<Chunk> {
    const chunk = image.chunks.get(index)
    if (chunk) {
      const entry = this.#recent.get(chunk)
      if (entry) {
        this.#recent.delete(chunk)
        this.#recent.set(chunk, entry)
      }
      return chunk
    }
    let loading = image.loading.get(index)
    if (!loading) {
      // Reading is a user too: the descriptor stays open for those who wait for the same chunk.
      image.users++
      loading = this.#load(image, index).finally(() => {
        image.loading.delete(index)
        this.#release(image)
      })
      image.loading.set(index, loading)
    }
    return loading
  }

  async #load(image: Image, index: number): Promise<Chunk> {
    const { handle, layout } = image
    if (!handle) throw new TftpError('ERR_TFTP_CLOSED', 'the file is closed already')
    const { chunk, payloads } = emptyChunk(layout, index)
    await readAll(handle, payloads, chunkOffset(layout, index))
    const now = await handle.stat({ bigint: true })
    if (now.mtimeNs !== image.mtimeNs || Number(now.size) !== layout.size) throw changed()
    this.#keep(image, index, chunk)
    return chunk
  }

  #keep(image: Image, index: number, chunk: Chunk): void {
    image.chunks.set(index, chunk)
    this.#recent.set(chunk, { image, index })
    this.#bytes += costOf(chunk)
    for (const [oldest, entry] of this.#recent) {
      if (this.#bytes <= this.#budgetBytes) return
      this.#recent.delete(oldest)
      this.#bytes -= costOf(oldest)
      entry.image.chunks.delete(entry.index)
      this.#forget(entry.image)
    }
  }

  #release(image: Image): void {
    image.users--
    if (image.users > 0) return
    void image.handle?.close()
    image.handle = undefined
    this.#forget(image)
  }

  #forget(image: Image): void {
    if (image.users === 0 && image.chunks.size === 0 && image.loading.size === 0)
      this.#images.delete(image.key)
  }

  /** Drops everything that no transfer holds. */
  clear(): void {
    this.#recent.clear()
    this.#images.clear()
    this.#bytes = 0
  }
}
