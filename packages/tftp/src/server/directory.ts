import { realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'

import {
  openFolderBeneath,
  openRegularFileBeneath,
  spelledBeneath,
} from '@bootwire-internal/regular-file'

import type { Endpoint } from '../channels.ts'
import { ErrorCode } from '../codec/opcodes.ts'
import { textOf } from '../codec/text.ts'
import {
  refuse,
  type Refusal,
  type TftpHandlers,
  type TftpRequest,
  type WriteHandler,
} from './handlers.ts'
import { remap, segmentsOf, withoutTrailingFf, type RemapRule } from './names.ts'
import { storeAt } from './store.ts'

/** What clients may write. Nothing without it. */
export interface WritePolicy {
  /** Files that do not exist yet. Default: false. */
  readonly create?: boolean
  /** Files that exist. Default: false. */
  readonly overwrite?: boolean
  /** Only these names, below the root, with `/`. Default: any name. */
  readonly list?: readonly string[]
  /** Largest file, in bytes. Default: 67,108,864. */
  readonly maxBytes?: number
}

/** Options of {@link directory}. */
export interface DirectoryOptions {
  /** The folder that is served. */
  readonly root: string
  /** Upper and lower case are equal, as Windows' boot manager expects. Default: false. */
  readonly ignoreCase?: boolean
  /** Rewrites names before they are looked up. Default: none. */
  readonly remap?: readonly RemapRule[]
  /**
   * A folder of its own below the root for each client, where that folder exists: named after the client's
   * address (`true`) or by a function. Default: false.
   */
  readonly clientFolders?: boolean | ((remote: Endpoint) => string | undefined)
  /** Trailing 0xFF bytes of a name are no part of it (Intel's Boot Agent). Default: false. */
  readonly trimFf?: boolean
  /** Default: read-only. */
  readonly write?: WritePolicy
}

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024

const isRefusal = (value: readonly string[] | Refusal): value is Refusal => 'refused' in value

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isDirectory(),
    () => false, // no folder of that name, whatever the reason
  )

/** Finds what a request means: the root it is looked up in and the parts of its name. */
const lookup = (options: DirectoryOptions) => {
  const { root, clientFolders = false, trimFf = false, ignoreCase = false } = options
  const rules = options.remap ?? []
  const folderOf =
    typeof clientFolders === 'function'
      ? clientFolders
      : (remote: Endpoint) => remote.address.replaceAll(':', '-')

  const rootFor = async (remote: Endpoint): Promise<string> => {
    const real = await realpath(root)
    const folder = clientFolders === false ? undefined : folderOf(remote)
    const segments = folder === undefined ? [] : segmentsOf(folder, process.platform === 'win32')
    if (isRefusal(segments) || segments.length === 0) return real
    const own = join(real, ...segments)
    return (await isFolder(own)) ? realpath(own) : real
  }

  return async (
    request: TftpRequest,
  ): Promise<Refusal | { root: string; segments: readonly string[] }> => {
    const asked = trimFf ? textOf(withoutTrailingFf(request.rawName)) : request.filename
    const segments = segmentsOf(remap(asked, rules), process.platform === 'win32')
    if (isRefusal(segments)) return segments
    const base = await rootFor(request.remote)
    return { root: base, segments: ignoreCase ? await spelledBeneath(base, segments) : segments }
  }
}

const writer = (find: ReturnType<typeof lookup>, policy: WritePolicy): WriteHandler => {
  const { create = false, overwrite = false, list, maxBytes = DEFAULT_MAX_BYTES } = policy
  const locked = new Set<string>()
  return async (request) => {
    const found = await find(request)
    if ('refused' in found) return found
    const { root, segments } = found
    const name = segments.join('/')
    if (list && !list.includes(name))
      return refuse(ErrorCode.ACCESS_VIOLATION, 'this file may not be written')
    if ((request.size ?? 0) > maxBytes)
      return refuse(ErrorCode.DISK_FULL, `at most ${maxBytes} bytes are taken`)
    const lock = join(root, ...segments)
    if (locked.has(lock)) return refuse(ErrorCode.ACCESS_VIOLATION, 'this file is being written')
    locked.add(lock)
    const unlock = () => void locked.delete(lock)
    try {
      const exists = await stat(lock).then(
        () => true,
        () => false, // not there, or not to be seen: creating it will tell
      )
      if (exists && !overwrite) {
        return give(unlock, refuse(ErrorCode.FILE_EXISTS, 'file already exists'))
      }
      if (!exists && !create)
        return give(unlock, refuse(ErrorCode.FILE_NOT_FOUND, 'file not found'))
      const { handle, path } = await openFolderBeneath(root, segments.slice(0, -1))
      try {
        const place = { folder: handle, path, name: segments.at(-1)! }
        return await storeAt(place, { overwrite, maxBytes, onClose: unlock })
      } catch (error) {
        await handle.close()
        throw error
      }
    } catch (error) {
      unlock()
      throw error
    }
  }
}

const give = <T>(before: () => void, value: T): T => {
  before()
  return value
}

/**
 * Handlers that serve a folder: regular files only, nothing outside of the root by any spelling or link, and
 * read-only unless `write` says otherwise.
 */
export const directory = (options: DirectoryOptions): TftpHandlers => {
  const find = lookup(options)
  return {
    read: async (request) => {
      const found = await find(request)
      if ('refused' in found) return found
      const { handle } = await openRegularFileBeneath(found.root, found.segments, 'beneath')
      return { file: handle }
    },
    ...(options.write ? { write: writer(find, options.write) } : {}),
  }
}
