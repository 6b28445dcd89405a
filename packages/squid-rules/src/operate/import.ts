import { CATALOGUE } from '../catalogue/index.ts'
import { mirrorText, parseMirror } from '../engine/mirror.ts'
import { SquidRulesError } from '../errors.ts'
import { parseStoreIdDb } from '../storeid-db/parse.ts'
import { isMasterlist, masterlistEntries } from './debian-masterlist.ts'
import { placesOfFile, placesOfRoot, type FoundPlace } from './layout.ts'
import { columnsOf, isMirrorRole } from './url-role.ts'

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
const TAIL = /\/(?:repodata\/repomd\.xml|dists\/[^\s]*|InRelease|Release|README[^/]*)?\/*$/

const urlsIn = (line: string, columns?: readonly string[]): string[] =>
  [...line.matchAll(/\bhttps?:\/\/[^\s"'<>,;|)\]}]+/g)]
    .filter(({ index }) => isMirrorRole(line, index, columns))
    .map(([url]) => url)

/** A line without a URL that says nothing of mirrors in any of the formats: fields, tags, brackets, what is indented. */
const SAYS_NOTHING = /^\s|^(?:<|\[|\{|\}|\]|- |[\w"-]+\s*[:=]|---|deb(?:-src)?\s|!)/

/** The repository of a line of pacman's: distributions have pacman's variables in orders of their own. */
const pacmanRepository = (line: string): string | undefined => {
  const behind = /^\s*(?:Cache)?Server\s*=\s*[^\s$]+\/(\$\S+?)\/*\s*$/.exec(line)?.[1]
  return behind === undefined
    ? undefined
    : CATALOGUE.find(({ pacmanServer }) => pacmanServer === behind)?.name
}

/** A mirror list names roots; the metalink of one file (RFC 5854) names that file. */
const placesAt = (url: string, only?: string): readonly FoundPlace[] => {
  const file = placesOfFile(url).filter(
    ({ repository }) => only === undefined || repository === only,
  )
  return file.length > 0 ? file : placesOfRoot(url.replace(TAIL, '/'), only)
}

/** The name of a file decides only what the URL leaves open: a list called after Debian may hold Ubuntu's mirrors too. */
const placesGuessed = (url: string, guess: string): readonly FoundPlace[] => {
  const all = placesAt(url)
  const same = all.filter(({ repository }) => repository === guess)
  if (same.length > 0) return same
  return all.length > 0 ? all : placesAt(url, guess)
}

/** Whether the line is a comment: of a shell-like file, or a switched-off row. */
const isComment = (line: string): boolean => /^\s*(?:#|\/\/|;|--)/.test(line)

/**
 * Reads the mirrors out of any text that names them: a dnf mirror list or `.repo` file, metalink XML, `mirrorlist` of
 * pacman, `sources.list` and apt's mirror files, lists of apt-cacher-ng, Debian's `Mirrors.masterlist`, a distribution's own
 * list in YAML, JSON, XML or CSV.
 * The prefix is found by the layout behind it. `only` says which repository, whatever the text
 * says; `guess` where the text does not say.
 */
export const importMirrorList = (text: string, only?: string, guess?: string): Imported => {
  const mirrors: Record<string, Set<string>> = {}
  const unused: Unused[] = []
  const take = (line: number, url: string, asked?: string): void => {
    const places =
      asked === undefined && guess !== undefined ? placesGuessed(url, guess) : placesAt(url, asked)
    const names = [...new Set(places.map(({ repository }) => repository))]
    const [place] = places
    const mirror = place && mirrorOf(place.mirror)
    if (place === undefined)
      unused.push({ line, text: url, why: 'has the layout of no known repository' })
    else if (names.length > 1)
      unused.push({
        line,
        text: url,
        why: `could be ${names.join(' or ')}; say --repository NAME`,
      })
    else if (mirror === undefined) unused.push({ line, text: url, why: 'is not a mirror' })
    else (mirrors[place.repository] ??= new Set()).add(mirror)
  }
  const done = (): Imported => ({
    mirrors: Object.fromEntries(Object.entries(mirrors).map(([name, all]) => [name, [...all]])),
    unused,
  })
  if (isMasterlist(text)) {
    for (const { line, url, repository } of masterlistEntries(text))
      if (only === undefined || only === repository) take(line, url, repository)
    return done()
  }
  let columns: readonly string[] | undefined
  text.split(/\r?\n/).forEach((each, i) => {
    columns ??= columnsOf(each)
    if (isComment(each) || each.trim() === '') return
    // `http://HTTPS///host/` is how apt-cacher-ng writes a mirror that it fetches by https.
    const line = VARIABLES.reduce(
      (all, [pattern, value]) => all.replaceAll(pattern, value),
      each.replaceAll('http://HTTPS///', 'https://').replaceAll('&amp;', '&'),
    )
    const urls = urlsIn(line, columns)
    if (urls.length === 0 && !SAYS_NOTHING.test(line) && columnsOf(line) === undefined)
      unused.push({ line: i + 1, text: each.trim(), why: 'is not a mirror' })
    const asked = only ?? pacmanRepository(each)
    for (const url of urls.filter((one) => !one.includes('?'))) take(i + 1, url, asked)
  })
  return done()
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
