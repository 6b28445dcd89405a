import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { DISK, type Disk, type DiskFile } from '../src/state/journal/disk.ts'

/**
 * A disk that keeps in mind what would be left of it if power failed now: bytes that were synced, under names that were
 * synced. It can stop at any call, as a process that is killed there.
 */
export class LossyDisk implements Disk {
  readonly #files = new Map<string, { durable: Buffer }>()
  readonly #handles = new Set<DiskFile>()
  #names = new Map<string, string>()
  #calls = 0
  #opened = 0
  /** The call at which everything stops for good. */
  stopAt = Number.POSITIVE_INFINITY

  async #step<T>(work: () => Promise<T>): Promise<T> {
    if (++this.#calls >= this.stopAt) return new Promise<T>(() => {})
    return work()
  }

  open(path: string, create: boolean): Promise<DiskFile> {
    return this.#step(async () => {
      const file = await DISK.open(path, create)
      this.#handles.add(file)
      const key = `file ${++this.#opened}`
      const kept = { durable: create ? Buffer.alloc(0) : readFileSync(path) }
      this.#files.set(key, kept)
      const name = basename(path)
      if (create) this.#pending.set(name, key)
      else this.#names.set(name, key)
      let where = path
      this.#moved.push((from, to) => {
        if (where === from) where = to
      })
      return {
        size: file.size,
        read: (buffer, position) => file.read(buffer, position),
        write: (bytes, position) => this.#step(() => file.write(bytes, position)),
        truncate: (size) => this.#step(() => file.truncate(size)),
        sync: () =>
          this.#step(async () => {
            await file.sync()
            kept.durable = readFileSync(where)
          }),
        close: () => {
          this.#handles.delete(file)
          return file.close()
        },
      }
    })
  }

  /** Names as they are, and will be durable with the folder. */
  readonly #pending = new Map<string, string>()
  readonly #moved: ((from: string, to: string) => void)[] = []

  rename(from: string, to: string): Promise<void> {
    return this.#step(async () => {
      await DISK.rename(from, to)
      const key = this.#pending.get(basename(from))
      if (key !== undefined) this.#pending.set(basename(to), key)
      this.#pending.delete(basename(from))
      for (const moved of this.#moved) moved(from, to)
    })
  }

  remove(path: string): Promise<void> {
    return this.#step(() => DISK.remove(path))
  }

  syncFolder(folder: string): Promise<void> {
    return this.#step(async () => {
      await DISK.syncFolder(folder)
      this.#names = new Map([...this.#names, ...this.#pending])
    })
  }

  /** Gives the files back that a process which stopped there left open. */
  async close(): Promise<void> {
    for (const file of this.#handles) await file.close()
    this.#handles.clear()
  }

  /** Writes what is left after the loss of power into another folder. */
  leaveIn(folder: string): void {
    for (const [name, key] of this.#names)
      writeFileSync(join(folder, name), this.#files.get(key)!.durable)
  }
}
