import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { link, lstat, open, rename, unlink, type FileHandle } from 'node:fs/promises'

import type { UploadSink } from './handlers.ts'

/** A folder that is held open, and a name in it. */
export interface Place {
  readonly folder: FileHandle
  /** A path that leads to the folder however it is moved. */
  readonly path: string
  readonly name: string
}

/** What to do with a file of that name. */
export interface StorePolicy {
  readonly overwrite: boolean
  readonly maxBytes: number
  readonly onClose: () => void
}

const ignore = () => {}

/** Refuses what no upload may replace: a folder, a link, a device. */
const checkTarget = async (path: string, overwrite: boolean): Promise<void> => {
  const stats = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!stats) return
  if (!stats.isFile()) throw Object.assign(new Error('not a regular file'), { code: 'EACCES' })
  if (!overwrite) throw Object.assign(new Error('it exists'), { code: 'EEXIST' })
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

/**
 * Writes to a temporary file beside the target, which takes its name when all is there.
 *
 * Readers of the old file keep reading it. Without `overwrite` a hard link makes the name, which fails when
 * somebody else was faster.
 */
export const storeAt = async (
  { folder, path, name }: Place,
  policy: StorePolicy,
): Promise<UploadSink> => {
  const target = `${path}/${name}`
  const temporary = `${path}/.${randomUUID()}.part`
  await checkTarget(target, policy.overwrite)
  const flags =
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)
  const handle = await open(temporary, flags, 0o644)
  let writing: Promise<unknown> = Promise.resolve()
  let over = false
  const finish = async (action: () => Promise<void>) => {
    over = true
    try {
      await writing
      await handle.close()
      await action()
    } finally {
      await unlink(temporary).catch(ignore) // it is gone already where it was renamed
      await folder.close()
      policy.onClose()
    }
  }
  return {
    maxBytes: policy.maxBytes,
    write: (bytes) => {
      const written = writeAll(writing, handle, bytes)
      // The failure is reported through `written`; the chain itself must not reject unheard.
      writing = written.catch(ignore)
      return written
    },
    end: () =>
      finish(async () => {
        if (policy.overwrite) await rename(temporary, target)
        else await link(temporary, target)
      }),
    abort: () => {
      if (!over) finish(() => Promise.resolve()).catch(ignore)
    },
  }
}
