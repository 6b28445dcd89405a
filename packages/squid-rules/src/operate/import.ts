import { CATALOGUE } from '../catalogue/index.ts'
import { mirrorText, parseMirror } from '../engine/mirror.ts'
import { SquidRulesError } from '../errors.ts'
import { parseStoreIdDb } from '../storeid-db/parse.ts'
import { placesOfRoot } from './layout.ts'

/** Mirrors found in somebody's file, and what could not be used. */
export interface Imported {
  /** Mirrors as `host/prefix`, by the name that the file gives them. */
  readonly mirrors: Readonly<Record<string, readonly string[]>>
  readonly unused: readonly { readonly line: number; readonly text: string; readonly why: string }[]
}

type Unused = Imported['unused'][number]

const mirrorOf = (text: string): string | undefined => {
  try {
    return mirrorText(parseMirror(text))
  } catch (error) {
    if (error instanceof SquidRulesError) return undefined
    throw error
  }
}

/** Which repository a mirror list is for, by its file name: `deb_mirrors.gz`, `rocky-mirrorlist`, `archlx_mirrors`. */
export const repositoryOfList = (file: string): string | undefined => {
  const name = file.replace(/^.*\//, '').toLowerCase()
  const words = name.split(/[^a-z0-9]+/)
  const short: Readonly<Record<string, string>> = { deb: 'debian', archlx: 'arch' }
  const word = words.map((each) => short[each] ?? each)
  return CATALOGUE.filter(
    (each) => word.includes(each.name) || each.knownAs?.some((known) => name.startsWith(known)),
  ).toSorted((a, b) => b.name.length - a.name.length)[0]?.name
}

/** What package managers put in for the machine: any value of the right shape finds the prefix. */
const VARIABLES: readonly (readonly [RegExp, string])[] = [
  [/\$(?:\{releasever\}|releasever)/g, '9'],
  [/\$(?:\{basearch\}|basearch|\{arch\}|arch|ARCH)/g, 'x86_64'],
  [/\$(?:\{stream\}|stream)/g, '9-stream'],
  [/\$(?:\{repo\}|repo)/g, 'core'],
  [/\$(?:\{contentdir\}|contentdir)/g, 'pub/centos'],
  [/\$infra/g, 'stock'],
]

/** What a URL of a mirror list ends in beside the repository itself. */
const TAIL = /\/(?:repodata\/repomd\.xml|dists\/[^\s]*|InRelease|Release)?\/*$/

const urlsIn = (line: string): string[] =>
  [...line.matchAll(/\bhttps?:\/\/[^\s"'<>,;|)\]}]+/g)].map(([url]) => url)

/** Whether the line is a comment: of a shell-like file, or a switched-off row. */
const isComment = (line: string): boolean => /^\s*(?:#|\/\/|;|--)/.test(line)

/**
 * Reads the mirrors out of any text that names them: a dnf mirror list or `.repo` file, metalink XML, `mirrorlist` of
 * pacman, `sources.list` and apt's mirror files, lists of apt-cacher-ng, a distribution's own list in YAML or JSON.
 * The prefix is found by the layout behind it. `only` says which repository, where the text does not.
 */
export const importMirrorList = (text: string, only?: string): Imported => {
  const mirrors: Record<string, Set<string>> = {}
  const unused: Unused[] = []
  text.split(/\r?\n/).forEach((each, i) => {
    if (isComment(each) || each.trim() === '') return
    // `http://HTTPS///host/` is how apt-cacher-ng writes a mirror that it fetches by https.
    const line = VARIABLES.reduce(
      (all, [pattern, value]) => all.replaceAll(pattern, value),
      each.replaceAll('http://HTTPS///', 'https://').replaceAll('&amp;', '&'),
    )
    const urls = urlsIn(line)
    if (urls.length === 0 && !/^\s*(?:<|\[|\{|\}|\]|[\w"-]+\s*[:=]|---|deb-src|!)/.test(line))
      unused.push({ line: i + 1, text: each.trim(), why: 'is not a mirror' })
    for (const url of urls) {
      if (url.includes('?') || /xmlns|metalinker\.org|w3\.org/.test(url)) continue
      const places = placesOfRoot(url.replace(TAIL, '/'), only)
      const names = [...new Set(places.map(({ repository }) => repository))]
      const [place] = places
      if (place === undefined)
        unused.push({ line: i + 1, text: url, why: 'has the layout of no known repository' })
      else if (names.length > 1)
        unused.push({
          line: i + 1,
          text: url,
          why: `could be ${names.join(' or ')}; say --repository NAME`,
        })
      else if (mirrorOf(place.mirror) === undefined)
        unused.push({ line: i + 1, text: url, why: 'is not a mirror' })
      else (mirrors[place.repository] ??= new Set()).add(mirrorOf(place.mirror)!)
    }
  })
  return {
    mirrors: Object.fromEntries(Object.entries(mirrors).map(([name, all]) => [name, [...all]])),
    unused,
  }
}

/** `^http:\/\/host\/prefix\/(.*)`: the only kind of rule that says no more than where a mirror is. */
const PLAIN_RULE =
  /^\^https?\??:(?:\\?\/){2}([A-Za-z0-9\\.-]+?)((?:\\?\/[A-Za-z0-9\\._~-]+)*)\\?\/(?:\(\.[*+]\??\)|\.[*+])/

/** Reads the mirrors out of an existing `storeid.db`, grouped by the first label of their key. */
export const importStoreIdDb = (text: string): Imported => {
  const mirrors: Record<string, string[]> = {}
  const { rows, skipped } = parseStoreIdDb(text)
  const unused: Unused[] = skipped
    .filter(({ complains }) => complains)
    .map(({ line, text: each }) => ({ line, text: each, why: 'the stock helper does not read it' }))
  for (const { line, regex, replacement } of rows) {
    const match = PLAIN_RULE.exec(regex)
    const name = /^https?:\/\/([a-z0-9-]+)\./.exec(replacement)?.[1]
    const mirror = match ? mirrorOf(`${match[1]}${match[2]}`.replaceAll('\\', '')) : undefined
    if (!match || name === undefined || mirror === undefined) {
      unused.push({ line, text: regex, why: 'says more than where a mirror is; see lint' })
    } else (mirrors[name] ??= []).push(mirror)
  }
  return { mirrors, unused: unused.toSorted((a, b) => a.line - b.line) }
}
