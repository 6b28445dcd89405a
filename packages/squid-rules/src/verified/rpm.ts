import { isSafePath, type Dropped, type IndexEntry } from './deb.ts'

const unescapeXml = (text: string): string =>
  text.replaceAll(/&(?:#(\d+)|#x([0-9A-Fa-f]+)|(lt|gt|amp|quot|apos));/g, (_, decimal, hex, name) =>
    name === undefined
      ? String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(decimal ?? hex, decimal ? 10 : 16)))
      : { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }[String(name)]!,
  )

const attribute = (tag: string, name: string): string | undefined => {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag)
  return found ? unescapeXml(found[1] ?? found[2] ?? '') : undefined
}

/** One file that repomd.xml names. */
export interface RepomdFile {
  readonly type: string
  readonly path: string
  readonly sha256: string
  readonly bytes: number | undefined
  readonly openBytes: number | undefined
}

/** What repomd.xml says. */
export interface Repomd {
  /** Seconds since 1970, the newest of its files: it has no date of its own. */
  readonly timeMs: number
  readonly files: readonly RepomdFile[]
}

export const parseRepomd = (text: string): Repomd | undefined => {
  const files: RepomdFile[] = []
  let timeMs = 0
  for (const [, type = '', body = ''] of text.matchAll(
    /<data\s+type="([^"]{1,64})"\s*>([\s\S]{0,4096}?)<\/data>/g,
  )) {
    const sha256 = /<checksum\s+type="sha256"\s*>\s*([0-9a-f]{64})\s*</.exec(body)?.[1]
    const location = /<location\b[^>]*>/.exec(body)?.[0] ?? ''
    const path = attribute(location, 'href')
    const number = (name: string): number | undefined => {
      const found = new RegExp(`<${name}>\\s*(\\d{1,15})(?:\\.\\d+)?\\s*<`).exec(body)?.[1]
      return found === undefined ? undefined : Number(found)
    }
    timeMs = Math.max(timeMs, (number('timestamp') ?? 0) * 1000)
    if (sha256 !== undefined && path !== undefined && isSafePath(path))
      files.push({ type, path, sha256, bytes: number('size'), openBytes: number('open-size') })
  }
  return files.length > 0 ? { timeMs, files } : undefined
}

/** A package is a few kilobytes; one that is larger is not read. */
const MAX_PACKAGE_CHARS = 4 * 1024 * 1024

/** Takes primary.xml piece by piece. */
export const createPrimaryReader = (
  take: (entry: IndexEntry) => void,
  drop: (why: Dropped, what: string) => void,
): { readonly push: (text: string) => void } => {
  let carry = ''
  const packageOf = (text: string): void => {
    const location = /<location\b[^>]*>/.exec(text)?.[0] ?? ''
    const path = attribute(location, 'href')
    const size = /<size\b[^>]*>/.exec(text)?.[0] ?? ''
    const bytes = attribute(size, 'package')
    const sha256 = /<checksum\b[^>]*\btype="sha256"[^>]*>\s*([0-9a-f]{64})\s*<\/checksum>/.exec(
      text,
    )?.[1]
    if (path === undefined) return drop('incomplete', text.slice(0, 80))
    if (attribute(location, 'xml:base') !== undefined) return drop('elsewhere', path)
    if (!isSafePath(path)) return drop('escapes', path)
    if (sha256 === undefined || bytes === undefined || !/^\d{1,15}$/.test(bytes))
      return drop('incomplete', path)
    take({ path, bytes: Number(bytes), sha256 })
  }
  return {
    push(text) {
      carry += text
      for (;;) {
        const start = carry.indexOf('<package ')
        const end = start < 0 ? -1 : carry.indexOf('</package>', start)
        if (end < 0) {
          if (start > 0) carry = carry.slice(start)
          else if (start < 0) carry = carry.slice(-16)
          if (carry.length > MAX_PACKAGE_CHARS) carry = ''
          return
        }
        packageOf(carry.slice(start, end))
        carry = carry.slice(end + '</package>'.length)
      }
    },
  }
}
