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
