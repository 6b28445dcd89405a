import type { Pair } from './corpus/index.ts'

/** How well and how safely keys share. */
export interface Sharing {
  readonly pairs: number
  /** Pairs whose key is also the key of other bytes. */
  readonly wrongHits: number
  /** The first few wrong hits, for a person. */
  readonly examples: readonly string[]
  /** Bytes that need not be fetched again, as the same bytes came under another URL of a file that never changes. */
  readonly shareableBytes: number
  readonly sharedBytes: number
}

const unescape = (key: string): string =>
  key.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )

/** Archive, signing state and whether it is a signature: one example of each is enough. */
const kindOf = (hash: string): string =>
  `${hash.split(' ').slice(0, 2).join(' ')}${hash.endsWith(' sig') ? ' sig' : ''}`

/** Judges keys; `keyOf` answers undefined where the URL stays its own key, as Squid does. */
export const judge = (
  pairs: Iterable<Pair>,
  keyOf: (url: string) => string | undefined,
): Sharing => {
  const hashOfKey = new Map<string, string>()
  const sharers = new Map<string, { size: number; urls: number; keys: Set<string> }>()
  const examples: string[] = []
  const kinds = new Set<string>()
  let count = 0
  let wrongHits = 0
  for (const { url, hash, size, moves } of pairs) {
    count++
    const answered = keyOf(url)
    // Squid undoes escapes in an answer, not in a URL.
    const key = answered === undefined ? url : unescape(answered)
    const before = hashOfKey.get(key)
    if (before === undefined) hashOfKey.set(key, hash)
    else if (before !== hash) {
      wrongHits++
      const pair = `${kindOf(hash)} / ${kindOf(before)}`
      if (!kinds.has(pair) && kinds.size < 8) examples.push(`${url} -> ${key}: ${hash} / ${before}`)
      kinds.add(pair)
    }
    if (moves) continue
    const sharer = sharers.get(hash)
    if (sharer) {
      sharer.urls++
      sharer.keys.add(key)
    } else sharers.set(hash, { size, urls: 1, keys: new Set([key]) })
  }
  let shareableBytes = 0
  let sharedBytes = 0
  for (const { size, urls, keys } of sharers.values()) {
    shareableBytes += (urls - 1) * size
    sharedBytes += (urls - keys.size) * size
  }
  return { pairs: count, wrongHits, examples, shareableBytes, sharedBytes }
}

const ONE_LINER = /\/([0-9.-]+)\/([a-z]+)\/(x86_64|i386)\/(.*\.d?rpm)/

/** The rule that is copied from page to page: the control of every run. */
export const oneLiner = (url: string): string | undefined => {
  const match = ONE_LINER.exec(url)
  return match ? `http://rpmcache.squid.internal/${match.slice(1).join('/')}` : undefined
}
