import { CATALOGUE } from '../catalogue/index.ts'
import { mirrorText, parseMirror } from '../engine/mirror.ts'
import { SquidRulesError } from '../errors.ts'
import { parseStoreIdDb } from '../storeid-db/parse.ts'

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

/** What apt-cacher-ng calls its lists, by the catalogue's name. */
const ACNG_NAMES: Readonly<Record<string, string>> = {
  deb_mirrors: 'debian',
  debian_mirrors: 'debian',
  ubuntu_mirrors: 'ubuntu',
  archlx_mirrors: 'arch',
  epel_mirrors: 'epel',
  fedora_mirrors: 'fedora',
}

/** Which repository a mirror list of apt-cacher-ng is for, by its file name. */
export const repositoryOfList = (file: string): string | undefined => {
  const name = file.replace(/^.*\//, '').replace(/\.gz$/, '')
  return ACNG_NAMES[name] ?? CATALOGUE.find((each) => name.startsWith(each.name))?.name
}

/** Reads a mirror list of apt-cacher-ng: one URL a line, `#` comments. */
export const importMirrorList = (text: string, repository: string): Imported => {
  const mirrors = new Set<string>()
  const unused: Unused[] = []
  text.split('\n').forEach((each, i) => {
    const line = each.replace(/#.*$/, '').trim()
    if (line === '') return
    // `http://HTTPS///host/` is how apt-cacher-ng writes a mirror that it fetches by https.
    const mirror = mirrorOf(line.replace(/^http:\/\/HTTPS\/\/\//, 'https://'))
    if (mirror === undefined) unused.push({ line: i + 1, text: line, why: 'is not a mirror' })
    else mirrors.add(mirror)
  })
  return { mirrors: { [repository]: [...mirrors] }, unused }
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
