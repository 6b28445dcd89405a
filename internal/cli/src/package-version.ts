import { readFileSync } from 'node:fs'

/** The version in the manifest of the package that the module at `url` belongs to, as a source or as a build. */
export const packageVersion = (url: string): string => {
  for (let folder = new URL('.', url); ; folder = new URL('..', folder)) {
    try {
      const manifest: unknown = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'))
      if (typeof manifest === 'object' && manifest !== null && 'version' in manifest)
        return String(manifest.version)
    } catch {
      // There is no manifest in this folder: the one above may have it.
    }
    if (folder.pathname === '/' || /^\/[A-Za-z]:\/$/.test(folder.pathname)) return 'unknown'
  }
}
