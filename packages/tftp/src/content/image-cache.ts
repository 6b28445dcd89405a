import { ChunkSource } from '../session/chunk-source.ts'
import {
  emptyChunk,
  layoutOf,
  reusedChunk,
  type Chunk,
  type EmptyChunk,
  type Layout,
} from '../session/chunk.ts'
import type { Rollover } from '../session/sequence.ts'
import type { Source } from '../session/source.ts'
import type { OpenFile } from './open-file.ts'

/** What an object for one packet costs besides its bytes, about. */
const PACKET_OVERHEAD_BYTES = 100
/** A file that takes more than this share of the cache is read by each transfer itself. */
const MAX_SHARE = 0.5
/** Clocks of file systems tick every 1 to 10 ms: what changed so recently may change again within the same tick. */
const SETTLED_MS = 100

/** One file at one block size: DATA k is the same for every client. */
interface Image {
  readonly key: string
  readonly layout: Layout
  file: OpenFile | undefined
  users: number
  readonly chunks: Map<number, Chunk>
  readonly loading: Map<number, Promise<Chunk>>
}

/** How a file is to be cut, and when its buffers may be filled anew. */
export interface Cut {
  readonly blockSize: number
  readonly rollover: Rollover
  /** False while the kernel still has datagrams to take. */
  readonly isIdle: () => boolean
}

const costOf = (chunk: Chunk): number =>
  chunk.bytes.length + chunk.packets.length * PACKET_OVERHEAD_BYTES

/** A transfer's own chunks: three buffers that take turns. */
const ownSource = (file: OpenFile, { blockSize, rollover, isIdle }: Cut): Source => {
  const layout = layoutOf(file.size, blockSize, rollover)
  let held: readonly EmptyChunk[] = []
  const load = async (index: number, spare: Chunk | undefined): Promise<Chunk> => {
    const free = isIdle() ? held.find((chunk) => chunk === spare) : undefined
    held = held.filter((chunk) => chunk !== free)
    const chunk = (free && reusedChunk(layout, index, free)) ?? emptyChunk(layout, index)
    await file.fill(layout, index, chunk, held)
    held = [...held.slice(-2), chunk]
    return chunk
  }
  return new ChunkSource(layout, load, () => file.close())
}

/**
 * Ready packets, shared by all transfers of the same file and block size.
 *
 * A file is known by device, inode, size, modification and change time: what replaces it is another file, also where
 * it is as long and as old, and a transfer under way keeps reading the old one through its open descriptor, one for
 * all of them.
 */
export class ImageCache {
  readonly #budgetBytes: number
  readonly #images = new Map<string, Image>()
  /** Least recently used first. */
  readonly #recent = new Map<Chunk, { readonly image: Image; readonly index: number }>()
  #bytes = 0
  #unsettled = 0

  constructor(budgetBytes: number) {
    this.#budgetBytes = budgetBytes
  }

  /** Bytes of ready packets held now. */
  get bytes(): number {
    return this.#bytes
  }

  /** A source of `file`, which is closed when nobody needs it any more. */
  open(file: OpenFile, cut: Cut): Source {
    // A sequential read through a cache that is too small never hits: it only pays. A file of somebody else's may be
    // closed when that transfer is over, so that no other may depend on it.
    if (!file.owned || file.size > this.#budgetBytes * MAX_SHARE) return ownSource(file, cut)
    const key = this.#keyOf(file, cut)
    const image = this.#images.get(key) ?? this.#create(key, file, cut)
    if (image.file) file.close()
    else image.file = file
    image.users++
    return new ChunkSource(
      image.layout,
      (index) => this.#chunk(image, index),
      () => this.#release(image),
    )
  }

  #keyOf({ stats }: OpenFile, { blockSize, rollover }: Cut): string {
    const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = stats
    const key = [dev, ino, size, mtimeNs, ctimeNs, blockSize, rollover]
    // Nobody else can be sure to mean the same bytes.
    if (Math.abs(Date.now() - Number(ctimeMs)) < SETTLED_MS) key.push(++this.#unsettled)
    return key.join(':')
  }

  #create(key: string, file: OpenFile, { blockSize, rollover }: Cut): Image {
    const layout = layoutOf(file.size, blockSize, rollover)
    const image: Image = {
      key,
      layout,
      file: undefined,
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
    const { file, layout, chunks } = image
    if (!file) throw new Error('an image without a file has no users')
    const { payloads, ...chunk } = emptyChunk(layout, index)
    await file.fill(layout, index, { ...chunk, payloads }, [...chunks.values()])
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
    image.file?.close()
    image.file = undefined
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
