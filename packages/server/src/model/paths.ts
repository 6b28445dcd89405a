/** True for `http://…` and the like, false for a path below the assets. */
export const isUrl = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(text)

/**
 * A path as machines ask for it, made relative to the assets folder, or undefined when it leaves it.
 *
 * Doubled slashes count as one: shim asks for `//grubx64.efi` and follows no redirect. Backslashes are what some
 * firmware writes instead of slashes.
 */
export const assetPath = (asked: string): string | undefined => {
  if (asked.includes('\0')) return undefined
  const parts = asked
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
  if (parts.includes('..') || parts.length === 0) return undefined
  return parts.join('/')
}

/** What installers look for in a tree, though its name begins with a dot (Anaconda, debian-installer). */
const INSTALLER_FILES = new Set(['.treeinfo', '.discinfo', '.disk'])

/** What editors leave behind: `x~`, `#x#`, `x.swp`, `x.bak`. */
const LEFTOVER = /~$|^#.*#$|\.(?:sw[op]|bak)$/i

/**
 * The same for what is sent, by HTTP and by TFTP alike: names that begin with a dot (`.git`, `.env`) and what editors leave
 * behind are never sent, but for the few that installers look for.
 */
export const servedPath = (asked: string): string | undefined => {
  const path = assetPath(asked)
  const isHidden = path
    ?.split('/')
    .some((part) => (part.startsWith('.') && !INSTALLER_FILES.has(part)) || LEFTOVER.test(part))
  return isHidden ? undefined : path
}
