import { readdir } from 'node:fs/promises'

import { openImage, type ByteSource, type IsoImage } from '@bootwire-internal/iso9660'
import { FileRefusedError, openRegularFileBeneath } from '@bootwire-internal/regular-file'

import { versionOf } from '../../http/parts.ts'

/** Images whose directories are remembered; each has bounds of its own. */
const MAX_REMEMBERED = 16

/** An image of the folder, as it is now. */
export interface LibraryImage {
  readonly image: IsoImage
  /** Of the file: other bytes have another one. */
  readonly version: string
  readonly sizeBytes: number
}

/** The file may be replaced at any time: it is opened for each look into a directory, and must still be the same. */
const sourceOf = (root: string, name: string, version: string, sizeBytes: number): ByteSource => ({
  sizeBytes,
  read: async (offset, length) => {
    const { handle, stats } = await openRegularFileBeneath(root, [name], 'follow')
    try {
      if (versionOf(stats) !== version) throw new Error(`${name} was replaced while it was read`)
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset)
      return buffer.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  },
})

const isAbsent = (error: unknown): boolean =>
  error instanceof FileRefusedError ||
  (error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code)))

/** The ISO files of a folder. */
export class ImageLibrary {
  readonly root: string
  readonly #remembered = new Map<string, LibraryImage>()

  constructor(root: string) {
    this.root = root
  }

  /** Names of files that end in `.iso`, in order. */
  async names(): Promise<readonly string[]> {
    const entries = await readdir(this.root)
    return entries.filter((name) => /^[^.].*\.iso$/i.test(name)).toSorted()
  }

  /**
   * An image; undefined: there is no such file.
   * @throws {Iso9660Error} where the file is no image, or a broken one
   */
  async open(name: string): Promise<LibraryImage | undefined> {
    const state = await this.#stateOf(name)
    if (!state) return undefined
    const known = this.#remembered.get(name)
    this.#remembered.delete(name)
    const image =
      known?.version === state.version
        ? known
        : {
            ...state,
            image: await openImage(sourceOf(this.root, name, state.version, state.sizeBytes)),
          }
    this.#remembered.set(name, image)
    for (const oldest of this.#remembered.keys()) {
      if (this.#remembered.size <= MAX_REMEMBERED) break
      this.#remembered.delete(oldest)
    }
    return image
  }

  async #stateOf(name: string): Promise<Omit<LibraryImage, 'image'> | undefined> {
    try {
      const { handle, stats } = await openRegularFileBeneath(this.root, [name], 'follow')
      await handle.close()
      return { version: versionOf(stats), sizeBytes: Number(stats.size) }
    } catch (error) {
      if (isAbsent(error)) return undefined
      throw error
    }
  }
}
