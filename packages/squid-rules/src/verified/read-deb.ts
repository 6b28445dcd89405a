import { parseRelease, createPackagesReader, type IndexEntry, type Release } from './deb.ts'
import { MAX_INDEX_BYTES, type Fetch } from './fetch.ts'
import { verifySignature } from './gpgv.ts'
import type { Say, SignedSource } from './source.ts'
import { sha256Of, unpack } from './unpack.ts'

/** What an archive's Release file says, once it is known to be its own. */
export interface SignedRelease extends Release {
  readonly fingerprint: string
}

const RELEASE_BYTES = 4 * 1024 * 1024

/** Fetches and verifies the list of a suite: InRelease, or Release with its detached signature. */
export const readRelease = async (
  root: string,
  suite: string,
  source: SignedSource,
  fetch: Fetch,
  say: Say,
): Promise<SignedRelease | undefined> => {
  const at = `${root}/dists/${suite}`
  const limit = { maxBytes: RELEASE_BYTES }
  const options = source.fingerprints ? { fingerprints: source.fingerprints } : {}
  const inline = await fetch(`${at}/InRelease`, limit)
  let verdict
  if (inline.status === 200) verdict = verifySignature(inline.bytes, source.keyring!, options)
  else {
    const release = await fetch(`${at}/Release`, limit)
    const detached = await fetch(`${at}/Release.gpg`, limit)
    if (release.status !== 200 || detached.status !== 200) {
      say('not-verified', `${at}: there is no InRelease and no signed Release`)
      return undefined
    }
    verdict = verifySignature(release.bytes, source.keyring!, {
      ...options,
      detached: detached.bytes,
    })
  }
  if (!verdict.ok) {
    say('not-verified', `${at}: ${verdict.why}`)
    return undefined
  }
  const release = parseRelease(verdict.text)
  if (!release) {
    say('not-verified', `${at}: its list has no date or no SHA-256`)
    return undefined
  }
  return { ...release, fingerprint: verdict.fingerprint }
}

const ENDS = ['.xz', '.gz', '.zst', '.bz2', ''] as const

/** The lists of packages that a Release names, each by the smallest form that can be unpacked. */
const indexesOf = (
  release: Release,
  { components, architectures }: SignedSource,
): { readonly path: string; readonly openBytes: number | undefined }[] => {
  const plain = new Set<string>()
  for (const path of release.files.keys()) {
    const match =
      /^(.+)\/(?:debian-installer\/)?(?:binary-([a-z0-9-]+))\/Packages(?:\.[a-z0-9]+)?$/.exec(path)
    if (!match) continue
    const [, component = '', architecture = ''] = match
    if (components && !components.includes(component.replace(/\/debian-installer$/, ''))) continue
    if (architectures && !['all', ...architectures].includes(architecture)) continue
    plain.add(path.replace(/\.[a-z0-9]+$/, ''))
  }
  return [...plain].map((path) => ({
    path: `${path}${ENDS.find((end) => release.files.has(path + end)) ?? ''}`,
    openBytes: release.files.get(path)?.bytes,
  }))
}

/**
 * Reads all lists of packages of a suite.
 * @returns false when one could not be read: the suite is then not replaced
 */
export const readSuite = async (
  root: string,
  suite: string,
  release: Release,
  source: SignedSource,
  fetch: Fetch,
  say: Say,
  take: (entry: IndexEntry) => void,
): Promise<boolean> => {
  const at = `${root}/dists/${suite}`
  for (const { path, openBytes } of indexesOf(release, source)) {
    const { bytes, sha256 } = release.files.get(path)!
    if (bytes > MAX_INDEX_BYTES) {
      say('not-verified', `${at}/${path}: ${bytes} bytes are more than ${MAX_INDEX_BYTES}`)
      return false
    }
    const folder = path.slice(0, path.lastIndexOf('/'))
    // By hash first: while a mirror is being brought up to date, a plain name may hold another generation.
    const names = [...(release.byHash ? [`${folder}/by-hash/SHA256/${sha256}`] : []), path]
    let found: Buffer | undefined
    for (const name of names) {
      const answer = await fetch(`${at}/${name}`, { maxBytes: bytes + 1 })
      if (answer.status !== 200 || answer.bytes.length !== bytes) continue
      if (sha256Of(answer.bytes) !== sha256) continue
      found = answer.bytes
      break
    }
    if (!found) {
      // A suite may list what no mirror serves; a list of no packages at all is such a one.
      say('missing', `${at}/${path}: not there with the hash that the signed list names`)
      return false
    }
    const reader = createPackagesReader(take, (why, what) =>
      say('dropped', `${at}: ${why}: ${what}`),
    )
    const failed = await unpack(path, found, openBytes, reader.push)
    if (failed !== undefined) {
      say('not-verified', `${at}/${path}: ${failed}`)
      return false
    }
    reader.end()
  }
  return true
}
