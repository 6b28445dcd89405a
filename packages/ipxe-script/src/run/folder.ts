import { readFile } from 'node:fs/promises'
import { resolve, sep } from 'node:path'

import type { Fetch } from './network.ts'

/**
 * Serves the files below a folder, whatever the scheme and the host: `http://any/a/b.ipxe` is `FOLDER/a/b.ipxe`.
 * Nothing outside the folder is read.
 */
export const folder = (root: string): Fetch => {
  const top = resolve(root)
  return async ({ uri }) => {
    const path = /^[a-z][a-z0-9+.-]*:\/\/[^/]*(\/[^?#]*)/i.exec(uri)?.[1]
    if (path === undefined) return undefined
    try {
      const file = resolve(top, `.${decodeURIComponent(path)}`)
      return file.startsWith(top + sep) ? await readFile(file) : undefined
    } catch {
      // Not there, a folder, not readable, or no path at all: the server has no such file.
      return undefined
    }
  }
}
