import { dirname } from 'node:path'

import { StateError } from '../state-error.ts'
import type { Disk, DiskFile } from './disk.ts'
import { encodeFrame, FORMAT_VERSION, HEADER, isTorn, MAX_FRAME_BYTES, readFrame } from './frame.ts'

const READ_BYTES = 512 * 1024

/** Lets what waits have its turn. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const damaged = (path: string, position: number): StateError =>
  new StateError(
    'BW-STATE-DAMAGED',
    `${path} is damaged at byte ${position}, before its end; put a copy of it back, for without it every machine is unknown and may be installed again`,
  )

const checkHeader = (path: string, bytes: Buffer): void => {
  if (bytes.subarray(0, HEADER.length).equals(HEADER)) return
  const [, version] = /^bootwire-state (\d{1,6})\n/.exec(bytes.toString('latin1', 0, 32)) ?? []
  if (version === undefined || Number(version) === FORMAT_VERSION) throw damaged(path, 0)
  throw new StateError(
    'BW-STATE-VERSION',
    `${path} is of version ${version} of the state, and this Bootwire reads version ${FORMAT_VERSION}; run the Bootwire that wrote it`,
  )
}

/** What was cut from the end of a journal: a write that a crash interrupted, and that nobody was told of. */
export interface Cut {
  readonly bytes: Buffer
  readonly position: number
}

/** An append-only file of frames. */
export class JournalFile {
  readonly #disk: Disk
  readonly #path: string
  readonly #file: DiskFile
  /** Where the next frame goes: all before it is on disk. */
  #end: number
  /** Bytes beyond the end may be in the file. */
  #dirtyTail = false

  private constructor(disk: Disk, path: string, file: DiskFile, end: number) {
    this.#disk = disk
    this.#path = path
    this.#file = file
    this.#end = end
  }

  get bytes(): number {
    return this.#end
  }

  /** A new file, empty but for its header, which is not on disk before the first {@link append}. */
  static async create(disk: Disk, path: string): Promise<JournalFile> {
    const file = await disk.open(path, true)
    try {
      await file.write(HEADER, 0)
    } catch (error) {
      await file.close()
      throw error
    }
    return new JournalFile(disk, path, file, HEADER.length)
  }

  /**
   * Opens a file and hands each frame's text to `take`, with pauses. What a crash left of the last write is cut.
   * @throws {StateError} `BW-STATE-DAMAGED`, `BW-STATE-VERSION`
   */
  static async open(
    disk: Disk,
    path: string,
    take: (text: string) => Promise<void>,
  ): Promise<{ readonly journal: JournalFile; readonly cut?: Cut }> {
    const file = await disk.open(path, false)
    try {
      const { end, cut } = await readAll(file, path, take)
      const journal = new JournalFile(disk, path, file, end)
      return { journal, ...(cut && { cut }) }
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** Removes what {@link open} cut, once it is kept elsewhere. */
  async removeCut(): Promise<void> {
    await this.#file.truncate(this.#end)
    await this.#file.sync()
  }

  /** Writes a frame; resolves when it is on disk. When that fails nothing of it is in the journal, or `isLost`. */
  async append(text: string, sync = true): Promise<void> {
    const frame = encodeFrame(text)
    if (this.#dirtyTail) await this.#file.truncate(this.#end)
    this.#dirtyTail = true
    await this.#file.write(frame, this.#end)
    if (sync) await this.sync()
    this.#dirtyTail = false
    this.#end += frame.length
  }

  /**
   * The kernel may forget what it failed to write, and say so only once: after a failed sync this file is not to be
   * trusted, and is written anew.
   */
  isLost = false

  async sync(): Promise<void> {
    try {
      await this.#file.sync()
    } catch (error) {
      this.isLost = true
      throw error
    }
  }

  /** Puts this file in the place of another, for good. */
  async moveTo(path: string): Promise<void> {
    await this.sync()
    await this.#disk.rename(this.#path, path)
    await this.#disk.syncFolder(dirname(path))
  }

  close(): Promise<void> {
    return this.#file.close()
  }
}

const readAll = async (
  file: DiskFile,
  path: string,
  take: (text: string) => Promise<void>,
): Promise<{ readonly end: number; readonly cut?: Cut }> => {
  let bytes: Buffer = Buffer.alloc(0)
  /** Where in the file `bytes` begins, and how far it was read. */
  let start = 0
  let position = 0
  const more = async (atLeast: number): Promise<boolean> => {
    const chunk = Buffer.allocUnsafe(Math.max(READ_BYTES, Math.min(atLeast, MAX_FRAME_BYTES)))
    const got = await file.read(chunk, position)
    position += got
    bytes = Buffer.concat([bytes, chunk.subarray(0, got)])
    return got > 0
  }
  await more(HEADER.length)
  checkHeader(path, bytes)
  let at = HEADER.length
  for (;;) {
    const read = readFrame(bytes, at)
    if (read.kind === 'frame') {
      at += read.bytes
      // oxlint-disable-next-line no-await-in-loop -- one after the other, in pieces
      await take(read.text)
      continue
    }
    bytes = bytes.subarray(at)
    start += at
    at = 0
    // oxlint-disable-next-line no-await-in-loop -- as above
    if (read.kind === 'short' && (await more(read.bytes))) continue
    if (bytes.length === 0) return { end: start }
    // oxlint-disable-next-line no-await-in-loop -- all that is left, to see what it is
    while (await more(READ_BYTES));
    if (!isTorn(bytes, start)) throw damaged(path, start)
    return { end: start, cut: { bytes, position: start } }
  }
}
