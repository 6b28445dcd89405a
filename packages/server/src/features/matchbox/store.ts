import { statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { openRegularFileBeneath } from '@bootwire-internal/regular-file'

import { messageOf, ServerError } from '../../model/errors.ts'
import { parseGroup, parseProfile, type Group, type Profile } from './records.ts'

/** Largest file of the data folder that is read: what gRPC lets in as one message. */
const MAX_FILE_BYTES = 4 * 1024 * 1024

export type Folder = 'groups' | 'profiles' | 'ignition' | 'generic' | 'cloud'

/** Groups that are looked at together. */
const AT_ONCE = 64
/** A file that changed so short a time ago may change again and look the same. */
const SETTLED_MS = 1000

/** A group as it was read, and how its file looked then. */
interface Kept {
  /** Undefined: it may look the same and be another. */
  readonly looks: string | undefined
  readonly group?: Group
  readonly why?: string
}

/** Asked synchronously: ten thousand groups would keep the thread pool busy for a second. */
const looksOf = (path: string): string | undefined => {
  const { ino, dev, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true })
  const isSettled = BigInt(Date.now() - SETTLED_MS) * 1_000_000n > ctimeNs
  return isSettled ? [dev, ino, size, mtimeNs, ctimeNs].join(' ') : undefined
}

/**
 * The data folder of a matchbox. As there, every request sees each file as it is now; a group is read again only where its
 * file looks different, since a folder may have thousands.
 */
export class Store {
  readonly #root: string
  readonly #onSkipped: (file: string, why: string) => void
  #kept: ReadonlyMap<string, Kept> = new Map()

  constructor(root: string, onSkipped: (file: string, why: string) => void) {
    this.#root = root
    this.#onSkipped = onSkipped
  }

  /**
   * A file by its name, which may have folders in it; links are followed while they stay below the folder.
   * @throws where it is not there, leads outside or is too large
   */
  async read(folder: Folder, name: string): Promise<Buffer> {
    const segments = name.split('/').filter((part) => part !== '' && part !== '.')
    if (segments.length === 0)
      throw new ServerError('ERR_SERVER_DATA', `${folder}: no name is given`)
    const path = [folder, ...segments]
    const { handle, stats } = await openRegularFileBeneath(this.#root, path, 'beneath')
    try {
      if (stats.size > MAX_FILE_BYTES)
        throw new ServerError(
          'ERR_SERVER_DATA',
          `${path.join('/')} has ${stats.size} bytes; at most ${MAX_FILE_BYTES} are allowed`,
        )
      return await handle.readFile()
    } finally {
      await handle.close()
    }
  }

  async profile(id: string): Promise<Profile> {
    return parseProfile((await this.read('profiles', `${id}.json`)).toString('utf8'))
  }

  async #groupAt(file: string, before: Kept | undefined): Promise<Kept> {
    let looks: string | undefined
    try {
      looks = looksOf(join(this.#root, 'groups', file))
      if (looks !== undefined && before?.looks === looks) return before
      return { looks, group: parseGroup((await this.read('groups', file)).toString('utf8')) }
    } catch (error) {
      const why = messageOf(error)
      if (before?.why !== why) this.#onSkipped(`groups/${file}`, why)
      return { looks, why }
    }
  }

  /** All groups that can be read; the others are told, once while nothing changes. */
  async groups(): Promise<readonly Group[]> {
    const names = await readdir(join(this.#root, 'groups'))
    // Whatever ends otherwise is looked for as ID.json, too: `a.yaml` beside `a.json` lists that group twice.
    const files = names.map((name) => `${name.replace(/\.[^.]*$/, '')}.json`)
    const kept = new Map<string, Kept>()
    const found: Group[] = []
    for (let i = 0; i < files.length; i += AT_ONCE) {
      const some = files.slice(i, i + AT_ONCE)
      // oxlint-disable-next-line no-await-in-loop -- so many open files at once, and no more
      const read = await Promise.all(some.map((file) => this.#groupAt(file, this.#kept.get(file))))
      for (const [j, one] of read.entries()) {
        kept.set(some[j] ?? '', one)
        if (one.group) found.push(one.group)
      }
    }
    this.#kept = kept
    return found
  }
}
