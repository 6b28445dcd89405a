import { newPath, scanPath } from '../pattern/index.ts'
import { hostStart } from './engine.ts'

const path = newPath()

/** What in a path keeps it from a key, most telling first. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/\?/, 'has a query, and a query may change the answer'],
  [/#/, 'has a fragment'],
  [/%(?:00|2[ef]|5c)/i, 'hides a dot, a slash or a zero byte behind a percent escape'],
  [/%/, 'has a percent escape other than those of + : @ ^ ~'],
  [/\/\//, 'has an empty segment'],
  [/\$/, 'has a dollar sign, which the stock helper would expand'],
  [/[^\x20-\x7e]/, 'has bytes outside printable ASCII'],
]

/** Why a URL is refused before any rule is looked at; undefined for one that is fit for a key. */
export const refusalOf = (url: string): string | undefined => {
  const host = hostStart(url, 0)
  if (host < 0) return 'is not an http or https URL'
  const slash = url.indexOf('/', host)
  const authority = url.slice(host, slash < 0 ? undefined : slash)
  if (slash < 0) return 'has no path'
  if (authority.includes('@')) return 'has a user name in front of the host'
  if (/\/\.\.?(?:\/|$)/.test(url.slice(slash))) return 'has a dot segment'
  if (scanPath(path, url, slash + 1) && path.end === url.length) return undefined
  if (slash === url.length - 1 || url.endsWith('/')) return 'names a directory'
  const found = REFUSED.find(([pattern]) => pattern.test(url.slice(slash)))
  return found?.[1] ?? 'has a character that no rule allows'
}
