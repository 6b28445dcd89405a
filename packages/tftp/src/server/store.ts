import { randomUUID } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { link, lstat, open, rename, unlink, type FileHandle } from 'node:fs/promises'

import type { UploadSink } from '../content/answers.ts'
import { quietly } from '../content/pieces.ts'
import { pathOf, type DiskName } from './names.ts'

/** A folder that is held open, and a name in it. */
export interface Place {
  readonly handle: FileHandle
  /** A path that leads to the folder however it is moved. */
  readonly path: DiskName
  readonly name: DiskName
}

/** What to do with a file of that name. */
export interface StorePolicy {
  readonly overwrite: boolean
  readonly maxBytes: number
  readonly onClose: () => void
}

const ignore = () => {}

/** What stands at the target; refuses what no upload may replace: a folder, a link, a device. */
const checkTarget = async (path: DiskName, overwrite: boolean): Promise<Stats | undefined> => {
  const stats = await lstat(pathOf(path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!stats) return undefined
  if (!stats.isFile()) throw Object.assign(new Error('not a regular file'), { code: 'EACCES' })
  if (!overwrite) throw Object.assign(new Error('it exists'), { code: 'EEXIST' })
  return stats
}

/** Writes `bytes` behind what is being written already. */
const writeAll = async (
  before: Promise<unknown>,
  handle: FileHandle,
  bytes: Uint8Array,
): Promise<void> => {
  await before
  for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at)).bytesWritten
}

/** The new file belongs to whom the old one did, and may be read by whom it might. */
const takeAfter = async (handle: FileHandle, old: Stats): Promise<void> => {
  // Not ours to give away unless we are root.
  await handle.chown(old.uid, old.gid).catch(ignore)
  await handle.chmod(old.mode & 0o7777)
}

/**
 * Writes to a temporary file beside the target, which takes its name when all is there and on disk.
 *
 * Readers of the old file keep reading it; the new one has its mode and owner. Without `overwrite` a hard link makes
 * the name, which fails when somebody else was faster.
 */
export const storeAt = async (place: Place, policy: StorePolicy): Promise<UploadSink> => {
  const { handle: folder, path, name } = place
  const target = `${path}/${name}`
  const temporary = `${path}/.${randomUUID()}.part`
  const opened = async () => {
    const old = await checkTarget(target, policy.overwrite)
    const flags =
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)
    return { old, handle: await open(pathOf(temporary), flags, 0o644) }
  }
  const { old, handle } = await opened().catch((error: unknown) => {
    quietly(() => folder.close())
    throw error
  })
  let writing: Promise<unknown> = Promise.resolve()
  let over = false

  const close = async (action: () => Promise<void>) => {
    over = true
    try {
      await writing
      await action()
    } finally {
      await handle.close().catch(ignore)
      await unlink(pathOf(temporary)).catch(ignore) // it is gone already where it was renamed
      await folder.close().catch(ignore)
      policy.onClose()
    }
  }

  const keep = async () => {
    if (old) await takeAfter(handle, old)
    // The last ACK is a promise that outlives a power cut.
    await handle.sync()
    if (policy.overwrite) await rename(pathOf(temporary), pathOf(target))
    else await link(pathOf(temporary), pathOf(target))
    // Not every file system can do that to a folder.
    await folder.sync().catch(ignore)
  }

  return {
    maxBytes: policy.maxBytes,
    write: (bytes) => {
      const written = writeAll(writing, handle, bytes)
      // The failure is reported through `written`; the chain itself must not reject unheard.
      writing = written.catch(ignore)
      return written
    },
    end: () => close(keep),
    abort: () => {
      if (!over) quietly(() => close(() => Promise.resolve()))
    },
  }
}
