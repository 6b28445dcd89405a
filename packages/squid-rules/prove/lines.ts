import { corpus } from './corpus/index.ts'
import { createRandom, type Random } from './corpus/random.ts'

const EXTRAS = ['10.0.0.9/vm - GET myip=10.0.0.1 myport=3128', '-', '10.0.0.9/- - PURGE', '']

/** What people and attackers do to a URL. */
const CHANGES: readonly ((url: string, random: Random) => string)[] = [
  (url) => `${url}?x=1`,
  (url) => `${url}#part`,
  (url) => `${url}.sig`,
  (url) => `${url}/`,
  (url) => url.replace('://', '://user@'),
  (url) => url.replace(/^(https?:\/\/[^/]+)/, '$1:8080'),
  (url) => url.replace(/\/([^/]*)$/, '/../$1'),
  (url) => url.replace(/\/([^/]*)$/, '//$1'),
  (url) => url.replace(/\/([^/]*)$/, '/.$1'),
  (url) => url.replace(/\/([^/]*)$/, '/%2e%2e/$1'),
  (url) => url.replace(/\/([^/]*)$/, '%2f$1'),
  (url) => url.replace(/[-_]/, '%2B'),
  (url) => url.replace(/[-_]/, '-latest-'),
  (url) => url.replace(/[0-9]/, '$1'),
  (url) => url.toUpperCase(),
  (url) => `http://evil.example/${url}`,
  (url) => url.replace(/^https?:\/\//, 'http://mirror.'),
  (url) => url.slice(0, url.length - 3),
  (url, random) => {
    const at = random.below(url.length)
    return url.slice(0, at) + String.fromCharCode(1 + random.below(255)) + url.slice(at + 1)
  },
  (url, random) => {
    const at = random.below(url.length)
    return url.slice(0, at) + url.slice(at + 1 + random.below(4))
  },
  (url) => url.replace('.deb', '.deb\r').replace('.rpm', '.rpm\t'),
]

const noise = (random: Random): string =>
  Array.from({ length: random.below(60) }, () => String.fromCharCode(1 + random.below(255)))
    .join('')
    .replaceAll('\n', ' ')

/**
 * Helper input: real URLs, spoilt ones and noise, with and without channel-IDs and extras. No line is `quit`,
 * which ends the stock helper.
 * @yields one line without its newline
 */
export const helperLines = function* (count: number): Generator<string> {
  const random = createRandom(99)
  let made = 0
  for (const { url } of corpus(count)) {
    if (made++ >= count) return
    const kind = random.below(100)
    const text = kind < 65 ? url : kind < 97 ? random.pick(CHANGES)(url, random) : noise(random)
    const channel = random.pick(['', `${made} `, `${made}  `, '0 '])
    const extras = random.pick(EXTRAS)
    const line = `${channel}${text.replaceAll('\n', '')}${extras === '' ? '' : ` ${extras}`}`
    yield line === 'quit' ? '' : line
  }
}
