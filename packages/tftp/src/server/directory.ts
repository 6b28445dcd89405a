import { realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'

import {
  openFolderBeneath,
  openRegularFileBeneath,
  spelledBeneath,
} from '@bootwire-internal/regular-file'

import type { Endpoint } from '../channels.ts'
import { ErrorCode } from '../codec/opcodes.ts'
import { refuse, type Refusal } from '../content/answers.ts'
import type { TftpHandlers, TftpRequest, WriteHandler } from './handlers.ts'
import {
  diskNameOf,
  diskNameOfBytes,
  pathOf,
  remap,
  segmentsOf,
  SPELLING,
  textOfDiskName,
  withoutTrailingFf,
  type DiskName,
  type RemapRule,
} from './names.ts'
import { refuseIssues, validateDirectory } from './settings.ts'
import { storeAt } from './store.ts'
import { UploadLocks } from './upload-locks.ts'

/** What clients may write. Nothing without it. */
export interface WritePolicy {
  /** Files that do not exist yet. Default: false. */
  readonly create?: boolean | undefined
  /** Files that exist. Default: false. */
  readonly overwrite?: boolean | undefined
  /** Only these names, below the root, with `/`. Default: any name. */
  readonly list?: readonly string[] | undefined
  /** Largest file, in bytes. Default: 67,108,864. */
  readonly maxBytes?: number | undefined
}

/** Options of {@link directory}, and of a server that serves a folder. */
export interface DirectoryOptions {
  /** The folder that is served. */
  readonly root: string
  /** Upper and lower case are equal, as Windows' boot manager expects. Default: false. */
  readonly ignoreCase?: boolean | undefined
  /** Rewrites names before they are looked up. Default: none. */
  readonly remap?: readonly RemapRule[] | undefined
  /**
   * A folder of its own below the root for each client, where that folder exists: named after the client's
   * address (`true`) or by a function. Default: false.
   */
  readonly clientFolders?: boolean | ((peer: Endpoint) => string | undefined) | undefined
  /** Trailing 0xFF bytes of a name are no part of it (Intel's Boot Agent). Default: false. */
  readonly trimFf?: boolean | undefined
  /** Default: read-only. */
  readonly write?: WritePolicy | undefined
}

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024

const isRefusal = (value: readonly DiskName[] | Refusal): value is Refusal => 'refused' in value

const isFolder = (path: DiskName): Promise<boolean> =>
  stat(pathOf(path)).then(
    (stats) => stats.isDirectory(),
    () => false, // no folder of that name, whatever the reason
  )

/** A path without links. */
const realPathOf = (path: DiskName): Promise<DiskName> => realpath(pathOf(path), SPELLING)

const addressFolder = ({ address }: Endpoint): string => address.replaceAll(':', '-')

/** What a request means: the real root and the parts of the name below it. */
interface Found {
  readonly root: DiskName
  readonly segments: readonly DiskName[]
}

/** Finds what a request means. */
const lookup = (options: DirectoryOptions) => {
  const { root, clientFolders = false, trimFf = false, ignoreCase = false } = options
  const rules = options.remap ?? []
  const folderOf = typeof clientFolders === 'function' ? clientFolders : addressFolder

  const rootFor = async (peer: Endpoint): Promise<DiskName> => {
    const real = await realPathOf(diskNameOf(root))
    const folder = clientFolders === false ? undefined : folderOf(peer)
    const segments = folder === undefined ? [] : segmentsOf(diskNameOf(folder))
    if (isRefusal(segments) || segments.length === 0) return real
    const own = join(real, ...segments)
    return (await isFolder(own)) ? realPathOf(own) : real
  }

  /** The name's own bytes, unless a rule gives another name. */
  const nameOf = ({ rawName }: TftpRequest): DiskName => {
    const asked = diskNameOfBytes(trimFf ? withoutTrailingFf(rawName) : rawName)
    const text = textOfDiskName(asked)
    const renamed = remap(text, rules)
    return renamed === text ? asked : diskNameOf(renamed)
  }

  return async (request: TftpRequest): Promise<Refusal | Found> => {
    const segments = segmentsOf(nameOf(request))
    if (isRefusal(segments)) return segments
    const base = await rootFor(request.peer)
    return {
      root: base,
      segments: ignoreCase ? await spelledBeneath(base, segments, SPELLING) : segments,
    }
  }
}

const exists = (path: DiskName): Promise<boolean> =>
  stat(pathOf(path)).then(
    () => true,
    () => false, // not there, or not to be seen: creating it will tell
  )

const writer = (find: ReturnType<typeof lookup>, policy: WritePolicy): WriteHandler => {
  const { create = false, overwrite = false, list, maxBytes = DEFAULT_MAX_BYTES } = policy
  const locks = new UploadLocks()

  /** Why a file may not be written, if so. */
  const refusalOf = async (target: DiskName): Promise<Refusal | undefined> => {
    const isThere = await exists(target)
    if (isThere && !overwrite) return refuse(ErrorCode.FILE_EXISTS, 'file already exists')
    return isThere || create ? undefined : refuse(ErrorCode.FILE_NOT_FOUND, 'file not found')
  }

  return async (request) => {
    const found = await find(request)
    if ('refused' in found) return found
    const { root, segments } = found
    if (list && !list.includes(textOfDiskName(segments.join('/'))))
      return refuse(ErrorCode.ACCESS_VIOLATION, 'this file may not be written')
    if ((request.size ?? 0) > maxBytes)
      return refuse(ErrorCode.DISK_FULL, `at most ${maxBytes} bytes are taken`)
    const target = join(root, ...segments)
    const lock = locks.take(target, request.peer.address)
    if (!lock) return refuse(ErrorCode.ACCESS_VIOLATION, 'this file is being written')
    try {
      const refusal = await refusalOf(target)
      if (refusal) {
        lock.release()
        return refusal
      }
      const folder = await openFolderBeneath(root, segments.slice(0, -1), SPELLING)
      const sink = await storeAt(
        { ...folder, name: segments.at(-1)! },
        { overwrite, maxBytes, onClose: () => lock.release() },
      )
      return lock.guard(sink)
    } catch (error) {
      lock.release()
      throw error
    }
  }
}

/**
 * Handlers that serve a folder: regular files only, nothing outside of the root by any spelling or link, and
 * read-only unless `write` says otherwise.
 *
 * @throws {TftpError} `ERR_TFTP_INVALID_ARGUMENT` for an option that is wrong, and where there is no such folder
 */
export const directory = (options: DirectoryOptions): TftpHandlers => {
  refuseIssues(validateDirectory(options))
  const find = lookup(options)
  return {
    read: async (request) => {
      const found = await find(request)
      if ('refused' in found) return found
      const { root, segments } = found
      const { handle } = await openRegularFileBeneath(root, segments, 'beneath', SPELLING)
      return { handle, close: true }
    },
    ...(options.write ? { write: writer(find, options.write) } : {}),
  }
}
