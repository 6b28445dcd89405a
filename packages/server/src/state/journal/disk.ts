import { open, rename, rm } from 'node:fs/promises'

/** What a journal needs of a file. */
export interface DiskFile {
  readonly size: number
  read(buffer: Buffer, position: number): Promise<number>
  /** Writes all of it, or fails. */
  write(bytes: Buffer, position: number): Promise<void>
  truncate(size: number): Promise<void>
  /** Resolves when what was written would survive a loss of power. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** What a journal needs of a file system; a test puts another in its place to make it fail. */
export interface Disk {
  /** @throws `ENOENT` where it is not there and `create` is false */
  open(path: string, create: boolean): Promise<DiskFile>
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  /** Makes names in a folder survive a loss of power. */
  syncFolder(folder: string): Promise<void>
}

export const DISK: Disk = {
  async open(path, create) {
    const handle = await open(path, create ? 'w+' : 'r+', 0o640)
    const { size } = await handle.stat()
    return {
      size,
      read: async (buffer, position) =>
        (await handle.read(buffer, 0, buffer.length, position)).bytesRead,
      write: async (bytes, position) => {
        for (let done = 0; done < bytes.length;) {
          // oxlint-disable-next-line no-await-in-loop -- the rest of a short write
          const { bytesWritten } = await handle.write(
            bytes,
            done,
            bytes.length - done,
            position + done,
          )
          done += bytesWritten
        }
      },
      truncate: (to) => handle.truncate(to),
      sync: () => handle.datasync(),
      close: () => handle.close(),
    }
  },
  rename,
  remove: (path) => rm(path, { force: true }),
  async syncFolder(folder) {
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
}
