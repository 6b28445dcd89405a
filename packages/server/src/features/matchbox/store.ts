import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { openRegularFileBeneath } from '@bootwire-internal/regular-file'

import { messageOf, ServerError } from '../../model/errors.ts'
import { parseGroup, parseProfile, type Group, type Profile } from './records.ts'

/** Largest file of the data folder that is read: what gRPC lets in as one message. */
const MAX_FILE_BYTES = 4 * 1024 * 1024

export type Folder = 'groups' | 'profiles' | 'ignition' | 'generic' | 'cloud'

/** Reads the data folder of a matchbox, afresh for every request as matchbox does: nothing is kept, nothing reloaded. */
export class Store {
  readonly #root: string
  readonly #onSkipped: (file: string, why: string) => void

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

  /** All groups that can be read; the others are told. */
  async groups(): Promise<readonly Group[]> {
    const names = await readdir(join(this.#root, 'groups'))
    const found: Group[] = []
    for (const name of names) {
      // Whatever ends otherwise is looked for as ID.json, too: `a.yaml` beside `a.json` lists that group twice.
      const file = `${name.replace(/\.[^.]*$/, '')}.json`
      try {
        // oxlint-disable-next-line no-await-in-loop -- one open file a request, however many groups there are
        found.push(parseGroup((await this.read('groups', file)).toString('utf8')))
      } catch (error) {
        this.#onSkipped(`groups/${file}`, messageOf(error))
      }
    }
    return found
  }
}
